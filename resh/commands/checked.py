"""A line for later, held against everything that can be known now: its commands, roles, options and searches. Nothing runs.

checked("search is(volume) and age > @NOW@ | clean 'too old'", context)
"""

from __future__ import annotations

from resh.commands import pipeline
from resh.commands.base import Context
from resh.commands.line import Stage, split
from resh.commands.pipeline import Ready
from resh.errors import UsageError
from resh.record import Record


class Checked(Record):
    """One pipeline: its stages with their commands, and how many of them are one search."""

    stages: tuple[Ready, ...]
    searching: int


def checked(text: str, context: Context) -> list[Checked]:
    """Raises what the line would, with its place in the line."""
    found = [(one, _context(context, {**context.given, **one.env})) for one in split(text)]
    if not found:
        raise UsageError("the command line is empty", "such as 'search is(volume) | count'")
    return [_checked(one.stages, own, text) for one, own in found]


def _checked(stages: tuple[Stage, ...], context: Context, text: str) -> Checked:
    ready = pipeline.resolve(stages, context, text)
    pipeline.rows(ready, context, text)
    if context.query is not None:
        context.app.search(context.query)
    searching = next((number for number, one in enumerate(ready) if one.command.fuse is None), len(ready))
    return Checked(tuple(ready), searching)


def _context(context: Context, env: dict[str, str]) -> Context:
    """As when nobody is there."""
    return Context(context.app, context.user, context.role, context.sink, context.cancel, env=env, given=env, local=context.local)
