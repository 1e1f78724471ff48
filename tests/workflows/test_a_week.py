"""A week of the schedule: the night in which the clock is changed, a sleep, a crash and a long absence yield exactly the expected runs."""

from __future__ import annotations

from functools import partial

import pytest

from resh.workflows.scheduled import Scheduled
from resh.workflows.scheduler import Scheduler
from tests.workflows.test_scheduler import DAY, HOUR, Simulation, at
from tests.workflows.world import World

NIGHT = 2.5 * HOUR
"""`30 2 * * *`, after midnight."""


class Week(Simulation):
    """Collects every hour, metrics at 02:30 in Berlin, and something every six hours."""

    def __init__(self, world: World) -> None:
        super().__init__(world, collect="0 * * * *", metrics="30 2 * * *", timezone="Europe/Berlin")

    def another(self) -> Scheduler:
        every = Scheduled("often", "every 6h", partial(self.runner.start, "often", by="schedule"))
        world = self.world
        return Scheduler(self.settings, self.runner, world.tables.schedule, world.bus, world.clock, world.home, further=lambda: [every])

    def sleep(self, end: float) -> None:
        self.world.clock.advance(end - self.world.clock.now())

    def crash(self, end: float) -> None:
        """The process is gone, and its lock with it; another comes at the end."""
        self.scheduler._claim.release()
        self.sleep(end)
        self.scheduler = self.another()

    def of(self, name: str) -> list[float]:
        return [round(when) for one, when in self.runner.started if one == name]


def expected(due: list[float], outages: list[tuple[float, float]]) -> list[float]:
    """What is due while somebody is there, and one run for each outage at its end that was missed."""
    runs = {when for when in due if not any(begin < when < end for begin, end in outages)}
    return sorted(runs | {end for begin, end in outages if any(begin < when < end for when in due)})


@pytest.mark.parametrize(
    ("monday", "shift"),
    [
        ("2026-03-22T23:00:00", -HOUR / 2),  # 02:30 does not come on Sunday: it is 03:00 two hours after midnight
        ("2026-10-18T22:00:00", 0.0),  # 02:30 comes twice on Sunday: the first counts
    ],
)
def test_exactly_the_expected_runs(world: World, monkeypatch: pytest.MonkeyPatch, monday: str, shift: float) -> None:
    monkeypatch.setattr("os.fsync", lambda fd: None)
    begin = at(world, monday)  # midnight in Berlin
    week = Week(world)
    slept = (begin + DAY + 0.25 * HOUR, begin + DAY + 9.5 * HOUR)
    crashed = (begin + 2 * DAY + 1.75 * HOUR, begin + 2 * DAY + 1.8 * HOUR)  # nothing is due meanwhile
    away = (begin + 3 * DAY + 1.75 * HOUR, begin + 4 * DAY + 20.2 * HOUR)
    outages = [slept, crashed, away]
    for down, (start, end) in zip((week.sleep, week.crash, week.crash), outages, strict=True):
        week.until(start)
        down(end)
    week.until(begin + 7 * DAY - 1)
    hours = [begin + hour * HOUR for hour in range(1, 7 * 24)]
    nights = [begin + day * DAY + NIGHT + (shift if day == 6 else 0.0) for day in range(7)]
    assert week.of("collect") == expected(hours, outages)
    assert week.of("metrics") == expected(nights, outages)
    assert week.of("often") == expected([hour for hour in hours if hour % (6 * HOUR) == 0], outages)
