"""Edges of an account: one row each for searches, and all of them packed, to compare a merge with and for walks over everything.

The merge reads what there was and writes what there is:

    old = read(connection, gid)                   # {(source nid, target nid, edge type, own), …}
    write(connection, gid, old, new)              # only the difference

`own` says which end told of the edge; when both did, the edge is in the set twice, and once in the table.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

import apsw

from resh.model.edge import EDGE_TYPES

SOURCE, TARGET = 1, 2

TYPES: Mapping[str, int] = {name: number for number, name in enumerate(EDGE_TYPES)}

Edges = set[tuple[int, int, int, int]]
_Rows = dict[tuple[int, int, int], int]


def read(connection: apsw.Connection, gid: int) -> Edges:
    row = connection.execute("SELECT src, dst, et, own FROM adj WHERE gid = ?", (gid,)).fetchone()
    if row is None:
        return set()
    src, dst, et, own = row
    return set(zip(array("q", src), array("q", dst), et, own, strict=True))


def write(connection: apsw.Connection, gid: int, old: Edges, new: Edges) -> None:
    before, after = _rows(old), _rows(new)
    connection.executemany(
        "DELETE FROM edge WHERE et = ? AND src = ? AND dst = ? AND gid = ?",
        ((et, src, dst, gid) for src, dst, et in before.keys() - after.keys()),
    )
    connection.executemany(
        "INSERT INTO edge(et, src, dst, gid, own) VALUES (?, ?, ?, ?, ?) ON CONFLICT (et, src, dst, gid) DO UPDATE SET own = excluded.own",
        ((et, src, dst, gid, after[src, dst, et]) for src, dst, et in sorted(after) if after[src, dst, et] != before.get((src, dst, et))),
    )
    _pack(connection, gid, new)


def count(connection: apsw.Connection, gid: int) -> int:
    return connection.execute("SELECT edges FROM adj WHERE gid = ?", (gid,)).get or 0


def unlink(connection: apsw.Connection, nids: Iterable[int], keep_packed: int | None = None) -> None:
    """Take away every edge at these nodes, whoever made it; the packed edges of one account are left to the caller."""
    touched: dict[int, set[tuple[int, int, int]]] = {}
    for nid in nids:
        for end in ("src", "dst"):
            rows = connection.execute(f"DELETE FROM edge WHERE et IN (0, 1) AND {end} = ? RETURNING gid, src, dst, et", (nid,))
            for gid, src, dst, et in rows:
                touched.setdefault(gid, set()).add((src, dst, et))
    for gid, dead in touched.items():
        if gid != keep_packed:
            _pack(connection, gid, {edge for edge in read(connection, gid) if edge[:3] not in dead})


def _rows(edges: Edges) -> _Rows:
    rows: _Rows = {}
    for src, dst, et, own in edges:
        key = (src, dst, et)
        rows[key] = rows.get(key, 0) | own
    return rows


def _pack(connection: apsw.Connection, gid: int, edges: Edges) -> None:
    src, dst, et, own = zip(*sorted(edges), strict=True) if edges else ((), (), (), ())
    connection.execute(
        "INSERT OR REPLACE INTO adj(gid, edges, src, dst, et, own) VALUES (?, ?, ?, ?, ?, ?)",
        (gid, len({edge[:3] for edge in edges}), array("q", src).tobytes(), array("q", dst).tobytes(), bytes(et), bytes(own)),
    )
