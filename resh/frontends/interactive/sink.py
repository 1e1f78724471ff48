"""Output to a terminal: result text, notes, and live lines that are drawn over until they are done."""

from __future__ import annotations

import threading
from collections.abc import Callable

from resh.text import Drawn, fit, sanitise

NO_LINKS = (None, "", "dumb", "linux", "vt100")
"""Terminals (TERM) that would show the sequence of a link, or have nothing to follow one with."""
_CLEAR = "\r\x1b[2K"
_UP_AND_CLEAR = "\x1b[1A\x1b[2K"


class TerminalSink:
    """`emit` takes text for the terminal, from any thread; `size` tells its columns now."""

    def __init__(self, emit: Callable[[str], object], size: Callable[[], int], *, colour: bool, links: bool = False) -> None:
        self._emit = emit
        self._size = size
        self._live = 0
        self._spoken = False
        self._lock = threading.Lock()
        self.colour = colour
        self.links = links

    @property
    def columns(self) -> int | None:
        return self._size() or 80

    def write(self, text: str) -> None:
        with self._lock:
            self._spoken = True
            self._emit(self._erase() + text)

    def note(self, text: str) -> None:
        said = sanitise(text)
        self.write(f"\x1b[31m{said}\x1b[0m\n" if self.colour else f"{said}\n")

    def live(self, lines: list[str]) -> None:
        with self._lock:
            self._spoken = True
            self._draw(lines)

    def begin(self) -> None:
        """A line begins to run, and has said nothing yet."""
        with self._lock:
            self._spoken = False

    def still(self, text: str) -> bool:
        """Draw that it runs, unless it has said something itself; whether it is worth saying again."""
        with self._lock:
            if not self._spoken:
                self._draw([text])
            return not self._spoken

    def _draw(self, lines: list[str]) -> None:
        width = (self.columns or 80) - 1
        erase = self._erase()
        self._live = len(lines)
        self._emit(erase + "".join(f"{line if isinstance(line, Drawn) else fit(line, width)}\n" for line in lines))

    def _erase(self) -> str:
        """Also what the terminal itself has echoed below, such as ^C."""
        count, self._live = self._live, 0
        return _CLEAR + _UP_AND_CLEAR * count if count else ""
