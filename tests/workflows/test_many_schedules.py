"""Whatever else is scheduled: a thousand of them, changed at once, made up for once."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from resh.events.event import Problem
from resh.settings import Settings
from resh.workflows.scheduled import Scheduled
from resh.workflows.scheduler import Scheduler
from tests.workflows.world import World, returning


class Many:
    """A scheduler of what the test says, and when each of it started."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.expressions: dict[str, str] = {}
        self.started: list[tuple[str, float]] = []
        self.scheduler = self.another()

    def another(self) -> Scheduler:
        world = self.world
        runner = world.runner(a=returning())
        return Scheduler(
            Settings(),
            runner,
            world.tables.schedule,
            world.bus,
            world.clock,
            world.home,
            further=lambda: [Scheduled(name, expression, partial(self.start, name)) for name, expression in self.expressions.items()],
            stamp=lambda: dict(self.expressions),
        )

    def start(self, name: str) -> None:
        self.started.append((name, self.world.clock.now()))

    def until(self, end: float) -> None:
        while self.world.clock.now() < end:
            self.world.clock.advance(max(0.001, min(self.scheduler.tick(), end - self.world.clock.now())))
        self.scheduler.tick()


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> Many:
    monkeypatch.setattr("os.fsync", lambda fd: None)
    return Many(world)


def test_a_thousand_tick_without_drift(many: Many) -> None:
    many.expressions = {f"job {number}": "every 1m" if number % 2 else "* * * * *" for number in range(1000)}
    begin = many.world.clock.now() // 60 * 60
    many.until(begin + 59)
    many.started.clear()
    many.until(begin + 10 * 60 + 59)
    assert set(Counter(name for name, _ in many.started).values()) == {10}
    assert len(many.started) == 10_000
    assert all(at % 60 < 0.01 for _, at in many.started)


def test_jitter_spreads_them_the_same_for_everybody(many: Many) -> None:
    many.expressions = {f"job {number}": "@hourly ~ 10m" for number in range(50)}
    expected = {one.name: one.at for one in many.another().upcoming()}
    assert [(one.name, one.at) for one in many.scheduler.upcoming()] == sorted(expected.items(), key=lambda item: (item[1], item[0]))
    many.until(many.world.clock.now() + 2 * 3600)
    first = dict(reversed(many.started))
    assert all(abs(first[name] - at) < 0.01 for name, at in expected.items())
    assert len({at // 60 for at in first.values()}) > 5


def test_a_change_counts_at_once(many: Many) -> None:
    many.expressions = {"job a": "@hourly"}
    many.scheduler.tick()
    many.expressions = {"job a": "every 5m", "job b": "every 10m"}
    assert [one.name for one in many.scheduler.upcoming()] == ["job a", "job b"]
    many.until(many.world.clock.now() + 600)
    assert {name for name, _ in many.started} == {"job a", "job b"}
    many.started.clear()
    many.expressions = {}
    many.until(many.world.clock.now() + 600)
    assert many.started == []
    assert many.world.tables.schedule.fired() == {}


def test_what_was_never_due_before_the_end_is_made_up_for_once(many: Many) -> None:
    many.expressions = {"job a": "@hourly"}
    many.scheduler.tick()
    many.scheduler.stop()
    many.world.clock.advance(5 * 3600)
    many.scheduler = many.another()
    many.scheduler.tick()
    many.scheduler.tick()
    assert [name for name, _ in many.started] == ["job a"]


def test_a_wrong_one_is_told_and_hurts_nobody(many: Many) -> None:
    many.expressions = {"job a": "@hurly", "job b": "every 5m"}
    many.until(many.world.clock.now() + 300)
    assert {name for name, _ in many.started} == {"job b"}
    assert any(isinstance(event, Problem) and event.text.startswith("job a: '@hurly' is no schedule") for event in many.world.events)


def test_after_a_take_over_what_the_other_started_is_known(many: Many) -> None:
    many.expressions = {"job a": "@hourly"}
    second = many.another()
    many.until(many.world.clock.now() + 3600)
    assert len(many.started) == 1
    second.upcoming()
    many.scheduler.stop()
    many.scheduler = second
    many.scheduler.tick()
    assert len(many.started) == 1
    many.until(many.world.clock.now() + 3600)
    assert len(many.started) == 2
