"""The calls that a command makes to clouds, counted for `calls`.

with counted(context, "tag") as counting:
    while chunk := ...:
        with counting:                      # no row may leave in here: what others call meanwhile is theirs
            results = list(change(chunk))
        yield from results
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from resh.commands.base import Context
from resh.providers.counting import Counting
from resh.state.calls import COMMANDS


@contextmanager
def counted(context: Context, command: str) -> Iterator[Counting]:
    """However the command ends, what it has called until then is kept."""
    counting = Counting(command)
    try:
        yield counting
    finally:
        if error := counting.keep(context.app.tables.calls, COMMANDS, lambda: context.app.graph.accounts()):
            context.sink.note(f"{error.message}{f' ({error.hint})' if error.hint else ''}")
