"""What a session offers to its commands (`resh/commands/desk.py` says what). What only a terminal can do its front end hands in.

session.desk.terminal = Terminal(size, offer, recorder)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from resh.cancel import Cancel
from resh.commands.desk import Shown, Typed
from resh.errors import ReshError
from resh.record import Record

if TYPE_CHECKING:
    from resh.shell.session import Session

_SLOW_SECONDS = 1.0


class Recorder(Protocol):
    def start(self, file: Path) -> None: ...

    def stop(self) -> Path: ...


class TerminalPart(Record):
    """`size` gives columns and rows now; `offer` puts a text into the next prompt."""

    size: Callable[[], tuple[int, int]]
    offer: Callable[[str], None]
    recorder: Recorder | None = None


class CapturingSink:
    """Keeps what is written as lines."""

    colour = False
    links = False

    def __init__(self, columns: int | None) -> None:
        self.columns = columns
        self._text: list[str] = []

    def write(self, text: str) -> None:
        self._text.append(text)

    def note(self, text: str) -> None:
        self._text.append(f"{text}\n")

    def live(self, lines: list[str]) -> None:
        """Nobody looks."""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple("".join(self._text).split("\n")[:-1])


class SessionDesk:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._timing = ""
        self.waited = 0.0
        """Seconds of the line that were a person's: who reads, or answers a question."""
        self.terminal: TerminalPart | None = None

    @property
    def timing(self) -> str:
        return self._timing or self._session.app.settings.text("shell.timing")

    @timing.setter
    def timing(self, when: str) -> None:
        self._timing = when

    def took(self, seconds: float) -> str:
        """What to tell of a line that took so long; nothing, as a rule. It is not the line that takes long where somebody reads."""
        seconds -= self.waited
        try:
            timing = self.timing
        except ReshError:  # a state folder in trouble is told of by the line itself
            return ""
        if timing != "on" and (timing == "off" or seconds < _SLOW_SECONDS):
            return ""
        count = self._session.remembered.count
        rows = f"{count:,} row{'' if count == 1 else 's'} in " if count else ""
        return f"{rows}{seconds:.2f} s"

    @contextmanager
    def waiting(self) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.waited += perf_counter() - began

    @property
    def owns_terminal(self) -> bool:
        return self.terminal is not None and self._session.local

    @property
    def columns(self) -> int | None:
        return self.terminal.size()[0] if self.terminal else None

    @property
    def rows(self) -> int | None:
        return self.terminal.size()[1] if self.terminal else None

    def typed(self) -> Sequence[Typed]:
        return self._session.history.typed()

    def run(self, line: str, cancel: Cancel) -> Shown:
        from resh.shell.evaluate import evaluate_quietly
        from resh.shell.session import Session

        one, sink = self._session, CapturingSink(self.columns or self._session.sink.columns)
        other = Session(
            one.app, user=one.user, role=one.role, sink=sink, local=one.local, env=one.env, agreed=one.agreed, output=one.output,
            key=one.key,
        )  # fmt: skip
        other.remembered = one.remembered
        return Shown(evaluate_quietly(other, line, cancel), sink.lines)

    def offer(self, line: str) -> None:
        if self.terminal is None:
            raise ReshError("there is no prompt here", "type the line yourself")
        self.terminal.offer(line)

    def record(self, file: Path) -> None:
        self._recorder().start(file)

    def end_record(self) -> Path:
        return self._recorder().stop()

    def _recorder(self) -> Recorder:
        if self.terminal is None or self.terminal.recorder is None:
            raise ReshError("there is no terminal to record here", "record in a shell at a terminal")
        return self.terminal.recorder
