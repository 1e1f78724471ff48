"""How many nodes the kinds have and how kinds are connected, counted in the keys of rows and edges: no document is read.

nodes(connection)                                   {kind number: how many}
edges(connection, [(first nid, last nid)], "dst")   {(edge type, kind number at the other end): how many}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import apsw

End = Literal["src", "dst"]

_NODES = "SELECT k.kid, (SELECT count(*) FROM node n WHERE n.nid BETWEEN k.kid << 40 AND (k.kid + 1 << 40) - 1) FROM kind k"
_INDEX = {"src": "sqlite_autoindex_edge_1", "dst": "edge_in"}


def nodes(connection: apsw.Connection) -> dict[int, int]:
    return dict(connection.execute(_NODES))


def edges(connection: apsw.Connection, ranges: Iterable[tuple[int, int]], end: End) -> Counter[tuple[int, int]]:
    """Of the edges that have this end in one of the ranges. An edge that two accounts tell of is one; both rows lie side by side."""
    other = "src" if end == "dst" else "dst"
    sql = (
        f"SELECT et, {other} >> 40, count(*) FROM (SELECT DISTINCT et, {end}, {other} FROM edge INDEXED BY {_INDEX[end]}"
        f" WHERE et IN (0, 1) AND {end} BETWEEN ? AND ?) GROUP BY 1, 2"
    )
    found: Counter[tuple[int, int]] = Counter()
    for bounds in ranges:
        for edge_type, kind, count in connection.execute(sql, bounds):
            found[edge_type, kind] += count
    return found
