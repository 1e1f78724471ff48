"""Runs of jobs, for `jobs`: start, watch, stop, and look back at them."""

from __future__ import annotations

from collections.abc import Iterator

from resh.clock import iso
from resh.commands.base import Context, Row, Rows
from resh.durations import format_duration
from resh.errors import ReshError, UsageError
from resh.jobs.runner import Cause
from resh.state.jobs import Job
from resh.state.runs import RunRecord
from resh.text import did_you_mean, one_line

_EXIT = {"ok": 0, "partial": 3, "cancelled": 130}


def known(context: Context, id: str) -> Job:
    """The job of an id. Raises UsageError with the nearest ids."""
    job = context.app.tables.jobs.get(id)
    if job is None:
        raise UsageError(f"there is no job '{id}'", did_you_mean(id, context.app.tables.jobs.all()) or "jobs list shows all")
    return job


def run_run(context: Context, rows: Rows, id: str, wait: bool) -> Iterator[str]:
    job, jobs, cause = known(context, id), context.app.jobs, Cause(context.user)
    if context.interactive and not wait:
        running = [record.id for record in jobs.running() if record.workflow == id]
        if not jobs.start(job, cause):
            raise ReshError(f"job {id} waits for its turn already", f"jobs stop {id} ends it")
        yield f"job {id} is running as {running[0]}; it runs once more after that" if running else f"job {id} started"
        return
    record = jobs.run(job, cause, context.cancel)
    context.status = _EXIT.get(record.status, 1)
    yield from _output(context, record.id)


def run_running(context: Context, rows: Rows) -> Rows:
    now = context.app.clock.now()
    for record in context.app.jobs.running():
        yield _run(record, now)
    for job in context.app.tables.jobs.all().values():
        if job.waits_until > now:
            yield {"job": job.id, "status": "waiting", "for": job.event, "until": iso(job.waits_until)}
    for id in context.app.jobs.waiting():
        yield {"job": id, "status": "waiting", "for": "its turn"}


def run_stop(context: Context, rows: Rows, run: str) -> Rows:
    jobs = context.app.jobs
    if run not in context.app.tables.jobs.all():
        jobs.stop(run, context.user)
        yield f"{run} is asked to stop"
        return
    waited = context.app.tables.jobs.disarm(run)
    found, queued = jobs.stop_job(run, context.user)
    if not (found or queued or waited):
        raise ReshError(f"job {run} neither runs nor waits", "jobs running shows what does")
    yield f"{', '.join(found) or f'job {run}'} is asked to stop"


def run_history(context: Context, rows: Rows, id: str | None, limit: int, has_errors: bool) -> Rows:
    context.app.jobs.close_interrupted()
    now, left = context.app.clock.now(), limit
    for record in reversed([*context.app.tables.job_runs.all()]):
        if (id in (None, record.workflow)) and (not has_errors or record.problems) and left > 0:
            left -= 1
            yield _run(record, now)


def run_log(context: Context, rows: Rows, run: str) -> Iterator[str]:
    """Of a run, or of the last run of a job."""
    context.app.jobs.close_interrupted()
    record = context.app.tables.job_runs.get(run) or next(iter(context.app.tables.job_runs.last(1, workflow=run)), None)
    if record is None:
        raise ReshError(f"there is no run '{run}' of a job", "jobs history lists them")
    told = list(_output(context, record.id))
    yield from told
    yield from (f"! {error}" for error in record.errors if not any(one_line(error) in line for line in told))


def _run(record: RunRecord, now: float) -> Row:
    return {
        "run": record.id,
        "job": record.workflow,
        "status": record.status,
        "started": iso(record.started),
        "duration": format_duration(record.seconds(now)),
        "by": record.by,
        "within": record.within,
        "error": record.errors[-1] if record.errors else "",
    }


def _output(context: Context, run: str) -> Iterator[str]:
    """Diagnostics are marked: one may want to see only them."""
    for line in context.app.tables.outputs.lines(run):
        yield f"! {one_line(line.text)}" if line.error else line.text
