"""Where the command of a stage begins that is being typed: behind variables of the line, and behind `watch 5`.

inner_start("x=1 watch 5 search is(volume)")       12
"""

from __future__ import annotations

import re

_VALUE = r"(?:\"[^\"]*\"|'[^']*'|\S+)"
_VARIABLES = rf"\s*(?:[A-Za-z_][\w.-]*={_VALUE}\s+)*"
_WATCH = r"(?:watch\s+(?:--times(?:=|\s+)\d+\s+)?[\d.]+[a-zA-Z]*\s+['\"]?)?"
_START = _VARIABLES + _WATCH


def inner_start(text: str, start: int = 0, end: int | None = None) -> int:
    found = re.compile(_START).match(text, start, len(text) if end is None else end)
    return found.end() if found else start
