"""Navigations: SQL that selects what is reached from some nodes.

    reached(Navigation(("default",), (), 1, None), "s0")       SELECT … nid …

A walk is breadth-first and meets each node once for each start, at its shortest distance, as in the reference: `[2]` finds what is two
steps away and not one. The types of edges, and the two directions, are walks of their own; the result is what any of them found.
Cycles end: walks without an end remember nodes, not distances.
"""

from __future__ import annotations

from resh.record import Record
from resh.search.tree import Navigation

_NUMBER = {"default": 0, "delete": 1}
_PRIMARY_KEY = "sqlite_autoindex_edge_1"


class Edges(Record):
    """Edges of one type, in one direction."""

    type: str
    inbound: bool

    @property
    def near(self) -> str:
        return "dst" if self.inbound else "src"

    @property
    def far(self) -> str:
        return "src" if self.inbound else "dst"

    def table(self, alias: str = "e") -> str:
        """The planner guesses wrong here, so the index is pinned, as CROSS JOIN pins the order; NOT INDEXED still lets it take `edge_in`."""
        return f"edge {alias} INDEXED BY {'edge_in' if self.inbound else _PRIMARY_KEY}"

    def leave(self, start: str, alias: str = "e") -> str:
        """The condition that an edge leaves the node that `start` names."""
        return f"{alias}.et = {_NUMBER[self.type]} AND {alias}.{self.near} = {start}"

    def hop(self, start: str, alias: str) -> str:
        """The same for one step, which never comes back to where it started."""
        return f"{self.leave(start, alias)} AND {alias}.src <> {alias}.dst"

    def join(self, start: str) -> str:
        return f"CROSS JOIN {self.table()} ON {self.leave(start)}"


def edges_of(navigation: Navigation) -> list[Edges]:
    return [Edges(type, False) for type in navigation.outbound] + [Edges(type, True) for type in navigation.inbound]


def is_one_hop(navigation: Navigation) -> bool:
    """One step along one type of edge, one way: the commonest navigation, a plain join."""
    return navigation.start == navigation.end == 1 and len(edges_of(navigation)) == 1


def reached(navigation: Navigation, starts: str) -> str:
    """A SELECT of `nid`, each once; `starts` is a table or a sub-query with the column nid."""
    if navigation.stays:
        return f"SELECT nid FROM {starts}"
    return " UNION ".join(f"SELECT nid FROM ({_walk(edges, navigation, starts)})" for edges in edges_of(navigation))


def _walk(edges: Edges, navigation: Navigation, starts: str) -> str:
    start, end = navigation.start, navigation.end
    if start == end == 1:
        return f"SELECT e.{edges.far} AS nid FROM {starts} s CROSS JOIN {edges.table()} ON {edges.hop('s.nid', 'e')}"
    if start == 0:
        return _from_here(edges, end, starts)
    if end is not None:
        return (
            f"WITH RECURSIVE {_distances(edges, end, starts)} SELECT DISTINCT nid FROM "
            f"(SELECT nid, min(depth) AS depth FROM w GROUP BY origin, nid) WHERE depth >= {start}"
        )
    far = f"far(origin, nid) AS (SELECT nid, nid FROM {starts} UNION SELECT w.origin, e.{edges.far} FROM far w {edges.join('w.nid')})"
    if start == 1:
        return f"WITH RECURSIVE {far} SELECT DISTINCT nid FROM far WHERE nid <> origin"
    near = _distances(edges, start - 1, starts)
    return f"WITH RECURSIVE {far}, {near} SELECT DISTINCT nid FROM (SELECT origin, nid FROM far EXCEPT SELECT origin, nid FROM w)"


def _from_here(edges: Edges, end: int | None, starts: str) -> str:
    """With the start itself it does not matter which start a node was reached from."""
    if end is None:
        return (
            f"WITH RECURSIVE w(nid) AS (SELECT nid FROM {starts} UNION SELECT e.{edges.far} FROM w {edges.join('w.nid')}) SELECT nid FROM w"
        )
    return (
        f"WITH RECURSIVE w(nid, depth) AS (SELECT nid, 0 FROM {starts} "
        f"UNION SELECT e.{edges.far}, w.depth + 1 FROM w {edges.join('w.nid')} WHERE w.depth < {end}) SELECT DISTINCT nid FROM w"
    )


def _distances(edges: Edges, end: int, starts: str) -> str:
    """Every distance, up to `end`, at which a node can be reached from an origin."""
    return (
        f"w(origin, nid, depth) AS (SELECT nid, nid, 0 FROM {starts} "
        f"UNION SELECT w.origin, e.{edges.far}, w.depth + 1 FROM w {edges.join('w.nid')} WHERE w.depth < {end})"
    )
