"""Microsoft Teams, through the webhook of a workflow, which takes adaptive cards.
https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resh.notify.base import Field, Message, Values, cut

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_COLOURS = {"info": "Default", "warning": "Warning", "error": "Attention", "critical": "Attention"}
_LONGEST = 20_000
"""A card may have 28 KB, most of which is text."""


class Teams:
    name = "teams"
    description = "a channel or chat of Microsoft Teams"
    fields = (Field("webhook", "address of the workflow's webhook", secret=True, connection=True),)

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": _body(message),
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
        courier.post(values["webhook"], {"type": "message", "attachments": [attachment]})


def _body(message: Message) -> list[dict[str, Any]]:
    title = {"type": "TextBlock", "text": cut(message.title, 500), "weight": "Bolder", "size": "Medium", "wrap": True}
    texts = (cut(message.text, _LONGEST // 2), "\n".join(message.lines(most=_LONGEST // 2)))
    blocks = [{"type": "TextBlock", "text": text, "wrap": True} for text in texts if text]
    return [{**title, "color": _COLOURS[message.severity]}, *blocks]
