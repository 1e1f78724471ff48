from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.notify.base import Item, Message
from resh.notify.courier import Courier
from resh.web.addresses import Addresses
from resh.web.client import Client
from tests.certificates import certificate as certificate
from tests.certificates import trusted as trusted
from tests.mail_server import mail_server as mail_server
from tests.web_server import server as server

Carry = Callable[..., Courier]

MESSAGE = Message(
    "Old volumes",
    "Somebody should look <here> & there.",
    "warning",
    (
        Item("aws_ec2_volume data (vol-1) in demo eu-west-1", ("aws", "demo", "eu-west-1"), {"kind": "aws_ec2_volume", "id": "vol-1"}),
        Item("aws_ec2_volume vol-2 in demo us-east-1", ("aws", "demo", "us-east-1"), {"kind": "aws_ec2_volume", "id": "vol-2"}),
    ),
    12,
    1_700_000_000.0,
)


@pytest.fixture
def carry() -> Iterator[Carry]:
    """Makes couriers that do not wait."""
    clients: list[Client] = []

    def make(cancel: Cancel | None = None, within: float = 10.0, **more: Any) -> Courier:
        flag = Cancel() if cancel is None else cancel
        client = Client(Addresses(), flag, within=within, retries=more.get("retries", 3), wait=lambda seconds: None)
        clients.append(client)
        return Courier(client, Addresses(), flag, within=within, **more)

    yield make
    for client in clients:
        client.__exit__(None, None, None)
