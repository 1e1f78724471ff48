r"""Lines of a script as whole inputs: one goes on in the next after a `\`, an open quote, an open bracket or a `|`.

    list(inputs(["search is(volume) |", "  # the big ones", "count", "echo a"]))    # two inputs

Each line is looked at once: a quote that is never closed takes the rest of a script, which may be long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO

from resh.commands.line import COMMENT, opens_quote
from resh.errors import UsageError

LONGEST = 16 << 20
"""Letters of an input; a pipe may have no end and no lines."""
_BYTE_ORDER_MARK = "\ufeff"  # what some editors put before the first line
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


def lines(stream: IO[str]) -> Iterator[str]:
    """The lines of a stream, each as soon as it is there, and no more of it in memory than an input may have."""
    while line := stream.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise too_long()
        yield line


def inputs(lines: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size, state = 0, State()
    for line in lines:
        line = line.rstrip("\r\n").lstrip(_BYTE_ORDER_MARK)
        held.append(line)
        size += len(line) + 1
        if size > LONGEST:
            raise too_long()
        if not state.goes_on(line):
            yield "\n".join(held)
            held, size = [], 0
    if held:
        yield "\n".join(held)


def too_long() -> UsageError:
    return UsageError(f"an input has more than {LONGEST >> 20} million letters", "is there a quote or a bracket that is not closed?")


class State:
    """What is open after the lines so far."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._piped = False

    def goes_on(self, line: str) -> bool:
        """Whether a further line belongs to it."""
        escaped = False
        if not re.match(COMMENT, line):
            self._scan(line)
            escaped = line.endswith("\\")
            if line.strip():
                body = line.rstrip()
                self._piped = body.endswith("|") and not body.endswith("\\|")
        if self._quote or self._depth or self._piped or escaped:
            return True
        self._depth = 0
        return False

    def _scan(self, line: str) -> None:
        at = 0
        while at < len(line):
            letter = line[at]
            if letter == "\\":
                at += 1
            elif self._quote:
                self._quote = "" if letter == self._quote else self._quote
            elif letter in "\"'":
                self._quote = letter if opens_quote(line, at) else ""
            elif letter in "|;":
                self._depth = 0
            else:
                self._depth += (letter in _OPEN) - (letter in _CLOSE and self._depth > 0)
            at += 1
