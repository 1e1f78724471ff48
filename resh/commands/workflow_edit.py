"""Workflows of people's own, for `workflows`: written, copied, deleted, switched on and off, scheduled."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from resh.clock import iso
from resh.commands.base import Context, Role, Row, Rows
from resh.commands.checked import checked
from resh.commands.line import unquote
from resh.durations import format_duration
from resh.errors import Denied, ReshError, UsageError
from resh.events.trigger import checked as checked_trigger
from resh.state.workflows import Written
from resh.text import did_you_mean
from resh.workflows.builtin import BUILT_IN
from resh.workflows.definition import Workflow
from resh.workflows.written import read, write


def definition(context: Context, name: str) -> Workflow:
    """The workflow of a name. Raises UsageError with the nearest names."""
    definitions = context.app.runner.definitions
    if name not in definitions:
        raise UsageError(f"there is no workflow '{name}'", did_you_mean(name, definitions) or f"one of {', '.join(definitions)}")
    return definitions[name]


def row(workflow: Workflow) -> Row:
    return {
        "name": workflow.name,
        "steps": ", ".join(step.name for step in workflow.steps),
        "schedule": workflow.schedule,
        "event": workflow.event,
        "enabled": workflow.enabled,
        "by": workflow.author.user if workflow.author else "built in",
        "description": workflow.description,
    }


def run_add(context: Context, rows: Rows, name: str, text: str) -> Rows:
    if name in context.app.runner.definitions:
        remedy = (
            f"workflows copy {name} my_{name} makes one that you may change" if name in BUILT_IN else f"workflows edit {name} replaces it"
        )
        raise UsageError(f"there is a workflow {name} already", remedy)
    yield row(_put(context, name, unquote(text)))


def run_edit(context: Context, rows: Rows, name: str, text: str) -> Rows:
    _own(context, name)
    yield row(_put(context, name, unquote(text)))


def run_copy(context: Context, rows: Rows, name: str, new: str) -> Rows:
    if new in context.app.runner.definitions:
        raise UsageError(f"there is a workflow {new} already", f"workflows delete {new} makes room")
    copied = definition(context, name)
    # two that begin at the same time for no reason of their own help nobody
    yield row(_put(context, new, write(copied.changed(schedule="", event="", at_start=False))))


def run_delete(context: Context, rows: Rows, name: str) -> Rows:
    workflow = _own(context, name)
    if any(running.workflow == name for running in context.app.runner.running()):
        raise ReshError(f"{name} is running", "workflows stop ends it")
    context.app.tables.workflows.remove(name)
    context.app.settings_changed()
    yield row(workflow)


def run_enable(context: Context, rows: Rows, name: str) -> Rows:
    yield row(_switch(context, name, True))


def run_disable(context: Context, rows: Rows, name: str) -> Rows:
    yield row(_switch(context, name, False))


def run_schedule(context: Context, rows: Rows, name: str | None, expression: str | None) -> Iterator[Row]:
    if name is not None and expression is not None:
        _schedule(context, name, unquote(expression).strip())
    elif name is not None:
        definition(context, name)
    now = context.app.clock.now()
    for one in context.app.scheduler.upcoming():
        if name in (None, one.name):
            yield {"name": one.name, "next": iso(one.at), "in": format_duration(max(0.0, one.at - now)), "schedule": one.expression}


def _schedule(context: Context, name: str, expression: str) -> None:
    if context.role < Role.operator:
        raise Denied(
            f"workflows schedule with a schedule needs the role operator; yours is {context.role.name}", "ask an admin for another"
        )
    if expression:
        from resh.timing import parse

        parse(expression)
    if name in BUILT_IN:
        path = f"workflows.{name}.schedule"
        context.app.tables.settings.store(path, expression)
        if context.app.settings.source(path) in ("default", "state"):
            context.app.settings.set(path, expression, "state")
        else:
            context.sink.note(f"{path} is stored, but here the value from the {context.app.settings.source(path)} counts")
    else:
        workflow = _own(context, name)
        _put(context, name, write(workflow.changed(schedule=expression)))
    context.app.settings_changed()


def _own(context: Context, name: str) -> Workflow:
    if name in context.app.runner.definitions.keys() - BUILT_IN.keys():
        return context.app.runner.definitions[name]
    if name in BUILT_IN:
        raise UsageError(f"{name} is built in", f"workflows copy {name} my_{name} makes one that you may change")
    return definition(context, name)


def _put(context: Context, name: str, text: str) -> Workflow:
    """Keep it as its author wrote it, when all of it is right."""
    app = context.app
    workflow = read(name, text, _actions(context))
    for number, step in enumerate(workflow.steps, 1):
        if step.action == "run":
            _check_line(step.what, number, context)
    known = {*app.event_names, *(f"{frame}{step.name}" for step in workflow.steps for frame in ("pre_", "", "post_"))}
    for trigger in (workflow.event, *(step.what for step in workflow.steps if step.action == "wait")):
        if trigger:
            checked_trigger(trigger, known)
    before = app.tables.workflows.all().get(name)
    enabled = before.enabled if before else True
    app.tables.workflows.put(Written(name, text, enabled, context.user, context.role.name, context.local, dict(context.given)))
    app.settings_changed()
    return app.runner.definitions[name]


def _check_line(line: str, number: int, context: Context) -> None:
    try:
        checked(line, context)
    except ReshError as error:
        error.message = f"step {number}: {error.message}"
        raise


def _actions(context: Context) -> Collection[str]:
    return [step.action for workflow in BUILT_IN.values() for step in workflow.steps]


def _switch(context: Context, name: str, enabled: bool) -> Workflow:
    definition(context, name)
    stored = context.app.tables.workflows
    stored.put(replace(stored.all().get(name, Written(name)), enabled=enabled))
    context.app.settings_changed()
    return definition(context, name)
