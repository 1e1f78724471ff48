"""Runs of workflows, for `workflows`: start, watch, stop, and look back at them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from resh.clock import iso
from resh.commands import follow as following
from resh.commands.base import Context, Row, Rows
from resh.commands.cleanup_plans import agree_to_clean
from resh.commands.live import live_lines, progress_lines, words
from resh.commands.sheet import Sheet
from resh.commands.workflow_edit import definition
from resh.durations import format_duration, parse_time
from resh.errors import ReshError
from resh.events.event import WorkflowEnded
from resh.render.bar import shares
from resh.render.events import event_line
from resh.state.runs import RunRecord, StepRecord
from resh.text import one_line
from resh.workflows.cleanup import STEP as CLEANUP
from resh.workflows.runner import Running
from resh.workflows.standing import Standing

_BAR = 10


def run_run(context: Context, rows: Rows, name: str, wait: bool, follow: bool, step: tuple[str, ...]) -> Rows:
    if any(one.action == CLEANUP and one.name in (step or (one.name,)) for one in definition(context, name).steps):
        agree_to_clean(context)
    if follow or wait or not context.interactive:
        yield from following.follow(context, name, quiet=not follow, steps=step)
        return
    handle = context.app.runner.start(name, by=context.user, steps=step)
    yield f"{name} {handle.id} started"


def run_stop(context: Context, rows: Rows, run: str, scope: tuple[str, ...]) -> Rows:
    for part in scope or ("",):
        whole = context.app.runner.stop(run, by=context.user, scope=part)
        yield f"{f'{whole} in {run}' if whole else run} is asked to stop"


def run_running(context: Context, rows: Rows) -> Iterator[Sheet]:
    now = context.app.clock.now()
    for running in context.app.runner.running():
        standing = context.app.runner.standing(running)
        told = {
            **_record(running.record, now),
            "step": running.step,
            "progress": f"{standing.percent} %" if standing else "",
            "left": format_duration(max(0.0, standing.ends - now)) if standing and standing.ends else "",
            "here": running.here,
        }
        yield Sheet(told, partial(_tree, running, told, standing, now))


def _tree(running: Running, told: Row, standing: Standing | None, now: float, columns: int) -> Iterator[str]:
    """The run, its steps so far, and of the one that runs every cloud, account and region."""
    whole = " ".join(filter(None, (told["workflow"], told["run"], told["progress"])))
    elsewhere = () if running.here else (f"in process {running.record.pid} on {running.record.host}",)
    rest = words(standing, now) if standing else ()
    yield " · ".join((whole, told["duration"], f"by {told['by']}", *elsewhere, *rest))
    for step in running.record.steps:
        yield f"  {one_line(step.name)} {step.status}{f': {one_line(step.summary)}' if step.summary else ''}"
    if standing:
        yield from (f"  {line}" for line in progress_lines(standing.leaves, columns - 2))


def run_history(
    context: Context, rows: Rows, name: str | None, limit: int, started_after: str | None, started_before: str | None, has_errors: bool
) -> Rows:
    now = context.app.clock.now()
    after = parse_time(started_after, now) if started_after else 0.0
    before = parse_time(started_before, now) if started_before else float("inf")
    context.app.runner.close_interrupted()
    if name:
        _ever(context, name)
    for record in reversed([*context.app.tables.runs.all()]):
        if limit <= 0:
            return
        if name in (None, record.workflow) and after <= record.started <= before and (record.problems or not has_errors):
            limit -= 1
            yield {**_record(record, now), "changes": _changes(record), "steps": _steps(context, record, now)}


def _ever(context: Context, name: str) -> None:
    """A workflow that there is, or was."""
    if not context.app.tables.runs.last(1, workflow=name):
        definition(context, name)


def _changes(record: RunRecord) -> str:
    counts = [step.counts for step in record.steps if "created" in step.counts]
    sums = {sign: sum(one[what] for one in counts) for sign, what in (("+", "created"), ("~", "updated"), ("-", "deleted"))}
    return " ".join(f"{sign}{number}" for sign, number in sums.items()) if counts else ""


def _steps(context: Context, record: RunRecord, now: float) -> object:
    """How long each step took: with a small bar for people, as numbers for programs."""
    seconds = [_seconds(step, now) for step in record.steps]
    if context.columns is None:
        return [{"name": step.name, "status": step.status, "seconds": took} for step, took in zip(record.steps, seconds, strict=True)]
    drawn = shares(seconds, _BAR)
    return "  ".join(f"{step.name} {part}{format_duration(took)}" for step, part, took in zip(record.steps, drawn, seconds, strict=True))


def _seconds(step: StepRecord, now: float) -> float:
    return round((step.ended or now) - step.started, 3)


def run_log(context: Context, rows: Rows, run: str, follow: bool) -> Iterator[str]:
    app = context.app
    app.runner.close_interrupted()
    record = app.tables.runs.get(run)
    if record is None:
        raise ReshError(f"there is no run '{run}'", "workflows history lists them")
    events = app.log.of_run(record.id)
    told = "\n".join(event.text for event in events)
    yield from (event_line(event, context.sink.colour) for event in events)
    if follow and record.status == "running":
        yield from _rest(context, record.id, events[-1].seq if events else 0)
    else:
        yield from (problem for problem in record.problems if problem not in told)
    for line in app.tables.outputs.lines(record.id):
        yield f"{'!' if line.error else '|'} {one_line(line.text)}"


def _rest(context: Context, run: str, after: int) -> Iterator[str]:
    """What still comes, whichever process it comes from."""
    try:
        for event in context.app.log.follow(after, context.cancel, idle=partial(_look, context, run)):
            if event.run == run:
                yield event_line(event, context.sink.colour)
                if isinstance(event, WorkflowEnded):
                    return
    finally:
        context.sink.live([])
    context.cancel.check()


def _look(context: Context, run: str) -> None:
    """Draw how far it is; a run whose process is gone is closed, and so ends what follows it."""
    runner = context.app.runner
    runner.close_interrupted()
    if context.columns:
        running = next((running for running in runner.running() if running.id == run), None)
        standing = runner.standing(running) if running else None
        context.sink.live(live_lines(context, standing) if standing else [])


def _record(record: RunRecord, now: float) -> Row:
    return {
        "run": record.id,
        "workflow": record.workflow,
        "status": record.status,
        "started": iso(record.started),
        "duration": format_duration(record.seconds(now)),
        "by": record.by,
        "about": record.about,
        "problems": len(record.problems),
    }
