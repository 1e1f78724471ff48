"""What every piece of SQL is written with: numbered values and aliases that never clash.

    writer.bind("volume")       a mark that stands for the value
    writer.alias("n")           "n1", "n2", …
    writer.finish(sql)          the statement with `?1`, `?2`, … and the values for them

Pieces may be put together in any order, or be left out. Nothing that a person wrote goes into the text of a statement
but through `bind` or, for the keys of a path, `json_path`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Protocol

from resh.errors import UsageError
from resh.graph.base import Waiting
from resh.search.paths import Step
from resh.search.sql.tables import PRESENT, Present
from resh.search.terms import quote

_LONG_LIST = 64
_MOST_VALUES = 32_766  # as many parameters as SQLite takes
_MOST_SELECTS = 900  # SQLite takes a thousand where one of them is a common table
_LONG_SQL = 20_000
_INT64 = 2**63
_MARK = "\1"  # stands before and behind a value's number; control characters come in no path and no other text of a statement

LAG = "\3"
"""Stands before and behind what a statement has only because the index of words may lag behind. All values are named elsewhere, too."""

Scalar = str | int | float
SCALARS = (str, int, float)


class KindIds(Protocol):
    """Which rows belong to a kind, and what kinds declare."""

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """(first, last) rowid of each range; none for a kind without nodes. Raises UnknownKind."""
        ...

    def property_types(self, name: str, kinds: tuple[str, ...]) -> frozenset[str]:
        """The types that nodes of these kinds (none: of any) may have declared for `volume_size`, `rules[].port`. Raises UnknownKind."""
        ...


class Writer:
    """`tables` is where nodes and edges are read from, `now` the time that ages count back from."""

    def __init__(self, kinds: KindIds, now: float, tables: Present = PRESENT) -> None:
        self.kinds = kinds
        self.timeless = True
        """Nobody has asked for `now` so far."""
        self.tables = tables
        self.current = ""
        """The statement that was finished, without what is only there because the index may lag behind."""
        self._now = now
        self._values: dict[tuple[type, Scalar | Waiting], int] = {}
        self._aliases: dict[str, int] = {}
        self._weights: dict[str, int] = {}
        self._once: dict[Hashable, str] = {}

    @property
    def now(self) -> float:
        self.timeless = False
        return self._now

    def bind(self, value: Scalar | Waiting) -> str:
        """A mark for the value; `finish` makes parameters of the marks."""
        if isinstance(value, int) and not -_INT64 <= value < _INT64:
            value = float(value)
        number = self._values.setdefault((type(value), value), len(self._values))
        if number == _MOST_VALUES:
            raise UsageError(f"this search has more than {_MOST_VALUES:,} values", "split it, or put them into a list: name in […]")
        return f"{_MARK}{number}{_MARK}"

    def finish(self, sql: str) -> tuple[str, tuple[Scalar | Waiting, ...]]:
        """The statement with its parameters, and the values that it really uses."""
        if len(sql) > _LONG_SQL and "WITH " in sql and sql.count("SELECT") > _MOST_SELECTS:
            hint = 'split it; values in a list (name in […]) count as one, and so do texts side by side ("a" or "b")'
            raise UsageError(f"this search looks things up {sql.count('SELECT'):,} times, and may {_MOST_SELECTS} times", hint)
        pieces = sql.split(_MARK)
        used = {mark: f"?{number}" for number, mark in enumerate(dict.fromkeys(pieces[1::2]), 1)}
        pieces[1::2] = [used[mark] for mark in pieces[1::2]]
        values = [value for _, value in self._values]
        statement = "".join(pieces).split(LAG)
        self.current = "".join(statement[::2]) if len(statement) > 1 else ""
        return "".join(statement), tuple(values[int(mark)] for mark in used)

    def once(self, key: Hashable, write: Callable[[], str]) -> str:
        """SQL that is the same text wherever it is asked for by this key: what is known to be equal is asked of SQLite once."""
        if key not in self._once:
            self._once[key] = write()
        return self._once[key]

    def weigh(self, table: str, sql: str) -> None:
        """A common table. SQLite copies it to each place that names it, with all that it names itself."""
        named = sum(weight * sql.count(f" {name} ") for name, weight in self._weights.items())
        self._weights[table] = sql.count("SELECT") + named

    def weight(self, table: str) -> int:
        """How many SELECTs a common table, or a sub-query of no other one, stands for."""
        return self._weights.get(table, 1)

    def one_of(self, expression: str, values: Sequence[Scalar]) -> str:
        """`expression` equals one of the values."""
        if len(values) == 1:
            return f"{expression} = {self.bind(values[0])}"
        if len(values) > _LONG_LIST:
            import json

            return f"{expression} IN (SELECT value FROM json_each({self.bind(json.dumps(values))}))"
        return f"{expression} IN ({', '.join(map(self.bind, values))})"

    def alias(self, letter: str) -> str:
        number = self._aliases[letter] = self._aliases.get(letter, 0) + 1
        return f"{letter}{number}"


@lru_cache(maxsize=1024)
def json_path(steps: tuple[Step, ...]) -> str:
    """Steps as an SQL string literal that holds a JSON path: `'$.tags."aws:name"[0]'`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{_key(str(step))}" for step in steps)
    return "'$" + text.replace("'", "''") + "'"


def _key(step: str) -> str:
    return step if step.isascii() and step.isidentifier() else quote(step)
