"""The `schedule` library with cron expressions and intervals, an injected clock, and jobs that cannot hurt each other.

    scheduler = CronScheduler(clock, on_error=lambda job, error: ..., before=lambda due: ...)
    scheduler.cron("0 * * * *", ZoneInfo("Europe/Berlin"), name="collect").do(start)
    scheduler.run_pending()

Differences to the library: a job that raises is reported and rescheduled like any other; times are UTC with their zone; when a job is due
is `resh.timing`'s. Of runs that were missed, one is made up for. `before` is told of all that is due at once. One thread at a time may
use it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, cast

import schedule

from resh.clock import Clock
from resh.timing import parse


class CronJob(schedule.Job):
    """`after` is the time (epoch seconds) whose next match is the next run: when the job ran last, or was made."""

    def __init__(self, scheduler: CronScheduler, expression: str, zone: tzinfo, after: float, name: str) -> None:
        super().__init__(1, scheduler)
        self.expression = expression
        self.zone = zone
        self.after = after
        self.name = name
        self.due = 0.0
        """Epoch seconds of the next run."""
        self._timing = parse(expression)
        self._clock = scheduler.clock

    @property
    def should_run(self) -> bool:
        return self._clock.now() >= self.due

    def reschedule(self) -> None:
        """The next match from now on; what lies before is given up."""
        self.after = self._clock.now()
        self._schedule_next_run()

    def _schedule_next_run(self) -> None:
        self.due = self._timing.after(self.after, self.zone, self.name)
        self.next_run = datetime.fromtimestamp(self.due, UTC)


class CronScheduler(schedule.Scheduler):
    def __init__(
        self, clock: Clock, on_error: Callable[[CronJob, Exception], None], before: Callable[[Sequence[CronJob]], None] = lambda due: None
    ) -> None:
        super().__init__()
        self.clock = clock
        self._on_error = on_error
        self._before = before

    def cron(self, expression: str, zone: tzinfo, after: float | None = None, name: str = "") -> CronJob:
        """A job still to be given its function by `do`. `after`: when it ran last, if it ever did. Raises BadValue."""
        return CronJob(self, expression, zone, self.clock.now() if after is None else after, name)

    @property
    def idle_seconds(self) -> float | None:
        """Until the next job is due; negative when one is."""
        return min((job.due for job in self.cron_jobs), default=float("inf")) - self.clock.now() if self.jobs else None

    @property
    def cron_jobs(self) -> list[CronJob]:
        return cast(list[CronJob], self.jobs)

    def run_pending(self) -> None:
        due = sorted((job for job in self.cron_jobs if job.should_run), key=lambda job: (job.due, job.name))
        if due:
            self._before(due)
        for job in due:
            self._run_job(job)

    def _run_job(self, job: Any) -> None:
        try:
            job.job_func()
        except Exception as error:
            self._on_error(job, error)
        job.last_run = datetime.fromtimestamp(self.clock.now(), UTC)
        job.reschedule()


def next_match(expression: str, zone: tzinfo, after: float, name: str = "") -> datetime:
    """The first time after `after` (epoch seconds) that the expression matches, in UTC."""
    return datetime.fromtimestamp(parse(expression).after(after, zone, name), UTC)
