"""What a session offers to commands beyond showing text: lines typed before, the next one, how long things take, a record of the screen.

Commands see it as `context.desk`; the shell makes it (`resh/shell/desk.py`), and the front end of a terminal adds what only it can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from resh.cancel import Cancel
from resh.record import Record

TIMING = ("slow", "on", "off")


class Typed(Record):
    """A line as it was typed, and when (epoch seconds); 0 where an older resh did not keep that."""

    text: str
    at: float = 0.0


class Shown(Record):
    """What a line showed, and how it ended."""

    status: int
    lines: tuple[str, ...]


class Desk(Protocol):
    timing: str
    """Of which lines it is told how long they took: one of TIMING."""

    @property
    def owns_terminal(self) -> bool:
        """Whether a program that is started here may have the terminal for itself."""
        ...

    @property
    def columns(self) -> int | None:
        """Columns of the terminal now."""
        ...

    @property
    def rows(self) -> int | None:
        """Lines of the terminal; None where there is none."""
        ...

    def typed(self) -> Sequence[Typed]:
        """Lines of this user, oldest first."""
        ...

    def run(self, line: str, cancel: Cancel) -> Shown:
        """Another line, of which nothing is shown."""
        ...

    def offer(self, line: str) -> None:
        """The next prompt begins with it. Raises ReshError where there is none."""
        ...

    def record(self, file: Path) -> None:
        """From now on. Raises ReshError where there is no terminal to record, or while another record runs."""
        ...

    def end_record(self) -> Path:
        """The file of the record that ends. Raises ReshError when there is none."""
        ...
