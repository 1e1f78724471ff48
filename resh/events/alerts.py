"""What alerts tell, as events."""

from __future__ import annotations

from typing import Annotated

from resh.events.event import WARNING, Event


class AlertFired(Event):
    """A metric is where an alert says that it must not be."""

    type: str = "alert_fired"
    severity: str = WARNING
    alert: Annotated[str, "its name"] = ""
    group: Annotated[str, "such as account=demo; empty for the total"] = ""
    value: Annotated[float, "what the metric is"] = 0.0
    limit: Annotated[float, "what it is held against"] = 0.0
    repeated: Annotated[bool, "whether it was told before"] = False

    def line(self) -> str:
        return f"{self.alert}{self.group and f' {self.group}'}: {self.value:g} against {self.limit:g}{' still' if self.repeated else ''}"


class AlertResolved(Event):
    """It is so no more."""

    type: str = "alert_resolved"
    alert: Annotated[str, "its name"] = ""
    group: Annotated[str, "such as account=demo; empty for the total"] = ""

    def line(self) -> str:
        return f"{self.alert}{self.group and f' {self.group}'}: over"
