"""`watch`: a line again and again. On a terminal each result takes the place of the one before, with what is different in reverse.

watch 5 search is(volume) | count volume_status
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from itertools import count

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.desk import Desk, Shown
from resh.commands.line import WHOLE, unquote
from resh.durations import format_duration, parse_duration
from resh.errors import BadValue, Cancelled, ReshError, UsageError
from resh.text import Drawn, fit, one_line, sanitise

_SHORTEST = 0.1
_WORD = re.compile(r"\s+|\S+")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_AROUND = 3  # lines of the screen that are not the result: the title, the prompt, and what is below it
_ROWS = 24


def run(context: Context, rows: Rows, seconds: str, line: str, times: int | None) -> Rows:
    if context.desk is None:
        raise ReshError("there is no session that could run it again", "use watch in a shell or a script")
    pause, line = _pause(seconds), unquote(line).strip()
    if line.split(None, 1)[:1] == [WHOLE]:
        raise UsageError("watch: the line is one of watch itself", "leave one of them out")
    if context.columns is None:
        for shown in _results(context, context.desk, line, pause, times):
            yield from shown.lines
        return
    view = _View(context, line, pause)
    try:
        for shown in _results(context, context.desk, line, pause, times):
            view.draw(shown.lines)
    except Cancelled:
        view.leave()
        raise
    yield from view.last


def _results(context: Context, desk: Desk, line: str, pause: float, times: int | None) -> Iterator[Shown]:
    for number in count() if times is None else range(times):
        if number:
            context.cancel.wait(pause)
        context.cancel.check()
        shown = desk.run(line, context.cancel)
        context.cancel.check()
        context.status = shown.status
        yield shown


def _pause(text: str) -> float:
    try:
        seconds = float(text) if _NUMBER.fullmatch(text) else parse_duration(text)
    except BadValue as error:
        raise UsageError(f"watch: {error.message}", "seconds come first: watch 5 search is(volume) | count") from None
    if seconds < _SHORTEST:
        raise UsageError(f"watch: '{text}' is too short", f"{_SHORTEST} seconds at least")
    return seconds


class _View:
    """Results one over the other, as much of them as fits on the screen."""

    def __init__(self, context: Context, line: str, pause: float) -> None:
        self._context = context
        self._title = f"every {format_duration(pause)}: {one_line(line)}"
        self._before: Sequence[str] | None = None
        self.last: Sequence[str] = ()

    def draw(self, lines: Sequence[str]) -> None:
        columns, room = self._size()
        self.last = [sanitise(line.expandtabs(4)) for line in lines]
        shown = [fit(line, columns) for line in self.last[:room]]
        clock = time.strftime("%H:%M:%S", time.localtime(self._context.app.clock.now()))
        left = [f"… {len(self.last) - room} lines more"] if len(self.last) > room else []
        marked = shown if self._before is None else list(changes(self._before, shown, self._context.sink.colour))
        self._context.sink.live([fit(f"{self._title} · {clock}", columns), *marked, *left])
        self._before = shown

    def leave(self) -> None:
        self._context.sink.live([])
        self._context.sink.write("".join(f"{line}\n" for line in self.last))

    def _size(self) -> tuple[int, int]:
        rows = self._context.desk.rows if self._context.desk else None
        columns = (self._context.desk.columns if self._context.desk else None) or self._context.columns or 80
        return max(1, columns - 1), max(1, (rows or _ROWS) - _AROUND)


def changes(before: Sequence[str], now: Sequence[str], colour: bool) -> list[str]:
    """The lines with words in reverse that are not what they were; without colours, lines that changed begin with *."""
    known = set(before)
    return [line if line in known else _marked(before[n] if n < len(before) else "", line, colour) for n, line in enumerate(now)]


def _marked(before: str, line: str, colour: bool) -> str:
    if not colour:
        return f"* {line}"
    old, new = _WORD.findall(before), _WORD.findall(line)
    same = len(old) == len(new)
    words = (w if w.isspace() or (same and w == old[n]) or (not same and w in old) else f"\x1b[7m{w}\x1b[0m" for n, w in enumerate(new))
    return Drawn("".join(words))


WATCH = Command(
    "watch",
    run,
    "run a line again and again, and show what changes",
    SOURCE,
    arguments=(
        Argument("seconds", help="how long to wait in between: 5, 30s, 2m", complete="duration"),
        Argument("line", help="the line, with everything behind it up to its end", raw=True, foreign=True, complete="line"),
    ),
    options=(Option("times", int, None, "how often, if not until Ctrl-C"),),
    help="On a terminal each result takes the place of the one before, and what is different is in reverse. In a script they come one "
    "after the other. The line may have | in it.",
    examples=(
        ("watch --times 2 1 search is(volume) | count volume_status", "twice"),
        ("watch --times 1 30s workflows running", "how far everything is, every half minute"),
    ),
)
