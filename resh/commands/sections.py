"""`set_desired` and `set_metadata`: what people want to note at resources, beside what their cloud says of them.

Marks of the clean-up go through the checks of the commands clean and protect: `set_desired clean=false`, `set_metadata protected=true`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any

from resh.cleanup import marking
from resh.cleanup.marking import Marking
from resh.commands.base import FLOW, Argument, Command, Context, Role, Rows
from resh.commands.lookup import node_id
from resh.errors import UsageError
from resh.graph.base import Section

_CHUNK = 1000
_PATH = re.compile(r"\w[\w-]*(?:\.\w[\w-]*)*")
_MARK: dict[Section, str] = {"desired": "clean", "metadata": "protected"}
_OWN: dict[Section, re.Pattern[str]] = {
    "desired": re.compile(r"clean(_\w+)?"),
    "metadata": re.compile(r"protected(_\w+)?|cleaned|expires|stale|last_seen"),
}
"""Keys that resh sets itself, with who did it and why."""


def run(context: Context, rows: Rows, values: tuple[str, ...], section: Section) -> Rows:
    """Each change is one transaction of a thousand resources at most; the resources come out as they are then."""
    patch, mark = _parsed(values, section)
    marked = _marker(context, section, mark) if mark is not None else None
    ids = (node_id(context, row) for row in rows)
    done = refused = 0
    while chunk := list(islice(ids, _CHUNK)):
        context.cancel.check()
        problems = {one.id: one.why for one in marked(chunk) if not one.done} if marked else {}
        if patch:
            context.app.graph.mark([id for id in chunk if id not in problems], section, patch, by=context.user)
        for id in dict.fromkeys(chunk):
            document = context.app.graph.node(id)
            if id in problems or document is None:
                refused += 1
                context.sink.note(f"refused: {id}: {problems.get(id, 'not in the graph')}")
            else:
                done += 1
                yield document
    if refused:
        context.status = 3 if done else 1


def _parsed(values: Sequence[str], section: Section) -> tuple[dict[str, Any], bool | None]:
    """The patch, and the mark if that is among the values. Raises UsageError for what is no key=value or not people's to set."""
    patch: dict[str, Any] = {}
    mark: bool | None = None
    for word in values:
        key, equals, text = word.partition("=")
        if not equals or not _PATH.fullmatch(key):
            raise UsageError(f"'{word}' is no key=value", f"write it like set_{section} owner=ada; key=null takes it away")
        value = _value(text)
        if key == _MARK[section] and isinstance(value, bool | None):
            mark = bool(value)
        elif _OWN[section].fullmatch(key.partition(".")[0]):
            own = "clean, unclean, protect and unprotect set what the clean-up goes by"
            raise UsageError(f"{key} in the section {section} is set by resh itself, with who did it and why", own)
        else:
            _put(patch, key.split("."), value)
    return patch, mark


def _value(text: str) -> Any:
    """A number, true, false, null, a list or an object as JSON has them; else text."""
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _put(patch: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *parents, name = path
    for parent in parents:
        inner = patch.setdefault(parent, {})
        patch = inner if isinstance(inner, dict) else {}
    patch[name] = value


def _marker(context: Context, section: Section, on: bool) -> Callable[[Sequence[str]], list[Marking]]:
    app, by = context.app, context.user
    if not on:
        undo = marking.unclean if section == "desired" else marking.unprotect
        return lambda ids: undo(app.graph, ids, by=by)
    mark = marking.clean if section == "desired" else marking.protect
    return lambda ids: mark(app.graph, app.kinds, ids, reason="", by=by, now=app.clock.now())


def _command(section: Section, summary: str, help: str, examples: tuple[tuple[str, str], ...]) -> Command:
    return Command(
        f"set_{section}",
        partial(run, section=section),
        summary,
        FLOW,
        Role.operator,
        arguments=(Argument("values", help="key=value; dots in the key lead deeper, null takes it away", many=True, complete="free"),),
        help=f"Values are JSON where they can be, else text; collects leave them alone, and history keeps every change. {help}",
        examples=examples,
    )


SET_DESIRED = _command(
    "desired",
    "note at resources how they should be",
    "clean=true and clean=false do what clean and unclean do.",
    (
        ("search is(volume) and volume_type = gp2 | set_desired volume_type=gp3", "what they should become"),
        ("search has_desired_change(volume_type) | count", "how many are not there yet"),
    ),
)
SET_METADATA = _command(
    "metadata",
    "note something at resources",
    "protected=true and protected=false do what protect and unprotect do.",
    (
        ('search is(instance) | set_metadata reviewed=@TODAY@ ticket="OPS 12"', "when somebody looked at them, and why"),
        ("search /metadata.reviewed != null | list id, /metadata.reviewed, /metadata.ticket", "what was looked at"),
    ),
)
