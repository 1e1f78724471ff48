"""Navigations: SQL that selects what is reached from some nodes.

    reached(Navigation(("default",), (), 1, None), "s0", writer)       SELECT … nid …

A walk is breadth-first and meets each node once for each start, at its shortest distance, as in the reference: `[2]` finds what is two
steps away and not one. The types of edges, and the two directions, are walks of their own; the result is what any of them found.
Cycles end: a walk without an end does not count further than where it starts to find.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from resh.record import Record
from resh.search.sql.tables import PRESENT, Present, Stored
from resh.search.tree import Navigation

if TYPE_CHECKING:
    from resh.search.sql.writer import Writer

_NUMBER = {"default": 0, "delete": 1}


class Edges(Record):
    """Edges of one type, in one direction, out of one of the tables that they are in."""

    type: str
    inbound: bool
    stored: Stored = PRESENT.edges[0]
    fits: Callable[[Stored, str], str] | None = None
    """SQL of what else an edge with that alias must fit, if anything."""

    @property
    def near(self) -> str:
        return "dst" if self.inbound else "src"

    @property
    def far(self) -> str:
        return "src" if self.inbound else "dst"

    def everywhere(self, tables: Present) -> list[Edges]:
        """These, out of every table."""
        return [self.changed(stored=stored) for stored in tables.edges]

    def table(self, alias: str) -> str:
        return self.stored.table(alias, self.inbound)

    def leave(self, start: str, alias: str) -> str:
        """The condition that an edge leaves the node that `start` names."""
        there = self.stored.where(alias, self.far)
        there += f" AND {self.fits(self.stored, alias)}" if self.fits else ""
        return f"{alias}.et = {_NUMBER[self.type]} AND {alias}.{self.near} = {start}{there}"

    def hop(self, start: str, alias: str) -> str:
        """The same for one step, which never comes back to where it started."""
        return f"{self.leave(start, alias)} AND {alias}.src <> {alias}.dst"

    def hops(self, starts: str) -> str:
        """A SELECT of `nid`: one step from each node of a table."""
        return f"SELECT e.{self.far} AS nid FROM {starts} s CROSS JOIN {self.table('e')} ON {self.hop('s.nid', 'e')}"


def edges_of(navigation: Navigation, writer: Writer) -> list[Edges]:
    found = [Edges(type, False) for type in navigation.outbound] + [Edges(type, True) for type in navigation.inbound]
    if navigation.filter is None:
        return found
    from resh.search.sql.edge import fits

    return [edges.changed(fits=partial(fits, writer, navigation.filter)) for edges in found]


def hops(edges: list[Edges], start: str) -> str:
    """A SELECT of `nid`: one step from `start` along edges out of several tables."""
    return " UNION ALL ".join(f"SELECT e.{edge.far} AS nid FROM {edge.table('e')} WHERE {edge.hop(start, 'e')}" for edge in edges)


def is_one_hop(navigation: Navigation) -> bool:
    """One step along one type of edge, one way: the commonest navigation, a plain join."""
    return navigation.start == navigation.end == 1 and len(navigation.outbound + navigation.inbound) == 1


def reached(navigation: Navigation, starts: str, writer: Writer) -> str:
    """A SELECT of `nid`, each once. `starts` is a table or a sub-query with the column nid, named once: SQLite copies what it names."""
    if navigation.stays:
        return f"SELECT nid FROM {starts}"
    ways, start = list(enumerate(edges_of(navigation, writer))), navigation.start
    columns = _columns(navigation, len(ways))
    steps = [_step(columns, number, edges, navigation) for number, way in ways for edges in way.everywhere(writer.tables)]
    walk = " UNION ".join([_first(columns, starts, len(ways)), *steps])
    found = "w"
    if start == 1:
        found = "w WHERE nid <> origin"
    elif start > 1:
        found = f"(SELECT nid, min(depth) AS depth FROM w GROUP BY {', '.join(columns[:-1])}) WHERE depth >= {start}"
    return f"WITH RECURSIVE w({', '.join(columns)}) AS ({walk}) SELECT DISTINCT nid FROM {found}"


def _columns(navigation: Navigation, ways: int) -> list[str]:
    """Only what matters is remembered: which walk, where it began (from its start on it does not matter), where it is, how far that is."""
    counts = navigation.end is not None or navigation.start > 1
    wanted = {"way": ways > 1, "origin": navigation.start > 0, "nid": True, "depth": counts}
    return [name for name, needed in wanted.items() if needed]


def _first(columns: list[str], starts: str, ways: int) -> str:
    values = {"way": "v.column1", "origin": "s.nid", "nid": "s.nid", "depth": "0"}
    each = f" CROSS JOIN (VALUES {', '.join(f'({way})' for way in range(ways))}) v" if ways > 1 else ""
    return f"SELECT {', '.join(values[column] for column in columns)} FROM {starts} s{each}"


def _step(columns: list[str], way: int, edges: Edges, navigation: Navigation) -> str:
    further = "w.depth + 1" if navigation.end is not None else f"min(w.depth + 1, {navigation.start})"
    values = {"way": "w.way", "origin": "w.origin", "nid": f"e.{edges.far}", "depth": further}
    where = [f"w.way = {way}"] if "way" in columns else []
    where += [f"w.depth < {navigation.end}"] if navigation.end is not None else []
    select = f"SELECT {', '.join(values[column] for column in columns)} FROM w CROSS JOIN {edges.table('e')} ON {edges.leave('w.nid', 'e')}"
    return select + (f" WHERE {' AND '.join(where)}" if where else "")
