"""The `schedule` library with cron expressions, an injected clock, and jobs that cannot hurt each other.

    scheduler = CronScheduler(clock, on_error=lambda job, error: ...)
    scheduler.cron("0 * * * *", ZoneInfo("Europe/Berlin")).do(start).tag("collect")
    scheduler.run_pending()

Differences to the library: a job that raises is reported and rescheduled like any other; times are UTC with their zone; a cron
expression is met in its own time zone as Debian's cron does (a time that daylight saving skips is made up for, one that comes twice counts
once; hourly is every real hour). Of runs that were missed, one is made up for. One thread at a time may use it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any, cast

import schedule
from cronsim import CronSim

from resh.clock import Clock


class CronJob(schedule.Job):
    """`after` is the time (epoch seconds) whose next match is the next run: when the job ran last, or was made."""

    def __init__(self, scheduler: CronScheduler, expression: str, zone: tzinfo, after: float) -> None:
        super().__init__(1, scheduler)
        self.expression = expression
        self._zone = zone
        self.after = after
        self._clock = scheduler.clock

    @property
    def due(self) -> float:
        """Epoch seconds of the next run."""
        return cast(datetime, self.next_run).timestamp()

    @property
    def should_run(self) -> bool:
        return self._clock.now() >= self.due

    def reschedule(self) -> None:
        """The next match from now on; what lies before is given up."""
        self.after = self._clock.now()
        self._schedule_next_run()

    def _schedule_next_run(self) -> None:
        self.next_run = next_match(self.expression, self._zone, self.after)


class CronScheduler(schedule.Scheduler):
    def __init__(self, clock: Clock, on_error: Callable[[CronJob, Exception], None]) -> None:
        super().__init__()
        self.clock = clock
        self._on_error = on_error

    def cron(self, expression: str, zone: tzinfo, after: float | None = None) -> CronJob:
        """A job still to be given its function by `do`. `after`: when it ran last, if it ever did."""
        return CronJob(self, expression, zone, self.clock.now() if after is None else after)

    @property
    def idle_seconds(self) -> float | None:
        """Until the next job is due; negative when one is."""
        return min((job.due for job in self.cron_jobs), default=float("inf")) - self.clock.now() if self.jobs else None

    @property
    def cron_jobs(self) -> list[CronJob]:
        return cast(list[CronJob], self.jobs)

    def _run_job(self, job: Any) -> None:
        try:
            job.job_func()
        except Exception as error:
            self._on_error(job, error)
        job.last_run = datetime.fromtimestamp(self.clock.now(), UTC)
        job.reschedule()


def next_match(expression: str, zone: tzinfo, after: float) -> datetime:
    """The first time after `after` (epoch seconds) that the expression matches, in UTC."""
    for moment in CronSim(expression, datetime.fromtimestamp(after, zone)):
        if moment.timestamp() > after:  # in the hour that comes twice the library may offer the first again
            return moment.astimezone(UTC)
    raise AssertionError("a cron expression matches for ever")
