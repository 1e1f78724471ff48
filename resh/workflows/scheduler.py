"""Starts workflows when their cron expressions say so, from one background thread.

    scheduler = Scheduler(settings, runner, tables.schedule, bus, clock, home)
    scheduler.start()
    scheduler.next_runs()          # [('collect_and_cleanup', 1700002800.0)], soonest first
    scheduler.reload()             # after a change of settings

Of several processes on one state folder the one that holds `locks/schedule.lock` schedules; when it ends, another takes over within
`TAKE_OVER_SECONDS` and goes on where it stopped: when each schedule fired last is stored. However many runs were missed while nobody
was there, one is made up for. A workflow that is still running is not started again; an event tells.
"""

from __future__ import annotations

import threading
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from resh.clock import Clock
from resh.errors import AlreadyRunning
from resh.events.event import Event, Problem, WorkflowSkipped, problem
from resh.lock import Claim
from resh.settings import Settings
from resh.workflows.cron import CronJob, CronScheduler
from resh.workflows.runner import Runner

if TYPE_CHECKING:
    from resh.events.bus import EventBus
    from resh.state.tables import Schedule

TAKE_OVER_SECONDS = 2.0
TICK_SECONDS = 30.0
"""The longest sleep: after a laptop wakes, that late at worst."""


class Scheduler:
    def __init__(self, settings: Settings, runner: Runner, fired: Schedule, bus: EventBus, clock: Clock, home: Path) -> None:
        self._settings, self._runner, self._fired, self._bus, self._clock = settings, runner, fired, bus, clock
        self._claim = Claim(home / "locks" / "schedule.lock")
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._jobs = CronScheduler(clock, self._failed)
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
        """Take the settings as they are now."""
        with self._lock:
            self._plan()
        self._wake.set()

    def next_runs(self) -> list[tuple[str, float]]:
        """Workflow and epoch seconds, soonest first."""
        with self._lock:
            if not self.leading:
                self._skip_due()
            return sorted(((_name(job), job.due) for job in self._jobs.cron_jobs), key=lambda run: run[1])

    def tick(self) -> float:
        """Start what is due, if this process leads; returns the seconds until there is something to do."""
        with self._lock:
            if not self.leading:
                if not self._claim.take():
                    return TAKE_OVER_SECONDS
                self._plan()
            elif self._settings.generation != self._planned:
                self._plan()
            self._jobs.run_pending()
            idle = self._jobs.idle_seconds
            return TICK_SECONDS if idle is None else max(0.0, min(idle, TICK_SECONDS))

    def _run(self) -> None:
        while not self._stopped:
            try:
                seconds = self.tick()
            except Exception as error:  # a state folder in trouble must not end the schedule
                seconds = TICK_SECONDS
                self._tell(problem(error, "schedule: "))
            self._wake.wait(seconds)
            self._wake.clear()

    def _plan(self) -> None:
        """Jobs as the settings have them. One with the expression it had goes on from where it was: a missed run is made up for."""
        since = {_name(job): (job.expression, job.after) for job in self._jobs.cron_jobs}
        self._planned = self._settings.generation
        fired = self._fired.fired() if self.leading else {}
        since.update(fired)
        zone = self._zone()
        self._jobs.clear()
        for name in self._runner.definitions:
            expression = self._expression(name)
            if expression:
                before, after = since.get(name, ("", 0.0))
                self._jobs.cron(expression, zone, after if before == expression else None).tag(name).do(self._fire, name, expression)
            if name in fired and fired[name][0] != expression:  # once changed or switched off, it starts afresh
                self._fired.forget(name)

    def _expression(self, name: str) -> str:
        path = f"workflows.{name}.schedule"
        return self._settings.text(path) if any(setting.path == path for setting in self._settings) else ""

    def _zone(self) -> tzinfo:
        name = self._settings.text("workflows.timezone")
        if name == "UTC":
            return UTC
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            self._tell(Problem(text=f"workflows.timezone: there is no time zone '{name}'; schedules are in UTC"))
            return UTC

    def _fire(self, name: str, expression: str) -> None:
        """Noted first: after a crash in between, one run less is better than one twice."""
        self._fired.record(name, expression, self._clock.now())
        self._runner.start(name, by="schedule")

    def _failed(self, job: CronJob, error: Exception) -> None:
        name = _name(job)
        news = problem(error, f"{name} not started on schedule: ")
        self._tell(WorkflowSkipped(workflow=name, text=news.text) if isinstance(error, AlreadyRunning) else news.changed(workflow=name))

    def _skip_due(self) -> None:
        """Another process runs what is due; here it only has to be right for display."""
        for job in self._jobs.cron_jobs:
            if job.should_run:
                job.reschedule()

    def _tell(self, event: Event) -> None:
        self._bus.emit(event)


def _name(job: CronJob) -> str:
    return str(next(iter(job.tags)))
