"""Edges of an account: one row each for searches, and all of them packed, to compare a merge with and for walks over everything.

The merge reads what there was and writes what there is:

    old = read(connection, gid)                   # {(source nid, target nid, edge type): own bits}
    write(connection, gid, old, new)              # only the difference
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

import apsw

from resh.model.edge import EDGE_TYPES

SOURCE, TARGET = 1, 2
"""Which end told of the edge; both may."""

TYPES: Mapping[str, int] = {name: number for number, name in enumerate(EDGE_TYPES)}

Edges = dict[tuple[int, int, int], int]


def read(connection: apsw.Connection, gid: int) -> Edges:
    row = connection.execute("SELECT src, dst, bits FROM adj WHERE gid = ?", (gid,)).fetchone()
    if row is None:
        return {}
    src, dst = array("q", row[0]), array("q", row[1])
    return {(source, target, bits >> 2): bits & 3 for source, target, bits in zip(src, dst, row[2], strict=True)}


def write(connection: apsw.Connection, gid: int, old: Edges, new: Edges) -> None:
    gone = old.keys() - new.keys()
    came = sorted(new.items() - old.items())
    connection.executemany(
        "DELETE FROM edge WHERE et = ? AND src = ? AND dst = ? AND gid = ?", ((et, src, dst, gid) for src, dst, et in sorted(gone))
    )
    connection.executemany(
        "INSERT INTO edge(et, src, dst, gid, own) VALUES (?, ?, ?, ?, ?) ON CONFLICT (et, src, dst, gid) DO UPDATE SET own = excluded.own",
        ((et, src, dst, gid, own) for (src, dst, et), own in came),
    )
    _pack(connection, gid, new)


def unlink(connection: apsw.Connection, nids: Iterable[int], keep_packed: int | None = None) -> None:
    """Take away every edge at these nodes, whoever made it; the packed edges of one account are left to the caller."""
    touched: dict[int, set[tuple[int, int, int]]] = {}
    for nid in nids:
        for end in ("src", "dst"):
            rows = connection.execute(f"DELETE FROM edge WHERE et IN (0, 1) AND {end} = ? RETURNING gid, src, dst, et", (nid,))
            for gid, *key in rows:
                touched.setdefault(gid, set()).add((key[0], key[1], key[2]))
    for gid, dead in touched.items():
        if gid != keep_packed:
            _pack(connection, gid, {key: own for key, own in read(connection, gid).items() if key not in dead})


def _pack(connection: apsw.Connection, gid: int, edges: Mapping[tuple[int, int, int], int]) -> None:
    ordered = sorted(edges.items())
    connection.execute(
        "INSERT OR REPLACE INTO adj(gid, src, dst, bits) VALUES (?, ?, ?, ?)",
        (
            gid,
            array("q", [key[0] for key, _ in ordered]).tobytes(),
            array("q", [key[1] for key, _ in ordered]).tobytes(),
            bytes([key[2] << 2 | own for key, own in ordered]),
        ),
    )
