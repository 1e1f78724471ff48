"""What a job would do if it ran now: its line as it would be read, what its search finds, what would be done with that. Nothing is done."""

from __future__ import annotations

from collections.abc import Iterator

from resh.clock import iso
from resh.commands import pipeline
from resh.commands.base import Context, Role, Row
from resh.commands.checked import Checked, checked
from resh.errors import Partial, ReshError
from resh.events.trigger import parse
from resh.jobs.hooks import schedule_name
from resh.placeholders import fill
from resh.state.jobs import Job


def preview(context: Context, job: Job) -> Iterator[Row]:
    own = Context(
        context.app, job.user, Role[job.role], context.sink, context.cancel, env=dict(job.env), given=dict(job.env), local=job.local
    )
    yield _row("as", f"{job.user}, {job.role}")
    yield _row("line", fill(job.command, context.app.clock.now()))
    yield from _started(context, job)
    try:
        pipelines = checked(job.command, own)
    except ReshError as error:
        context.status = Partial.exit_code
        yield _row("fails", f"{error.message}{f' ({error.hint})' if error.hint else ''}")
        return
    for one in pipelines:
        yield from _steps(own, job.command, one)


def _started(context: Context, job: Job) -> Iterator[Row]:
    if not job.active:
        yield _row("starts", "never: it is not active")
        return
    due = {one.name: one.at for one in context.app.scheduler.upcoming()}
    if schedule_name(job.id) in due:
        yield _row("starts", f"{iso(due[schedule_name(job.id)])}, {job.schedule}{', then waits for its event' if job.event else ''}")
    if job.event:
        last = context.app.log.last(1, fits=parse(job.event))
        yield _row("event", f"{job.event}, last seen {iso(last[0].at) if last else 'never'}")
    if not job.event and not job.schedule:
        yield _row("starts", "by jobs run only")


def _steps(context: Context, text: str, one: Checked) -> Iterator[Row]:
    if one.searching:
        yield _row("search", f"{_count(context, text, one):,} rows now")
    for ready in one.stages[one.searching :]:
        role = ready.command.role
        changes = f", as {role.name}" if role > Role.viewer else ""
        yield _row("then", f"{fill(text[ready.stage.start : ready.stage.end], context.app.clock.now())}{changes}")


def _count(context: Context, text: str, one: Checked) -> int:
    """How many rows the leading search finds."""
    count = 0
    for _ in pipeline.rows(one.stages[: one.searching], context, text):
        context.cancel.check()
        count += 1
    return count


def _row(what: str, said: str) -> Row:
    return {"what": what, "now": said}
