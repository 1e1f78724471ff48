"""A command line that runs without anybody there: of a job, or of a step of a workflow.

What runs it is above these rooms, so it is handed in as a callable when the parts are put together:

    status = run_line(Line("search is(volume) | count", user="ada", role="admin"), output, cancel)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Protocol

from resh.cancel import Cancel
from resh.record import Record

_ERROR = "resh: "
"""How a script is told of an error."""


class Line(Record):
    """`role` is what it may do, `local` whether it may touch files of this machine, `env` the variables that were set for it."""

    text: str
    user: str
    role: str
    local: bool = True
    env: Mapping[str, str] = MappingProxyType({})


class Output(Protocol):
    def write(self, text: str) -> None: ...

    def note(self, text: str) -> None:
        """A line of diagnostics."""
        ...


def diagnosis(notes: Collection[str]) -> str:
    """What went wrong, of all that was noted: lines after an error show its place."""
    errors = [note for note in notes if note.startswith(_ERROR)] or list(notes)
    return errors[-1].removeprefix(_ERROR) if errors else ""


LineRunner = Callable[[Line, Output, Cancel], int]
"""The exit status; what goes wrong is a note. Raises nothing but what a mistake of ours raises."""

chain: ContextVar[tuple[str, ...]] = ContextVar("chain", default=())
"""The jobs that whatever happens here is a part of. Threads of runs and handlers inherit it: no job starts itself, whichever way round."""
