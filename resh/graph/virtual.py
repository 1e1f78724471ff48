"""Tables that SQLite asks us for: rows that a function makes, found by the values of some columns.

    connection.create_module("edges", Module(connection, Edges()), eponymous_only=True)
    connection.execute("SELECT to_id FROM edges WHERE from_id = ?", (id,))

A view could not do it: as the right side of a LEFT JOIN it would be copied whole, and without statistics SQLite walks through all edges
rather than ask for those of one node. `sandbox.py` puts them on its connections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import apsw

from resh.graph.base import Change

Rows = Iterator[Sequence[Any]]
Execute = Callable[[str, Sequence[Any]], Rows]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ALL_ROWS = 10_000_000.0
_FOUND_ROWS = 10.0


EQUAL, FROM = apsw.SQLITE_INDEX_CONSTRAINT_EQ, apsw.SQLITE_INDEX_CONSTRAINT_GE
_OPERATORS = {EQUAL: (EQUAL,), FROM: (FROM, apsw.SQLITE_INDEX_CONSTRAINT_GT)}


class Source(Protocol):
    """`columns` are SQL; `keys` the numbers of those that rows can be found by, as being EQUAL to a value, or FROM a value on."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def keys(self) -> Mapping[int, int]: ...

    def rows(self, execute: Execute, wanted: Mapping[int, Any]) -> Rows:
        """Rows that these values of the keys find; more than that do no harm."""
        ...


class Edges:
    """`from_id` and `to_id` are ids of resh; two accounts may tell of the same edge, which is one."""

    columns = ("from_id TEXT", "to_id TEXT", "type TEXT")
    keys: Mapping[int, int] = MappingProxyType({0: EQUAL, 1: EQUAL})
    _SELECT = "SELECT s.id, t.id, iif(e.et, 'delete', 'default') FROM "
    _ONCE = "NOT EXISTS (SELECT 1 FROM main.edge o WHERE o.et = e.et AND o.src = e.src AND o.dst = e.dst AND o.gid < e.gid)"
    _OUT = "main.node s CROSS JOIN main.edge e CROSS JOIN main.node t WHERE s.id = ? AND e.et IN (0, 1) AND e.src = s.nid AND t.nid = e.dst"
    _IN = (
        "main.node t CROSS JOIN main.edge e INDEXED BY edge_in CROSS JOIN main.node s"
        " WHERE t.id = ? AND e.et IN (0, 1) AND e.dst = t.nid AND s.nid = e.src"
    )
    _ALL = "main.edge e CROSS JOIN main.node s ON s.nid = e.src CROSS JOIN main.node t ON t.nid = e.dst WHERE 1"

    def rows(self, execute: Execute, wanted: Mapping[int, Any]) -> Rows:
        if 0 in wanted:
            return execute(f"{self._SELECT}{self._OUT} AND {self._ONCE}", (wanted[0],))
        if 1 in wanted:
            return execute(f"{self._SELECT}{self._IN} AND {self._ONCE}", (wanted[1],))
        return execute(f"{self._SELECT}{self._ALL} AND {self._ONCE}", ())


class History:
    """What changed, newest first; `changes(id, since)` is the store's."""

    columns = ("changed_at TEXT", "change TEXT", "kind TEXT", "node_id TEXT", "name TEXT", "by TEXT", "before TEXT")
    keys: Mapping[int, int] = MappingProxyType({0: FROM, 3: EQUAL})

    def __init__(self, changes: Callable[[str | None, float | None], Iterator[Change]]) -> None:
        self._changes = changes

    def rows(self, execute: Execute, wanted: Mapping[int, Any]) -> Rows:
        from json import dumps

        from resh.clock import iso

        for change in self._changes(wanted.get(3), _start_of_day(wanted.get(0))):
            before = dumps(dict(change.before), ensure_ascii=False) if change.before else None
            yield iso(change.at), change.change, change.kind, change.id, change.name, change.by, before


def _start_of_day(moment: Any) -> float | None:
    """Times are compared as text: whatever stands behind the date, nothing from before that day can follow it."""
    from resh.durations import parse_time
    from resh.errors import BadValue

    try:
        return parse_time(moment[:10], 0) if isinstance(moment, str) and _DATE.match(moment) else None
    except BadValue:
        return None


class Module:
    """A source as SQLite wants it."""

    def __init__(self, source: Source, execute: Execute) -> None:
        self._source = source
        self._execute = execute

    def Create(self, connection: apsw.Connection, module: str, database: str, name: str, *arguments: str) -> tuple[str, _Table]:
        return f"CREATE TABLE x({', '.join(self._source.columns)})", _Table(self._source, self._execute)

    Connect = Create


class _Table:
    def __init__(self, source: Source, execute: Execute) -> None:
        self._source = source
        self._execute = execute

    def BestIndex(self, constraints: Sequence[tuple[int, int]], orders: object) -> tuple[Any, int, str, bool, float]:
        """Which constraints of key columns come as arguments; their columns are the name of the plan."""
        used: list[Any] = []
        columns: list[int] = []
        for column, operator in constraints:
            key = self._source.keys.get(column)
            fits = key is not None and operator in _OPERATORS[key] and column not in columns
            used.append((len(columns), False) if fits else None)
            columns += [column] if fits else []
        return used, 0, ",".join(map(str, columns)), False, _FOUND_ROWS if columns else _ALL_ROWS

    def Open(self) -> _Cursor:
        return _Cursor(self._source, self._execute)

    def Disconnect(self) -> None:
        pass

    Destroy = Disconnect


class _Cursor:
    def __init__(self, source: Source, execute: Execute) -> None:
        self._source = source
        self._execute = execute
        self._rows: Rows = iter(())
        self._row: Sequence[Any] | None = None
        self._number = 0

    def Filter(self, number: int, plan: str, arguments: Sequence[Any]) -> None:
        wanted = dict(zip(map(int, plan.split(",")), arguments, strict=True)) if plan else {}
        self._rows = iter(self._source.rows(self._execute, wanted))
        self.Next()

    def Next(self) -> None:
        self._row = next(self._rows, None)
        self._number += 1

    def Eof(self) -> bool:
        return self._row is None

    def Column(self, number: int) -> Any:
        assert self._row is not None
        return self._row[number] if number >= 0 else self._number

    def Rowid(self) -> int:
        return self._number

    def Close(self) -> None:
        self._rows = iter(())
