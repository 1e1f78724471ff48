"""Carries what a notifier makes of a message: over HTTP, or in whatever way the notifier repeats itself, within one time-out.

    courier.post("https://hooks.example.org/…", {"text": "…"})      raises SendFailed for any answer but 2xx

Errors say where something went and what came back, with secrets taken out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from resh.cancel import Cancel
from resh.errors import SendFailed, UsageError
from resh.text import one_line
from resh.web.addresses import Addresses
from resh.web.client import Client
from resh.web.request import Answer, Headers, Request, parse_url

_TOLD = 200
_BACKOFF = 0.5
_SHORT = 3
"""What is no longer is no secret: it would be taken out of ordinary words."""
_LONG = 16
"""A word of an address that is this long may be its secret."""


class Courier:
    """`within` (seconds) is for everything that it does; `retries` for each request. `secrets` are texts that no error may hold."""

    def __init__(
        self, client: Client, addresses: Addresses, cancel: Cancel, *, within: float, retries: int = 3, secrets: Iterable[str] = ()
    ) -> None:
        self.addresses = addresses
        self.cancel = cancel
        self._client = client
        self._retries = retries
        self._until = time.monotonic() + within
        self._secrets = _pieces(secrets)

    @property
    def left(self) -> float:
        """Seconds of the time-out."""
        return max(0.001, self._until - time.monotonic())

    def post(self, url: str, body: Any, headers: Headers = ()) -> Answer:
        """Post it as JSON. `headers` go to this address only, and no error holds them."""
        import orjson

        self._secrets = _pieces((*self._secrets, *(value.rpartition(" ")[2] for _, value in headers)))

        request = Request(
            "POST", parse_url(url, "https"), (("Content-Type", "application/json"),), orjson.dumps(body, default=str), headers
        )
        answer = self._client.send(request)
        if not answer.ok:
            raise SendFailed(f"{request.url.origin} answers {answer.status}{self._said(answer.body)}")
        return answer

    def repeatedly(self, attempt: Callable[[], None]) -> None:
        """Try it until it works or nothing speaks for another attempt."""
        for number in range(self._retries + 1):
            try:
                attempt()
                return
            except SendFailed as error:
                pause = _BACKOFF * 2.0**number
                if not error.again or number == self._retries or pause >= self.left:
                    raise type(error)(self.clean(error.message), error.hint) from None
            self.cancel.wait(pause)
            self.cancel.check()

    def _said(self, body: bytes) -> str:
        text = one_line(self.clean(body[: 10 * _TOLD].decode(errors="replace"))).strip()
        return f": {text[:_TOLD]}{'…' * (len(text) > _TOLD)}" if text else ""

    def clean(self, text: str) -> str:
        """The text without the secrets, and without what makes an address one."""
        for secret in self._secrets:
            text = text.replace(secret, "(hidden)")
        return text


def _pieces(secrets: Iterable[str]) -> tuple[str, ...]:
    """Longest first, with the paths of those that are addresses and the long words of these: servers like to say what they were asked."""
    found: set[str] = set()
    for secret in secrets:
        target = _target(secret)
        path = target.partition("?")[0]
        words = (word for word in re.split(r"[/?&=]", target) if len(word) >= _LONG)
        found |= {secret, target, path, unquote(target), unquote(path), *words}
    return tuple(sorted((piece for piece in found if len(piece) > _SHORT), key=lambda piece: (-len(piece), piece)))


def _target(secret: str) -> str:
    try:
        return parse_url(secret, "https").target
    except UsageError:
        return ""
