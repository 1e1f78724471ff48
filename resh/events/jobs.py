"""What becomes of jobs, as events. At a prompt only what went wrong is of interest: the rest is `debug`."""

from __future__ import annotations

from typing import Annotated

from resh.durations import format_duration
from resh.events.event import DEBUG, ERROR, WARNING, Event


class JobStarted(Event):
    """A job began."""

    type: str = "job_started"
    severity: str = DEBUG
    job: Annotated[str, "id of the job"] = ""
    job_run: Annotated[str, "id of this run of it"] = ""
    by: Annotated[str, "the user, schedule, or the event"] = ""

    def line(self) -> str:
        return f"job {self.job} {self.job_run} started by {self.by}"


class JobEnded(Event):
    """A job is over."""

    type: str = "job_ended"
    job: Annotated[str, "id of the job"] = ""
    job_run: Annotated[str, "id of this run of it"] = ""
    status: Annotated[str, "ok, partial, failed, cancelled or interrupted"] = "ok"
    seconds: Annotated[float, "how long it took"] = 0.0
    reason: Annotated[str, "what went wrong"] = ""

    def line(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"job {self.job} {self.job_run} {self.status} after {format_duration(self.seconds)}{why}"


class JobSkipped(Event):
    """A job did not run: a run of it waits already, or its event did not come in time."""

    type: str = "job_skipped"
    severity: str = WARNING
    job: Annotated[str, "id of the job"] = ""
    reason: Annotated[str, "why"] = ""

    def line(self) -> str:
        return f"job {self.job} not run: {self.reason}"


SEVERITY = {"ok": DEBUG, "partial": WARNING, "cancelled": WARNING}
"""Of the end of a job, by its status; any other is an error."""


def severity(status: str) -> str:
    return SEVERITY.get(status, ERROR)
