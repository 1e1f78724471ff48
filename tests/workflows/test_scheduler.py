from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from resh.clock import FakeClock
from resh.errors import AlreadyRunning, StateError
from resh.lock import Claim
from resh.settings import Settings
from resh.workflows.builtin import BUILT_IN
from resh.workflows.cron import CronJob, CronScheduler, next_match
from resh.workflows.runner import Runner
from resh.workflows.scheduler import Scheduler
from tests.workflows.world import World

HOUR, DAY = 3600.0, 86400.0
SECOND = """
import sys
from pathlib import Path
from resh.clock import SystemClock
from resh.events.bus import EventBus
from resh.settings import Settings
from resh.state.tables import Tables
from resh.workflows.builtin import BUILT_IN
from resh.workflows.runner import Runner
from resh.workflows.scheduler import Scheduler

home, clock = Path(sys.argv[1]), SystemClock()
tables, bus = Tables(home / "state"), EventBus(clock)
runner = Runner(BUILT_IN, {}, bus, tables.runs, clock, home)
scheduler = Scheduler(Settings(), runner, tables.schedule, bus, clock, home)
scheduler.tick()
print(scheduler.leading, flush=True)
sys.stdin.read()
"""


class Starts(Runner):
    """A runner that only notes what it is asked to start, and when."""

    def __init__(self, world: World) -> None:
        super().__init__(BUILT_IN, {}, world.bus, world.tables.runs, world.clock, world.home)
        self.clock = world.clock
        self.started: list[tuple[str, float]] = []
        self.refuse: Callable[[], None] = lambda: None

    def start(self, name: str, by: str) -> None:  # type: ignore[override]
        assert by == "schedule"
        self.refuse()
        self.started.append((name, self.clock.now()))


class Simulation:
    """A schedule thread without the thread: `until` ticks and sleeps as it would."""

    def __init__(self, world: World, **settings: str) -> None:
        self.world = world
        self.settings = Settings()
        self.settings.set("workflows.collect_and_cleanup.schedule", "", "option")
        for name, value in settings.items():
            path = "workflows.timezone" if name == "timezone" else f"workflows.{name}.schedule"
            self.settings.set(path, value, "option")
        self.runner = Starts(world)
        self.scheduler = self.another()

    def another(self) -> Scheduler:
        world = self.world
        return Scheduler(self.settings, self.runner, world.tables.schedule, world.bus, world.clock, world.home)

    def until(self, end: float) -> list[str]:
        """Local times of what started by then."""
        while self.world.clock.now() < end:
            self.world.clock.advance(max(0.001, min(self.scheduler.tick(), end - self.world.clock.now())))
        return self.starts()

    def starts(self) -> list[str]:
        zone = ZoneInfo(self.settings.text("workflows.timezone"))
        return [datetime.fromtimestamp(at, zone).strftime("%d %H:%M %Z") for _, at in self.runner.started]


def at(world: World, text: str) -> float:
    """Set the clock of a world."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    world.clock = FakeClock(moment)
    return moment


def test_every_hour_of_a_week_exactly_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda fd: None)
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *", metrics="*/30 8-9 * * MON-FRI")
    simulation.until(begin + 7 * DAY)
    hours = [when for name, when in simulation.runner.started if name == "collect"]
    assert [round(when - begin) for when in hours] == [1800 + 3600 * hour for hour in range(168)]
    assert all(when % HOUR < 0.01 for when in hours)
    assert len([name for name, _ in simulation.runner.started if name == "metrics"]) == 20


def test_daylight_saving_begins(world: World) -> None:
    """On 29 March 2026, 02:00 in Berlin is 03:00 at once."""
    begin = at(world, "2026-03-28T22:30:00")
    simulation = Simulation(world, collect="0 * * * *", metrics="30 2 * * *", timezone="Europe/Berlin")
    simulation.until(begin + 5 * HOUR)
    assert simulation.starts() == ["29 00:00 CET", "29 01:00 CET", "29 03:00 CEST", "29 03:00 CEST", "29 04:00 CEST", "29 05:00 CEST"]
    assert [name for name, _ in simulation.runner.started].count("metrics") == 1


def test_daylight_saving_ends(world: World) -> None:
    """On 25 October 2026, 03:00 in Berlin is 02:00 again."""
    begin = at(world, "2026-10-24T22:30:00")
    simulation = Simulation(world, collect="0 * * * *", metrics="30 2 * * *", timezone="Europe/Berlin")
    simulation.until(begin + 2.25 * HOUR)
    simulation.scheduler.reload()
    simulation.until(begin + 4 * HOUR)
    hours = ["25 01:00 CEST", "25 02:00 CEST", "25 02:30 CEST", "25 02:00 CET", "25 03:00 CET"]
    assert simulation.starts() == hours


def test_after_a_sleep_one_run_is_made_up_for(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    simulation.until(begin + 2 * HOUR)
    world.clock.advance(9 * HOUR)
    assert simulation.until(begin + 12.75 * HOUR) == ["01 01:00 UTC", "01 02:00 UTC", "01 11:30 UTC", "01 12:00 UTC", "01 13:00 UTC"]


def test_after_a_restart_one_run_is_made_up_for(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    simulation.until(begin + HOUR)
    simulation.scheduler.stop()
    world.clock.advance(5 * HOUR)
    simulation.scheduler = simulation.another()
    assert simulation.until(begin + 7 * HOUR) == ["01 01:00 UTC", "01 06:30 UTC", "01 07:00 UTC"]


def test_a_new_or_another_expression_makes_up_for_nothing(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    simulation.until(begin + HOUR)
    simulation.scheduler.stop()
    world.clock.advance(5 * HOUR)
    simulation.settings.set("workflows.collect.schedule", "45 * * * *", "option")
    simulation.scheduler = simulation.another()
    assert simulation.until(begin + 7 * HOUR) == ["01 01:00 UTC", "01 06:45 UTC"]


def test_a_schedule_that_was_off_makes_up_for_nothing(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    simulation.until(begin + HOUR)
    simulation.settings.set("workflows.collect.schedule", "", "option")
    simulation.scheduler.reload()
    simulation.until(begin + 4 * HOUR)
    simulation.settings.set("workflows.collect.schedule", "0 * * * *", "option")
    simulation.scheduler.reload()
    assert simulation.until(begin + 5 * HOUR) == ["01 01:00 UTC", "01 05:00 UTC"]


def test_the_next_runs_follow_the_settings(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 2 * * *", metrics="0 1 * * *")
    assert simulation.scheduler.next_runs() == [("metrics", begin + 0.5 * HOUR), ("collect", begin + 1.5 * HOUR)]
    simulation.settings.set("workflows.metrics.schedule", "", "option")
    simulation.scheduler.reload()
    assert simulation.scheduler.next_runs() == [("collect", begin + 1.5 * HOUR)]


def test_a_running_workflow_is_skipped_with_an_event(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *", metrics="1 * * * *")

    def refuse() -> None:
        if world.clock.now() % HOUR < 30:
            raise AlreadyRunning("collect is already running as 01a7", "01a7")

    simulation.runner.refuse = refuse
    assert simulation.until(begin + 2 * HOUR) == ["01 01:01 UTC", "01 02:01 UTC"]
    assert world.texts("workflow_skipped") == ["collect not started on schedule: collect is already running as 01a7"] * 2


def test_a_failing_start_hurts_nobody(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *", metrics="0 * * * *")
    calls = []

    def fail_first() -> None:
        calls.append(1)
        if len(calls) % 2:
            raise ZeroDivisionError("oops")

    simulation.runner.refuse = fail_first
    assert simulation.until(begin + 2 * HOUR) == ["01 01:00 UTC", "01 02:00 UTC"]
    assert len(world.texts("error")) == 2


def test_a_time_zone_that_is_not_there_is_told_and_utc_is_used(world: World) -> None:
    at(world, "2026-06-01T00:30:00")
    world.tables.settings.store("workflows.timezone", "Europe/Nowhere")  # as on a machine that knows it
    simulation = Simulation(world, collect="0 * * * *")
    simulation.settings.follow(world.tables.settings)
    simulation.scheduler.reload()
    assert world.texts("error") == ["workflows.timezone: there is no time zone 'Europe/Nowhere'; schedules are in UTC"]
    assert len(simulation.scheduler.next_runs()) == 1


def test_one_of_two_schedules_and_the_other_takes_over(world: World) -> None:
    begin = at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    second = simulation.another()
    simulation.until(begin + HOUR)
    assert (simulation.scheduler.leading, second.leading) == (True, False)
    assert second.tick() <= 5
    assert second.next_runs() == [("collect", begin + 1.5 * HOUR)]
    simulation.scheduler.stop()
    simulation.scheduler = second
    assert simulation.until(begin + 2 * HOUR) == ["01 01:00 UTC", "01 02:00 UTC"]


def test_another_process_takes_over_when_the_leader_is_killed(world: World, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SECOND, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as leader:
        assert leader.stdout is not None
        assert leader.stdout.readline() == "True\n"
        simulation = Simulation(world)
        assert simulation.scheduler.tick() <= 5
        assert not simulation.scheduler.leading
        leader.kill()
    simulation.scheduler.tick()
    assert simulation.scheduler.leading


def test_the_thread_starts_what_is_due_and_stops_at_once(world: World) -> None:
    at(world, "2026-06-01T00:30:00")
    simulation = Simulation(world, collect="0 * * * *")
    started = threading.Event()
    simulation.runner.refuse = started.set
    simulation.scheduler.start()
    for _ in range(100):  # an hour may pass before the thread has looked at the clock for the first time
        world.clock.advance(HOUR)
        simulation.scheduler.reload()
        if started.wait(0.1):
            break
    assert started.is_set()
    simulation.scheduler.stop()
    assert not Claim(world.home / "locks" / "schedule.lock").holder()
    assert not [thread for thread in threading.enumerate() if thread.name == "schedule"]


def test_a_job_that_raises_is_rescheduled(world: World) -> None:
    clock = FakeClock(HOUR / 2)
    failed: list[tuple[str, str]] = []
    done: list[int] = []
    scheduler = CronScheduler(clock, lambda job, error: failed.append((job.expression, str(error))))

    def fail() -> None:
        raise ZeroDivisionError("oops")

    scheduler.cron("0 * * * *", UTC).do(fail)
    scheduler.cron("0 * * * *", UTC).do(done.append, 1)
    clock.advance(HOUR)
    for _ in range(5):
        scheduler.run_pending()
    assert failed == [("0 * * * *", "oops")]
    assert done == [1]
    assert scheduler.idle_seconds == HOUR / 2
    assert all(isinstance(job, CronJob) for job in scheduler.get_jobs())


def test_in_the_hour_that_comes_twice_the_next_match_lies_ahead() -> None:
    zone = ZoneInfo("Europe/Berlin")
    second_time = datetime(2026, 10, 25, 2, 15, tzinfo=zone, fold=1).timestamp()
    assert next_match("30 2 * * *", zone, second_time).astimezone(zone).strftime("%d %H:%M") == "26 02:30"


def test_a_state_folder_in_trouble_is_told_once_and_the_schedule_goes_on(world: World) -> None:
    simulation, looks = Simulation(world, collect="0 * * * *"), threading.Semaphore(0)

    def meanwhile() -> None:
        looks.release()
        raise StateError("no space left on device")

    scheduler = Scheduler(
        simulation.settings, simulation.runner, world.tables.schedule, world.bus, world.clock, world.home, meanwhile=meanwhile
    )
    scheduler.start()
    for _ in range(3):
        assert looks.acquire(timeout=10)
        scheduler.reload()
    scheduler.stop()
    assert world.texts("error") == ["schedule: no space left on device"]
