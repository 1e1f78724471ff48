"""Workflows as people write them, in YAML.

description: What the night is for.
schedule: 0 3 * * *                    # and event: post_collect counts.created>0, start: true
running: wait                          # when it is running already: skip, wait, replace, parallel
steps:
- collect                              # a built-in step
- step: cleanup_plan
  timeout: 10m
  on_error: stop
- run: search is(volume) | count
  name: report
- emit: night_is_over
- wait: workflow_ended workflow=other

read("nightly", text, actions)         # Workflow; UsageError names what is wrong, and where
write(workflow)                        # such a text
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast, get_args

from resh.durations import parse_duration
from resh.errors import BadValue, UsageError
from resh.events.table import EVENTS
from resh.text import did_you_mean
from resh.timing import parse as parse_schedule
from resh.workflows.definition import OnError, Step, WhenRunning, Workflow

FORM = "such as 'steps: [collect, {run: search is(volume) | count, name: report}]'"
_KEYS = ("description", "schedule", "event", "start", "running", "steps")
_SORTS = ("step", "run", "emit", "wait")
_STEP_KEYS = (*_SORTS, "name", "timeout", "on_error")
_NAME = re.compile(r"[A-Za-z][\w-]{0,63}")
_STEP_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOUR = 3600.0


def read(name: str, text: str, actions: Collection[str]) -> Workflow:
    """`actions` are the names of the built-in steps. Events and command lines are not looked at here."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a workflow", "a name has letters, digits, _ and -, and begins with a letter")
    tree = _tree(text)
    _refuse_unknown(tree, _KEYS, "a workflow")
    steps = tuple(_steps(tree.get("steps"), actions))
    schedule = str(tree.get("schedule") or "")
    if schedule:
        parse_schedule(schedule)
    return Workflow(
        name,
        steps,
        str(tree.get("description") or ""),
        schedule=schedule,
        event=str(tree.get("event") or ""),
        at_start=_flag(tree.get("start", False)),
        when_running=cast(WhenRunning, _one_of(str(tree.get("running", "skip")), get_args(WhenRunning), "running")),
    )


def write(workflow: Workflow) -> str:
    import yaml

    tree = {
        "description": workflow.description,
        "schedule": workflow.schedule,
        "event": workflow.event,
        "start": workflow.at_start,
        "running": workflow.when_running if workflow.when_running != "skip" else "",
        "steps": [_written(step) for step in workflow.steps],
    }
    text: str = yaml.safe_dump({key: value for key, value in tree.items() if value}, sort_keys=False, width=120, allow_unicode=True)
    return text.rstrip()


def _written(step: Step) -> str | dict[str, Any]:
    from resh.durations import written

    sort = step.action if step.action in _SORTS else "step"
    told: dict[str, Any] = {sort: step.what or (step.name if sort == "emit" else step.action)}
    if step.name not in told.values():
        told["name"] = step.name
    if step.timeout != _usual(sort):
        told["timeout"] = written(step.timeout)
    if step.on_error != "continue":
        told["on_error"] = step.on_error
    return step.name if told == {"step": step.name} else told


def _tree(text: str) -> Mapping[str, Any]:
    import yaml

    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise UsageError(f"the workflow is no YAML: {getattr(error, 'problem', '') or 'it does not parse'}{place}", FORM) from None
    if not isinstance(tree, dict):
        raise UsageError("a workflow has steps", FORM)
    return tree


def _steps(given: Any, actions: Collection[str]) -> Iterator[Step]:
    if not isinstance(given, list) or not given:
        raise UsageError("a workflow has steps, a list of them", FORM)
    taken: set[str] = set()
    for number, one in enumerate(given, 1):
        try:
            step = _step(one, number, actions)
        except UsageError as error:
            raise type(error)(f"step {number}: {error.message}", error.hint) from None
        if step.name in taken:
            raise UsageError(f"step {number}: there is a step '{step.name}' already", "give it a name of its own: name: …")
        taken.add(step.name)
        yield step


def _step(given: Any, number: int, actions: Collection[str]) -> Step:
    told = {"step": given} if isinstance(given, str) else given
    if not isinstance(told, dict):
        raise UsageError(f"'{given}' is no step", f"one of {', '.join(actions)}, or run, emit or wait with what")
    _refuse_unknown(told, _STEP_KEYS, "a step")
    sorts = [sort for sort in _SORTS if sort in told]
    if len(sorts) != 1:
        raise UsageError(f"a step is one of {', '.join(_SORTS)}, not {' and '.join(sorts) or 'none of them'}", FORM)
    (sort,) = sorts
    what = str(told[sort]).strip()
    if not what:
        raise UsageError(f"{sort} says nothing", FORM)
    if sort == "step" and what not in actions:
        raise UsageError(f"there is no built-in step '{what}'", did_you_mean(what, actions) or f"one of {', '.join(actions)}")
    name = str(told.get("name") or (what if sort in ("step", "emit") else f"{sort}_{number}"))
    return Step(
        _checked_name(name),
        what if sort == "step" else sort,
        _seconds(told["timeout"]) if "timeout" in told else _usual(sort),
        cast(OnError, _one_of(str(told.get("on_error", "continue")), get_args(OnError), "on_error")),
        what if sort in ("run", "wait") else "",
    )


def _checked_name(name: str) -> str:
    if not _STEP_NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a step", "a name has lower-case letters, digits and _: its events are called by it")
    if name in EVENTS or name.startswith(("pre_", "post_")):
        raise UsageError(f"'{name}' is the name of another event", "give the step a name of its own")
    return name


def _usual(sort: str) -> float:
    return 3 * _HOUR if sort == "step" else _HOUR


def _seconds(given: Any) -> float:
    seconds = float(given) if isinstance(given, int | float) else parse_duration(str(given))
    if seconds <= 0:
        raise BadValue(f"timeout: '{given}' is no time that a step may take", "write it like 30m; a number is seconds")
    return seconds


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise BadValue(f"start: '{given}' is neither true nor false", "write start: true")
    return given


def _one_of(word: str, choices: tuple[str, ...], key: str) -> str:
    if word not in choices:
        raise UsageError(f"{key}: '{word}' is not one of {', '.join(choices)}", did_you_mean(word, choices))
    return word


def _refuse_unknown(tree: Mapping[Any, Any], known: tuple[str, ...], what: str) -> None:
    for key in tree:
        if key not in known:
            raise UsageError(f"{what} has no '{key}'", did_you_mean(str(key), known) or f"it has {', '.join(known)}")
