"""A web that takes every request and sends none: for examples and trials.

app.__dict__["web"] = DummyWeb()
"""

from __future__ import annotations

from typing import Any

from resh.cancel import Cancel
from resh.web.addresses import Addresses
from resh.web.request import Answer, Request


class DummyWeb:
    """In the place of `resh.web.client.Web`; it is its own client."""

    addresses = Addresses(resolve=lambda host, port: [])

    def client(self, cancel: Cancel, **options: Any) -> DummyWeb:
        return self

    def __enter__(self) -> DummyWeb:
        return self

    def __exit__(self, *exc: object) -> None: ...

    def send(self, request: Request) -> Answer:
        return Answer(200, (), b"")
