"""PagerDuty, through the Events API v2. https://developer.pagerduty.com/docs/send-alert-event"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resh.clock import iso
from resh.notify.base import Field, Message, Values, address, cut

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_SUMMARY = 1024
_ADDRESS = "https://events.pagerduty.com/v2/enqueue"
_UNKNOWN = "unknown"


class PagerDuty:
    name = "pagerduty"
    description = "a service of PagerDuty"
    fields = (
        Field("routing_key", "integration key of the service", secret=True, connection=True),
        Field("webhook_url", "address of the Events API", _ADDRESS, connection=True, check=address),
        Field("source", "what is affected", "resh"),
        Field("component", "which part of it", "resh"),
        Field("dedup_key", "events with the same key are one alert", optional=True),
        Field("event_action", "what happens to the alert", "trigger", choices=("trigger", "acknowledge", "resolve")),
        Field("group", "to which group of things it belongs", optional=True),
        Field("class", "what sort of event it is", optional=True),
        Field("client", "what it comes from", "resh"),
        Field("client_url", "an address that leads there", optional=True),
    )

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        event = {
            "routing_key": values["routing_key"],
            "event_action": values["event_action"],
            "client": values["client"],
            "payload": {
                "summary": cut(message.title, _SUMMARY),
                "severity": message.severity,
                "source": values["source"],
                "component": values["component"],
                "timestamp": iso(message.at),
                **{name: values[name] for name in ("group", "class") if values[name]},
                "custom_details": _details(message),
            },
            **{name: values[name] for name in ("dedup_key", "client_url") if values[name]},
        }
        courier.post(values["webhook_url"], event)


def _details(message: Message) -> dict[str, Any]:
    """The items by cloud, account and region."""
    found: dict[str, Any] = {}
    for item in message.items:
        level = found
        for name in item.place:
            level = level.setdefault(name or _UNKNOWN, {})
        level.setdefault("resources" if item.place else "rows", []).append(item.text)
    more = {"more": message.more} if message.more else {}
    return {**({"message": message.text} if message.text else {}), "total": message.total, **more, **found}
