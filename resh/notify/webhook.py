"""Any server that takes JSON: the message with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.clock import iso
from resh.notify.base import Field, Message, Values, address

if TYPE_CHECKING:
    from resh.notify.courier import Courier


class Webhook:
    name = "webhook"
    description = "any server that takes JSON"
    fields = (
        Field("url", "its address; one that is a secret itself is given as a reference", connection=True, check=address),
        Field("token", "what to send as Authorization: Bearer", optional=True, secret=True, connection=True),
    )

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        headers = (("Authorization", f"Bearer {values['token']}"),) if values["token"] else ()
        body = {
            "source": "resh",
            "at": iso(message.at),
            "severity": message.severity,
            "title": message.title,
            "text": message.text,
            "total": message.total,
            "items": [{**item.data, "text": item.text} for item in message.items],
        }
        courier.post(values["url"], body, headers)
