"""The tables that nodes and edges are read from: those of the graph as it is. `past.py` has the same methods for a moment before.

A scope asks for the tables of its row and for SQL that reads it, a walk for edges. Nothing else of the emitter names a table of the graph,
so nothing else knows whether a search is about the past.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from resh.record import Record

if TYPE_CHECKING:
    from resh.search.sql.scope import Scope

Kinds = Callable[[str], str]
"""SQL that is true for a row, by its number, of a kind that the condition may be true of."""

_PRIMARY_KEY = "sqlite_autoindex_edge_1"


class Stored(Record):
    """Where edges are stored."""

    def table(self, alias: str, inbound: bool) -> str:
        """The planner guesses wrong here, so the index is pinned, as CROSS JOIN pins the order; NOT INDEXED would allow `edge_in`."""
        return f"edge {alias} INDEXED BY {'edge_in' if inbound else _PRIMARY_KEY}"

    def where(self, alias: str, far: str) -> str:
        """What else must be true of an edge; ` AND …` or nothing."""
        return ""

    def column(self, alias: str, name: str) -> str:
        """Whose merge made it (`gid`), which end told of it (`own`)."""
        return f"{alias}.{name}"


class Present:
    indexed = True
    """Whether the indexes of words and states are of these documents."""
    edges: tuple[Stored, ...] = (Stored(),)
    """An edge is in one of them."""

    def joins(self, scope: Scope) -> str:
        """The tables that are needed, thin before fat; the planner is to keep this order."""
        tables = [f"{name} {alias} ON {alias}" for name, alias in (("node", scope.node), ("doc", scope.doc)) if alias in scope.needs]
        return "".join(f" CROSS JOIN {table}.nid = {scope.nid}" for table in tables)

    def stand(self, scope: Scope, where: str, rest: str, kinds: Kinds) -> tuple[str, str, str]:
        """See `Scope.stand`."""
        node, doc = scope.node, scope.doc
        if scope.needs == {doc}:
            return f"doc {doc}", f"{doc}.nid", where
        join = f" CROSS JOIN doc {doc} ON {doc}.nid = {node}.nid" if doc in scope.needs else ""
        return f"node {node}{join}", f"{node}.nid", where

    def count(self, scope: Scope, where: str) -> str:
        """See `Scope.count`."""
        return ""

    def placed(self, scope: Scope, sql: str) -> str:
        return sql

    def column(self, scope: Scope, name: str) -> str:
        return f"{scope.node}.{name}"

    def document(self, scope: Scope) -> str:
        return f"{scope.doc}.reported"

    def id(self, nid: str) -> str:
        """The id of whichever node has that number, which never changes."""
        return f"(SELECT id FROM node WHERE nid = {nid})"

    def whole(self, scope: Scope, sql: str) -> str:
        """What stands on the aliases `n` and `d` of `resh.graph.document`, on this row."""
        return sql if scope.node == "n" and scope.doc == "d" else self.replaced(scope, sql)

    def replaced(self, scope: Scope, sql: str) -> str:
        """The same, place by place."""
        pieces = list(_cut(sql))
        pieces[1::2] = [scope.document() if place[0] == "d" else scope.column(place[2:]) for place in pieces[1::2]]
        return "".join(pieces)


@lru_cache(maxsize=64)
def _cut(sql: str) -> tuple[str, ...]:
    """Text and places in turn."""
    return tuple(re.split(r"\b([nd]\.\w+)", sql))


PRESENT = Present()
