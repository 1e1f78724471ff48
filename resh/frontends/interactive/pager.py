r"""Results that are longer than the screen: in the pager of the settings, at a terminal of this machine, else page by page.

with pager.paged(cancel) as write: write("a line\n")

Lines are held until there are more than fit, or for a moment: what comes slowly prints as it comes, and is never paged.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from enum import Enum
from typing import TYPE_CHECKING

from resh.text import width

if TYPE_CHECKING:
    import subprocess

    from resh.commands.base import Sink

HOLD_SECONDS = 0.25
_BELOW = 2  # lines of a screen that the prompt needs
_DRAWING = r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\"
BUILT_IN = "built-in"
Size = Callable[[], tuple[int, int]]


class More(Enum):
    """What somebody wants to see at the end of a page."""

    page = "page"
    line = "line"
    all = "all"
    nothing = "nothing"


class Left(Exception):
    """Nobody wants to see more."""


def command(setting: str, local: bool) -> Sequence[str]:
    """The program of the setting; none where there is none to start."""
    import shlex
    import shutil

    try:
        words = shlex.split(setting)
    except ValueError:
        return ()
    return words if local and words and words[0] != BUILT_IN and shutil.which(words[0]) else ()


class Pager:
    """`size` gives columns and rows now; `ask` waits for what somebody at the end of a page wants; `waiting` counts how long one reads."""

    def __init__(
        self,
        sink: Sink,
        size: Callable[[], tuple[int, int]],
        ask: Callable[[], More],
        program: Callable[[], Sequence[str]],
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._sink = sink
        self._size = size
        self._ask = ask
        self._program = program
        self._waiting = waiting
        self._page: _Page | None = None

    @contextmanager
    def paged(self) -> Iterator[Callable[[str], None]]:
        self._page = page = _Page(self._sink, self._size, self._ask, self._program(), self._waiting)
        try:
            yield page.write
        except Left:
            pass
        finally:
            page.close()

    def end(self) -> None:
        """The session ends, and so does the program that shows something."""
        if self._page:
            self._page.end()


class _Page:
    def __init__(
        self, sink: Sink, size: Size, ask: Callable[[], More], program: Sequence[str], waiting: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._sink, self._size, self._ask, self._program, self._waiting = sink, size, ask, program, waiting
        self._held: list[str] = []
        self._height = 0
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._through = False
        self._process: subprocess.Popen[bytes] | None = None
        self._left: int | None = None
        """Rows of the screen that are free, where we turn the pages."""

    def write(self, text: str) -> None:
        with self._lock:
            if not self._through and self._process is None and self._left is None:
                self._hold(text)
                return
        self._pass(text)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._print_held()
        if self._process is not None:
            with self._waiting():
                _finish(self._process)

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def _hold(self, text: str) -> None:
        columns, rows = self._size()
        self._held.append(text)
        self._height += rows_of(text, columns)
        if self._height > rows - _BELOW:
            self._begin()
        elif self._timer is None:
            self._timer = threading.Timer(HOLD_SECONDS, self._print_held)
            self._timer.daemon = True
            self._timer.start()

    def _print_held(self) -> None:
        """It was not longer than the screen, or comes slowly."""
        with self._lock:
            held, self._held = self._held, []
            if self._process is None and self._left is None:
                self._through = True
                if held:
                    self._sink.write("".join(held))

    def _begin(self) -> None:
        if self._timer:
            self._timer.cancel()
        held, self._held = self._held, []
        if self._program:
            import subprocess

            self._sink.live([])  # the screen is the program's now
            with suppress(OSError):
                self._process = subprocess.Popen(self._program, stdin=subprocess.PIPE)
        if self._process is None:
            self._left = self._size()[1] - 1
        for text in held:
            self._pass(text)

    def _pass(self, text: str) -> None:
        if self._process is not None:
            self._feed(self._process, text)
        elif self._left is not None:
            self._turn(text)
        else:
            self._sink.write(text)

    def _feed(self, process: subprocess.Popen[bytes], text: str) -> None:
        assert process.stdin is not None
        try:
            with self._waiting():  # nearly all of the time is that of a person who reads what came before
                process.stdin.write(text.encode("utf-8", "replace"))
                process.stdin.flush()
        except (BrokenPipeError, ValueError):
            raise Left from None

    def _turn(self, text: str) -> None:
        columns, rows = self._size()
        height = rows_of(text, columns)
        if self._left is not None and height > self._left:
            match self._ask():
                case More.page:
                    self._left = rows - 1
                case More.line:
                    self._left = height
                case More.all:
                    self._left, self._through = None, True
                case More.nothing:
                    raise Left
        if self._left is not None:
            self._left = max(0, self._left - height)
        self._sink.write(text)


def _finish(process: subprocess.Popen[bytes]) -> None:
    """Until the person leaves it."""
    with suppress(OSError):
        if process.stdin:
            process.stdin.close()
    process.wait()


def rows_of(text: str, columns: int) -> int:
    """Rows of a screen that the text takes, line feeds included."""
    plain = re.sub(_DRAWING, "", text) if "\x1b" in text else text
    return sum(max(1, -(-width(line) // max(1, columns))) for line in plain.removesuffix("\n").split("\n"))
