"""History as it is written: what was created, changed and deleted, with what leads back to how it was before. `changes.py` reads it.

    created(connection, fresh, at, "collect")                                    # one row for each run of row numbers
    record(connection, [Entry(UPDATED, nid, {"reported": patch})], at, "ada")
    edges(connection, DELETED, [(et, src, dst)], at)

Whoever changes nodes or edges calls it, inside the same transaction. What it keeps suffices to see the graph as it was at any moment since
`horizon`: `past.py` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import apsw

SORTS = CREATED, UPDATED, DELETED = "created", "updated", "deleted"

COLUMNS = ("region", "zone", "name", "rid", "ctime", "expires")
"""Of `node`: those that change with what a cloud says."""


class Entry(NamedTuple):
    """`before`: what leads back (updated, see `schema.sql`), or the whole document (deleted)."""

    change: str
    nid: int
    before: Mapping[str, Any]


def created(connection: apsw.Connection, nids: Iterable[int], at: float, by: str) -> None:
    connection.executemany(
        "INSERT INTO hist(at, change, nid, last, by) VALUES (?, ?, ?, ?, ?)",
        ((at, CREATED, first, last, by) for first, last in _runs(sorted(nids))),
    )


def record(connection: apsw.Connection, entries: Iterable[Entry], at: float, by: str) -> None:
    import orjson

    rows = ((at, change, nid, *_names(change, before), by, orjson.dumps(before).decode()) for change, nid, before in entries)
    connection.executemany("INSERT INTO hist(at, change, nid, id, name, by, before) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def edges(connection: apsw.Connection, change: str, keys: Collection[tuple[int, int, int]], at: float) -> None:
    """`keys` are (et, src, dst)."""
    connection.executemany(
        "INSERT INTO edge_hist(at, change, et, src, dst) VALUES (?, ?, ?, ?, ?)", ((at, change, *key) for key in sorted(keys))
    )


def begin(connection: apsw.Connection, at: float) -> None:
    """History is complete from now on, unless it was before."""
    connection.execute("INSERT INTO horizon SELECT ? WHERE NOT EXISTS (SELECT 1 FROM horizon)", (at,))


def horizon(connection: apsw.Connection) -> float | None:
    """Epoch seconds since when the history is complete; None when nothing was ever merged."""
    since: float | None = connection.execute("SELECT at FROM horizon").get
    return since


def prune(connection: apsw.Connection, before: float) -> int:
    connection.execute("UPDATE horizon SET at = max(at, ?)", (before,))
    connection.execute("DELETE FROM edge_hist WHERE at < ?", (before,))
    connection.execute("DELETE FROM hist WHERE at < ?", (before,))
    return connection.changes()


def last_nid(connection: apsw.Connection, first: int, last: int) -> int:
    """The largest row number of a range that history tells of, 0 for none."""
    newest = "SELECT max(nid) FROM hist INDEXED BY hist_nid WHERE last IS NULL AND nid BETWEEN ? AND ?"
    run = "SELECT last FROM hist INDEXED BY hist_created WHERE last IS NOT NULL AND nid BETWEEN ? AND ? ORDER BY nid DESC LIMIT 1"
    return max(connection.execute(select, (first, last)).get or 0 for select in (newest, run))


def _names(change: str, before: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What is gone keeps its id and name here; of all others the graph knows them."""
    if change != DELETED:
        return None, None
    name = before["reported"].get("name")
    return before["id"], None if name is None else str(name)


def _runs(nids: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for nid in nids:
        if last is not None and nid == last + 1:
            last = nid
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = nid
    if first is not None and last is not None:
        yield first, last
