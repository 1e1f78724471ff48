"""Prometheus Alertmanager: one alert, which tells how many rows there are. https://prometheus.io/docs/alerting/latest/clients"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.clock import iso
from resh.durations import parse_duration
from resh.notify.base import Field, Message, Values, address
from resh.web.request import basic

if TYPE_CHECKING:
    from resh.notify.courier import Courier

_PATH = "/api/v2/alerts"


class Alertmanager:
    name = "alertmanager"
    description = "a Prometheus Alertmanager"
    fields = (
        Field("alertmanager_url", "its address, such as http://localhost:9093", connection=True, check=address),
        Field("username", "for basic authentication", optional=True, connection=True),
        Field("password", "for basic authentication", optional=True, secret=True, connection=True),
        Field("duration", "how long the alert stands unless it is sent again", "3h", check=parse_duration),
    )

    def deliver(self, message: Message, values: Values, courier: Courier) -> None:
        url = values["alertmanager_url"].rstrip("/")
        headers = (basic(f"{values['username']}:{values['password']}"),) if values["username"] else ()
        alert = {
            "labels": {"alertname": message.title, "severity": message.severity, "source": "resh"},
            "annotations": {"summary": message.title, "description": message.plain(), "count": str(message.total)},
            "startsAt": iso(message.at),
            "endsAt": iso(message.at + parse_duration(values["duration"])),
        }
        courier.post(url if url.endswith(_PATH) else url + _PATH, [alert], headers)
