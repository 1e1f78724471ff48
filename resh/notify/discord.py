"""Discord, through a webhook of a channel. https://discord.com/developers/docs/resources/webhook#execute-webhook"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.notify.base import Field, Message, Values, cut

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_COLOURS = {"info": 0x3498DB, "warning": 0xF1C40F, "error": 0xE67E22, "critical": 0xE74C3C}
_TITLE, _DESCRIPTION = 256, 4000


class Discord:
    name = "discord"
    description = "a channel of Discord"
    fields = (Field("webhook", "address of the webhook", secret=True, connection=True),)

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        embed = {
            "title": cut(message.title, _TITLE),
            "description": message.plain(_DESCRIPTION),
            "color": _COLOURS[message.severity],
        }
        courier.post(values["webhook"], {"embeds": [embed], "allowed_mentions": {"parse": []}})
