"""Alerts fire once, again after their time, and are resolved once."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.errors import ReshError
from resh.events.event import Event
from resh.metrics.timeseries import Sample, TimeSeries
from resh.metrics.watch import Watch
from resh.state.alerts import Alert, Alerts
from resh.state.tables import Tables

HOUR = 3600


class World:
    def __init__(self, series: TimeSeries, alerts: Alerts) -> None:
        self.series, self.alerts = series, alerts
        self.events: list[Event] = []
        self.told: list[tuple[str, str]] = []
        self.watch = Watch(alerts, series, lambda target, event: self.told.append((target, event.type)))

    def at(self, hour: int, **values: float) -> list[str]:
        """What is told when these are the values."""
        self.series.write(hour * HOUR, {"x": [Sample({"account": account}, value) for account, value in values.items()]})
        self.events.clear()
        assert self.watch.look(hour * HOUR, self.events.append) == ()
        return [f"{event.type} {event.line()}" for event in self.events]


@pytest.fixture
def world(series: TimeSeries, tmp_path: Path) -> World:
    return World(series, Tables(tmp_path / "state").alerts)


def test_what_begins_goes_on_and_ends_is_told(world: World) -> None:
    world.alerts.add(Alert("many", "x by account > 5", "team", repeat=2 * HOUR))
    assert world.at(1, a=1, b=2) == []
    assert world.at(2, a=7, b=2) == ["alert_fired many account=a: 7 against 5"]
    assert world.at(3, a=8, b=6) == ["alert_fired many account=b: 6 against 5"]
    assert world.at(4, a=9, b=6) == ["alert_fired many account=a: 9 against 5 still"]
    assert world.at(5, a=9) == ["alert_resolved many account=b: over"]
    assert world.at(6, a=1) == ["alert_resolved many account=a: over"]
    assert world.at(7, a=1) == []
    assert {target for target, _ in world.told} == {"team"}
    assert [type for _, type in world.told].count("alert_resolved") == 2


def test_a_muted_one_tells_afterwards_what_is_true_then(world: World) -> None:
    world.alerts.add(Alert("many", "x > 5", muted=3 * HOUR))
    assert world.at(2, a=7) == []
    assert world.at(3, a=8) == ["alert_fired many: 8 against 5"]


def test_another_process_does_not_tell_again(world: World, tmp_path: Path) -> None:
    world.alerts.add(Alert("many", "x > 5"))
    assert len(world.at(1, a=7)) == 1
    again = World(world.series, Tables(tmp_path / "state").alerts)
    assert again.at(2, a=7) == []


def test_a_target_that_fails_is_a_problem_and_the_others_are_told(world: World) -> None:
    def fails(target: str, event: Event) -> None:
        raise ReshError("nobody there")

    world.alerts.add(Alert("many", "x > 5", "team"))
    world.alerts.add(Alert("more", "x > 6"))
    world.series.write(HOUR, {"x": [Sample({}, 7)]})
    assert Watch(world.alerts, world.series, fails).look(HOUR, world.events.append) == ("alert many: nobody there",)
    assert [event.line() for event in world.events] == ["many: 7 against 5", "more: 7 against 6"]


def test_what_the_target_did_not_take_is_told_the_next_time_as_it_is_then(world: World) -> None:
    world.alerts.add(Alert("many", "x by account > 5", "team"))
    up = world.watch

    def fails(target: str, event: Event) -> None:
        raise ReshError("nobody there")

    world.watch = Watch(world.alerts, world.series, fails)
    world.series.write(HOUR, {"x": [Sample({"account": account}, 7) for account in "ab"]})
    assert world.watch.look(HOUR, world.events.append) == ("alert many: nobody there",)
    assert world.alerts.stored()["many"].untold == ["account=a", "account=b"]
    world.watch = up
    assert world.at(2, a=8, b=1) == ["alert_resolved many account=b: over"]
    assert world.told == [("team", "alert_fired"), ("team", "alert_resolved")]
    assert world.at(3, a=8, b=1) == []
    assert len(world.told) == 2
