"""`workflows`: list, show, run, stop, and look back at runs."""

from __future__ import annotations

from collections.abc import Iterator

from resh.clock import iso
from resh.commands import follow as following
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Role, Row, Rows
from resh.durations import format_duration
from resh.errors import ReshError, UsageError
from resh.events.event import WorkflowEnded
from resh.render.events import event_line
from resh.state.runs import RunRecord
from resh.text import did_you_mean
from resh.workflows.definition import Workflow


def run_list(context: Context, rows: Rows) -> Rows:
    settings = context.app.settings
    known = {setting.path for setting in settings}
    for workflow in context.app.runner.definitions.values():
        path = f"workflows.{workflow.name}.schedule"
        yield {
            "name": workflow.name,
            "steps": ", ".join(step.name for step in workflow.steps),
            "schedule": settings.text(path) if path in known else "",
            "description": workflow.description,
        }


def run_show(context: Context, rows: Rows, name: str) -> Rows:
    for step in _definition(context, name).steps:
        events = [f"pre_{step.name}", step.name, f"post_{step.name}"]
        yield {
            "step": step.name,
            "action": step.action,
            "timeout": format_duration(step.timeout),
            "on_error": step.on_error,
            "events": events,
        }


def run_run(context: Context, rows: Rows, name: str, wait: bool, follow: bool) -> Rows:
    _definition(context, name)
    if follow or wait or not context.interactive:
        yield from following.follow(context, name, quiet=not follow)
        return
    handle = context.app.runner.start(name, by=context.user)
    yield f"{name} {handle.id} started"


def run_stop(context: Context, rows: Rows, run: str) -> Rows:
    context.app.runner.stop(run, by=context.user)
    yield f"{run} is asked to stop"


def run_running(context: Context, rows: Rows) -> Rows:
    app = context.app
    for running in app.runner.running():
        handle = running.handle
        percent = f"{handle.percent} %" if handle else ""
        yield {**_record(running.record, app.clock.now()), "step": running.step, "progress": percent, "here": running.here}


def run_history(context: Context, rows: Rows, name: str | None, limit: int) -> Rows:
    now = context.app.clock.now()
    context.app.runner.close_interrupted()
    for record in context.app.tables.runs.last(limit, workflow=_definition(context, name).name if name else ""):
        yield _record(record, now)


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


def _rest(context: Context, run: str, after: int) -> Iterator[str]:
    """What still comes, whichever process it comes from."""
    for event in context.app.log.follow(after, context.cancel):
        if event.run == run:
            yield event_line(event, context.sink.colour)
            if isinstance(event, WorkflowEnded):
                return
    context.cancel.check()


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


def _definition(context: Context, name: str) -> Workflow:
    definitions = context.app.runner.definitions
    if name not in definitions:
        raise UsageError(f"there is no workflow '{name}'", did_you_mean(name, definitions) or f"one of {', '.join(definitions)}")
    return definitions[name]


_NAME = Argument("name", help="name of a workflow", complete="workflow")
_RUN = Argument("run", help="id of a run, such as 01a7", complete="run")

WORKFLOWS = Command(
    "workflows",
    None,
    "list, run, follow, stop and look back at workflows",
    SOURCE,
    help="A workflow is a list of steps; each step is framed by the events pre_<step>, <step> and post_<step>.",
    subcommands=(
        Command("list", run_list, "all workflows with their schedules", examples=(("workflows list", "what can be run"),)),
        Command(
            "show", run_show, "the steps of a workflow", arguments=(_NAME,), examples=(("workflows show collect_and_cleanup", "its steps"),)
        ),
        Command(
            "run",
            run_run,
            "start a workflow",
            role=Role.operator,
            arguments=(_NAME,),
            options=(Option("wait", help="until it ends"), Option("follow", help="until it ends, and print what happens")),
            help="Exit status with --wait or --follow: 0 ok, 3 partial, 1 failed, 130 cancelled. Ctrl-C then cancels the run. "
            "In a script it always waits: the run would end with the script.",
            examples=(("workflows run metrics --follow", "generate metrics and see the events"),),
        ),
        Command(
            "stop",
            run_stop,
            "cancel a run",
            role=Role.operator,
            arguments=(_RUN,),
            examples=(("workflows stop 01a7", "its calls end, nothing new begins"),),
        ),
        Command("running", run_running, "what runs now", examples=(("workflows running", "runs of every resh on this state folder"),)),
        Command(
            "history",
            run_history,
            "past runs, newest first",
            arguments=(Argument("name", required=False, help="only of this workflow", complete="workflow"),),
            options=(Option("limit", int, 10, "how many runs"),),
            examples=(("workflows history --limit 3", "the last three runs"),),
        ),
        Command(
            "log",
            run_log,
            "the events of a run",
            arguments=(_RUN,),
            options=(Option("follow", help="until it ends"),),
            examples=(("workflows log 01a7", "all that happened in it"),),
        ),
    ),
)
