"""Looks at all alerts after metrics were generated: what begins, goes on and ends is told once, as an event and to a target.

problems = Watch(tables.alerts, series, tell).look(now, emit)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resh.errors import ReshError
from resh.events.alerts import AlertFired, AlertResolved
from resh.events.event import Event
from resh.metrics.condition import Reading, parse
from resh.metrics.timeseries import TimeSeries
from resh.state.alerts import Alert, Alerts

Tell = Callable[[str, Event], None]
"""Sends what an event says to a target. Raises ReshError."""


@dataclass(frozen=True, slots=True)
class Watch:
    alerts: Alerts
    series: TimeSeries
    tell: Tell

    def look(self, now: float, emit: Callable[[Event], None]) -> tuple[str, ...]:
        """What went wrong. An alert that is muted is looked at when it is no more, and then tells what is true then."""
        problems = []
        for alert in self.alerts.stored().values():
            if alert.muted <= now:
                try:
                    self._look(alert, now, emit)
                except ReshError as error:
                    problems.append(f"alert {alert.name}: {error.message}")
        return tuple(problems)

    def _look(self, alert: Alert, now: float, emit: Callable[[Event], None]) -> None:
        holding = {group(reading): reading for reading in parse(alert.condition).readings(self.series, now) if reading.holds}
        due = {key for key in holding if now - alert.firing.get(key, 0.0) >= alert.repeat or key not in alert.firing}
        news: list[AlertFired | AlertResolved] = [_fired(alert, key, holding[key]) for key in sorted(due)]
        news += [AlertResolved(alert=alert.name, group=key) for key in sorted(alert.firing.keys() - holding.keys())]
        late = sorted(set(alert.untold) - {event.group for event in news})
        if not news and not late:
            return
        # stored first: a process that is killed in between may tell too little once, never the same again and again
        firing = {key: now if key in due else alert.firing[key] for key in holding}
        self.alerts.change(alert.name, firing=firing, untold=[])
        for event in news:
            emit(event)
        if alert.notify:
            over = (AlertResolved(alert=alert.name, group=key) for key in late if key not in holding)
            self._tell(alert, [*(_fired(alert, key, holding[key]) for key in late if key in holding), *over, *news])

    def _tell(self, alert: Alert, events: Sequence[AlertFired | AlertResolved]) -> None:
        """What the target does not take now it is told when metrics are generated again, if it is true then."""
        for number, event in enumerate(events):
            try:
                self.tell(alert.notify, event)
            except ReshError:
                self.alerts.change(alert.name, untold=[left.group for left in events[number:]])
                raise


def group(reading: Reading) -> str:
    return ", ".join(f"{label}={value}" for label, value in reading.group.items())


def _fired(alert: Alert, key: str, reading: Reading) -> AlertFired:
    return AlertFired(alert=alert.name, group=key, value=reading.value, limit=reading.limit or 0.0, repeated=key in alert.firing)
