"""History as it is read: `Change` values, newest first, out of what `history.py` wrote.

changes(connection, limit=5)                  # of everything; a run of created nodes becomes one change each as they are asked for
changes(connection, id="0Hj7kg5Ibz8E5c001XiKKw")
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from math import inf
from typing import Any

import apsw

from resh.graph import kind_table
from resh.graph.base import Change
from resh.graph.history import CREATED, SORTS, UPDATED
from resh.graph.kind_index import KIND_BITS
from resh.graph.patch import paths

_ROWS = """SELECT h.at, h.seq, h.change, h.nid, h.last, coalesce(h.id, n.id, g.id), coalesce(h.name, n.name, g.name, ''), h.before, h.by
FROM hist h
LEFT JOIN node n ON n.nid = h.nid AND h.change = 'updated'
LEFT JOIN hist g ON g.nid = h.nid AND g.last IS NULL AND g.change = 'deleted' AND h.change = 'updated'"""
"""Each with the id and name of its node, which only the graph or the row of its end know."""

_CHANGED = """coalesce(h.id, n.id, g.id) FROM hist h INDEXED BY hist_at
LEFT JOIN node n ON n.nid = h.nid
LEFT JOIN hist g ON g.nid = h.nid AND g.last IS NULL AND g.change = 'deleted'
WHERE h.at > ? AND h.at <= ? AND h.change <> 'created'"""

_BETWEEN = "WHERE h.at >= ? AND h.at < ? ORDER BY h.at DESC, h.seq DESC"
_RUN = """SELECT nid, id, coalesce(name, '') FROM node WHERE nid BETWEEN ?1 AND ?2
UNION ALL SELECT nid, id, coalesce(name, '') FROM hist WHERE last IS NULL AND change = 'deleted' AND nid BETWEEN ?1 AND ?2
ORDER BY nid DESC"""
_NIDS = "SELECT nid, coalesce(name, '') FROM node WHERE id = ?1 UNION SELECT nid, coalesce(name, '') FROM hist WHERE id = ?1"
_CREATED = "SELECT at, seq, last, by FROM hist INDEXED BY hist_created WHERE last IS NOT NULL AND nid <= ? ORDER BY nid DESC LIMIT 1"

_SECTIONS = {"reported": "", "desired": "/desired.", "metadata": "/metadata."}
"""With what their paths begin with."""

Row = tuple[float, int, str, int, int | None, str, str, str | None, str]


def changes(
    connection: apsw.Connection,
    limit: int = -1,
    id: str | None = None,
    since: float | None = None,
    until: float | None = None,
    only: Collection[str] = (),
) -> Iterator[Change]:
    """Newest first, at most `limit` (-1: all)."""
    kinds = {kid: name for name, kid in kind_table.numbers(connection).items()}
    first, end, wanted = since or 0.0, inf if until is None else until, frozenset(only or SORTS)
    rows = _of_node(connection, id) if id else connection.execute(f"{_ROWS} {_BETWEEN}", (first, end))
    fitting = (row for row in rows if first <= row[0] < end and row[2] in wanted)
    found = (change for row in fitting for change in _expanded(connection, row, kinds))
    yield from islice(found, limit if limit >= 0 else None)


def changed_ids(connection: apsw.Connection, after: float, until: float) -> Iterator[str]:
    """Of nodes that were changed or deleted after the one moment and not after the other."""
    for (id,) in connection.execute(f"SELECT DISTINCT {_CHANGED}", (after, until)):
        yield id


def _expanded(connection: apsw.Connection, row: Row, kinds: dict[int, str]) -> Iterator[Change]:
    at, seq, change, nid, last, id, name, before, by = row
    kind = kinds[nid >> KIND_BITS]
    if last is None or id:
        yield Change(at, change, id, kind, name, _before(change, before), by, nid, seq)
        return
    for own, id, name in connection.execute(_RUN, (nid, last)):
        yield Change(at, change, id, kind, name, {}, by, own, seq)


def _before(change: str, before: str | None) -> dict[str, Any]:
    """Of an update the old values by path, of a deletion the document."""
    from json import loads

    found: dict[str, Any] = loads(before) if before else {}
    if change != UPDATED:
        return found
    old = {path: value for section, prefix in _SECTIONS.items() for path, value in paths(found.get(section, {}), prefix).items()}
    columns = found.get("columns", {})
    return old | {f"/ancestors.{level}.reported.name": columns[level] for level in ("region", "zone") if level in columns}


def _of_node(connection: apsw.Connection, id: str) -> list[Row]:
    """Also of nodes that had the id before."""
    rows: list[Row] = []
    for nid, name in connection.execute(_NIDS, (id,)).fetchall():
        rows += connection.execute(f"{_ROWS} WHERE h.last IS NULL AND h.nid = ?", (nid,))
        run: tuple[Any, ...] | None = connection.execute(_CREATED, (nid,)).fetchone()
        if run and run[2] >= nid:
            rows.append((*run[:2], CREATED, nid, nid, id, name, None, run[3]))
    return sorted(rows, key=lambda row: row[:2], reverse=True)
