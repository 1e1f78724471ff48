"""Starts what is scheduled, from one background thread: workflows by the settings, and whatever else `further` says.

    scheduler = Scheduler(settings, runner, tables.schedule, bus, clock, home, further=jobs.scheduled)
    scheduler.start()
    scheduler.upcoming()           # [Upcoming('collect_and_cleanup', '0 * * * *', 1700002800.0)], soonest first
    scheduler.reload()             # after a change of settings

Of several processes on one state folder the one that holds `locks/schedule.lock` schedules; when it ends, another takes over within
`TAKE_OVER_SECONDS` and goes on where it stopped: when each schedule fired last is stored. However many runs were missed while nobody
was there, one is made up for. A workflow that is still running is not started again; an event tells.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from resh.clock import Clock
from resh.errors import AlreadyRunning, BadValue
from resh.events.event import Event, Problem, WorkflowSkipped, problem
from resh.lock import Claim
from resh.settings import Settings
from resh.workflows.cron import CronJob, CronScheduler
from resh.workflows.runner import Runner
from resh.workflows.scheduled import Scheduled

if TYPE_CHECKING:
    from resh.events.bus import EventBus
    from resh.state.tables import Schedule

TAKE_OVER_SECONDS = 2.0
TICK_SECONDS = 30.0
"""The longest sleep between two looks at the clock: after a laptop wakes, that late at worst."""
LOOK_SECONDS = 1.0
"""How often the thread looks whether another process changed a schedule."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    name: str
    expression: str
    at: float
    """Epoch seconds."""


class Scheduler:
    """`further` says what is scheduled besides workflows, `stamp` is another one whenever that has changed; `meanwhile` is called
    at every tick of the process that leads."""

    def __init__(
        self,
        settings: Settings,
        runner: Runner,
        fired: Schedule,
        bus: EventBus,
        clock: Clock,
        home: Path,
        *,
        further: Callable[[], Iterable[Scheduled]] = tuple,
        stamp: Callable[[], object] = lambda: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings, self._runner, self._fired, self._bus, self._clock = settings, runner, fired, bus, clock
        self._further, self._stamp, self._meanwhile = further, stamp, meanwhile
        self._claim = Claim(home / "locks" / "schedule.lock")
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._stopped = False
        self._trouble = ""
        self._thread: threading.Thread | None = None
        self._jobs = CronScheduler(clock, self._failed, self._note)
        self._plan()

    @property
    def leading(self) -> bool:
        """Whether this process is the one that schedules."""
        return self._claim.held

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and leave the schedule to another process."""
        self._stopped = True
        self._wake.set()
        if self._thread:
            self._thread.join(TAKE_OVER_SECONDS)
        with self._lock:
            self._claim.release()

    def reload(self) -> None:
        """Take settings and schedules as they are now."""
        with self._lock:
            self._plan()
        self._wake.set()

    def upcoming(self) -> list[Upcoming]:
        """What starts next, soonest first."""
        with self._lock:
            if self._stale():
                self._plan()
            if not self.leading:
                self._skip_due()
            found = [Upcoming(job.name, job.expression, job.due) for job in self._jobs.cron_jobs]
        return sorted(found, key=lambda one: (one.at, one.name))

    def next_runs(self) -> list[tuple[str, float]]:
        """Name and epoch seconds, soonest first."""
        return [(one.name, one.at) for one in self.upcoming()]

    def tick(self) -> float:
        """Start what is due, if this process leads; returns the seconds until there is something to do."""
        with self._lock:
            if not self.leading:
                if not self._claim.take():
                    return TAKE_OVER_SECONDS
                self._jobs.clear()  # when they ran last is what the one before has stored
                self._plan()
            elif self._stale():
                self._plan()
            self._jobs.run_pending()
            self._meanwhile()
            idle = self._jobs.idle_seconds
            return TICK_SECONDS if idle is None else max(0.0, min(idle, TICK_SECONDS))

    def _run(self) -> None:
        while not self._stopped:
            seconds = self._tick_safely()
            self._wake.wait(min(seconds, LOOK_SECONDS))
            self._wake.clear()

    def _tick_safely(self) -> float:
        """A state folder in trouble must not end the schedule, and is told once."""
        try:
            seconds, trouble = self.tick(), None
        except Exception as error:
            seconds, trouble = TICK_SECONDS, problem(error, "schedule: ")
        if trouble and trouble.text != self._trouble:
            self._tell(trouble)
        self._trouble = trouble.text if trouble else ""
        return seconds

    # -- the plan ------------------------------------------------------------------------------------------------------------------

    def _seen(self) -> tuple[object, object]:
        return self._settings.generation, self._stamp()

    def _stale(self) -> bool:
        return self._seen() != self._planned

    def _plan(self) -> None:
        """Jobs as they are scheduled now. One with the expression it had goes on from where it was: a missed run is made up for."""
        self._planned = self._seen()
        before = {job.name: job for job in self._jobs.cron_jobs}
        fired = self._fired.fired() if self.leading else {}
        zone, scheduled = self._zone(), {one.name: one for one in self._scheduled()}
        self._jobs.clear()
        for one in scheduled.values():
            try:
                self._add(one, zone, before.get(one.name), fired.get(one.name))
            except BadValue as error:
                self._tell(problem(error, f"{one.name}: "))
        if self.leading:
            self._remember(fired)

    def _add(self, one: Scheduled, zone: tzinfo, before: CronJob | None, fired: tuple[str, float] | None) -> None:
        if before and (before.expression, before.zone) == (one.expression, zone):
            before.job_func = partial(one.start)
            self._jobs.jobs.append(before)
            return
        after = before.after if before and before.expression == one.expression else None
        if fired and fired[0] == one.expression:
            after = fired[1]
        self._jobs.cron(one.expression, zone, after, one.name).do(one.start)

    def _remember(self, fired: Mapping[str, tuple[str, float]]) -> None:
        """Since when each schedule counts, so that the next process makes up for what it missed; one that changed starts afresh."""
        jobs = {job.name: job for job in self._jobs.cron_jobs}
        gone = [name for name in fired if name not in jobs]
        new = [(job.name, job.expression) for job in jobs.values() if fired.get(job.name, ("", 0.0))[0] != job.expression]
        if gone:
            self._fired.forget(gone)
        if new:
            self._fired.record(new, self._clock.now())

    def _scheduled(self) -> Iterator[Scheduled]:
        known = {setting.path for setting in self._settings}
        for name, workflow in self._runner.definitions.items():
            path = f"workflows.{name}.schedule"
            expression = self._settings.text(path) if path in known else workflow.schedule
            if expression and workflow.enabled:
                yield Scheduled(name, expression, partial(self._runner.start, name, by="schedule"))
        yield from self._further()

    def _zone(self) -> tzinfo:
        name = self._settings.text("workflows.timezone")
        if name == "UTC":
            return UTC
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            self._tell(Problem(text=f"workflows.timezone: there is no time zone '{name}'; schedules are in UTC"))
            return UTC

    def _note(self, due: Sequence[CronJob]) -> None:
        """Noted first: after a crash in between, one run less is better than one twice."""
        self._fired.record([(job.name, job.expression) for job in due], self._clock.now())

    def _failed(self, job: CronJob, error: Exception) -> None:
        news = problem(error, f"{job.name} not started on schedule: ")
        self._tell(
            WorkflowSkipped(workflow=job.name, text=news.text) if isinstance(error, AlreadyRunning) else news.changed(workflow=job.name)
        )

    def _skip_due(self) -> None:
        """Another process runs what is due; here it only has to be right for display."""
        for job in self._jobs.cron_jobs:
            if job.should_run:
                job.reschedule()

    def _tell(self, event: Event) -> None:
        self._bus.emit(event)
