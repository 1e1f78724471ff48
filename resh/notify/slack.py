"""Slack, through an incoming webhook. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resh.notify.base import Field, Message, Values, cut

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_HEADER, _SECTION = 150, 3000
"""What a block takes, in letters."""


class Slack:
    name = "slack"
    description = "a channel of Slack"
    fields = (Field("webhook", "address of the incoming webhook", secret=True, connection=True),)

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        courier.post(values["webhook"], {"text": cut(_escaped(message.title), _SECTION), "blocks": list(_blocks(message))})


def _blocks(message: Message) -> list[dict[str, Any]]:
    texts = [cut(_escaped(message.text), _SECTION), "\n".join(message.lines("• ", _SECTION, _escaped))]
    return [
        {"type": "header", "text": {"type": "plain_text", "text": cut(message.title, _HEADER)}},
        *({"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in texts if text),
    ]


def _escaped(text: str) -> str:
    """What would be a mention or a link otherwise."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
