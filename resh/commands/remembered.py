"""Values of the last result: `$1` is the id in its first row, `$2` in its second, `$_` all of them as a list for a search.

    remembered.note("vol-1"); remembered.note("vol-2")
    remembered.filled("search id in $_")        'search id in ["vol-1", "vol-2"]'
    remembered.filled("why $1")                 'why vol-1'

They stand for themselves as words of their own outside of quotes. A line that shows no rows leaves them as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from resh.errors import SyntaxProblem

MOST = 1000
_MARK = r"(?<![\w$\\\"'.@{])\$(\d{1,6}|_)(?![\w$])"
_QUOTED = r"\"(?:\\.|[^\"\\])*\"|(?<!\w)'(?:\\.|[^'\\])*'"
_PLAIN = r"[A-Za-z0-9_][\w.-]*"
_NAMES = ("id", "name", "path", "number")


class Remembered:
    def __init__(self) -> None:
        self._ids: list[str] = []
        self._next: list[str] = []
        self.count = 0
        """Rows of the line that runs."""

    def begin(self) -> None:
        """Another line starts."""
        self._next, self.count = [], 0

    def end(self) -> None:
        if self._next:
            self._ids = self._next
        self._next = []

    def note(self, id: object) -> None:
        self.count += 1
        if len(self._next) <= MOST:
            self._next.append("" if id is None else str(id))

    def noted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, as they come."""
        for row in rows:
            self.note(identity(row))
            yield row

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._ids)

    def filled(self, text: str) -> str:
        """Raises SyntaxProblem for one that stands for nothing."""
        if "$" not in text:
            return text
        quoted = [found.span() for found in re.finditer(_QUOTED, text)]
        return re.sub(_MARK, lambda mark: mark[0] if _within(mark.start(), quoted) else self._value(mark, text), text)

    def _value(self, mark: re.Match[str], text: str) -> str:
        if not self._ids:
            raise SyntaxProblem(f"{mark[0]} stands for nothing yet", text, mark.start(), (), "show some rows first; or quote it")
        if mark[1] == "_":
            return self._all(mark, text)
        number = int(mark[1])
        if not 0 < number <= len(self._ids) or number > MOST:
            known = (
                f"the last result has {len(self._ids)} row{'s' * (len(self._ids) > 1)}" if len(self._ids) <= MOST else f"{MOST} are kept"
            )
            raise SyntaxProblem(f"there is no {mark[0]}: {known}", text, mark.start(), (), "take a smaller number; or quote it")
        return _word(self._ids[number - 1])

    def _all(self, mark: re.Match[str], text: str) -> str:
        if len(self._ids) > MOST:
            raise SyntaxProblem(
                f"the last result has more than {MOST:,} rows, too many for $_", text, mark.start(), (), "put the search itself there"
            )
        return f"[{', '.join(map(_quoted, self._ids))}]"


def identity(row: Any) -> object:
    """What a row goes by: the id of a resource; of another row its id, its name, or whatever it begins with."""
    if not isinstance(row, Mapping):
        return row
    reported = row.get("reported")
    if isinstance(reported, Mapping) and "id" in reported:
        return reported["id"]
    found = next((row[name] for name in _NAMES if name in row), next(iter(row.values()), None))
    return identity(found) if isinstance(found, Mapping) else found


def _word(id: str) -> str:
    return id if re.fullmatch(_PLAIN, id) else _quoted(id)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _within(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)
