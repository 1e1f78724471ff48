"""The tables of `tables.py`, for a moment before now: what the graph has, but for the temporary tables of `resh.graph.past`.

A search that begins with the whole graph reads it in three pieces, each by its own indexes: what is as it was, what is taken back as it
is read, and what was taken back when the tables were made. A row that is found by its number is looked for in all of them.
When a resource was last seen, and whether it was stale, was not recorded: at a past moment it is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.graph.past import COLUMNS
from resh.graph.scope_table import LAST_SEEN
from resh.search.sql.tables import Present, Stored

if TYPE_CHECKING:
    from resh.search.sql.scope import Scope

_DOCUMENT = "jsonb_patch({doc}.reported, (SELECT h.before -> '$.reported' FROM hist h WHERE h.seq = {undone}.seq))"
_UPDATED = "(SELECT h.before ->> '$.updated' FROM hist h WHERE h.seq = u.seq)"


class Still(Stored):
    """Edges of today that were there."""

    past: str

    def where(self, alias: str, far: str) -> str:
        came = " AND ".join(f"c.{name} = {alias}.{name}" for name in ("et", "src", "dst"))
        there = f"{alias}.{far} NOT IN (SELECT nid FROM {self.past}_later)"
        return f" AND {there} AND NOT EXISTS (SELECT 1 FROM {self.past}_came c WHERE {came})"


class Went(Stored):
    """Edges that are no more."""

    past: str

    def table(self, alias: str, inbound: bool) -> str:
        return f"{self.past}_went {alias}"


class Past(Present):
    """`name`: what the names of the temporary tables begin with; `moment` is epoch seconds."""

    def __init__(self, name: str, moment: float) -> None:
        self._past = f"temp.{name}"
        self._moment = int(moment)
        self.edges = (Still(self._past), Went(self._past))

    def joins(self, scope: Scope) -> str:
        then, undone = _aliases(scope)
        found = [(f"node {scope.node}", scope.node in scope.needs)]
        found += [(table, scope.doc in scope.needs) for table in (f"doc {scope.doc}", f"{self._past}_undone {undone}")]
        found.append((f"{self._past}_then {then}", not scope.needs.isdisjoint((scope.node, scope.doc))))
        return "".join(f" LEFT JOIN {table} ON {table.split()[1]}.nid = {scope.nid}" for table, needed in found if needed)

    def stand(self, scope: Scope) -> tuple[str, str]:
        fat = scope.doc in scope.needs
        thin = scope.node in scope.needs or not fat
        first, *rest = [table for table, needed in (("node n", thin), ("doc d", fat)) if needed]
        still = first + "".join(f" CROSS JOIN {table} ON {table[-1]}.nid = {first[-1]}.nid" for table in rest)
        undone = "".join(f" CROSS JOIN {table} ON {table[-1]}.nid = u.nid" for table in (first, *rest))
        columns = {name: f"n.{name}" for name in COLUMNS if f"{scope.node}.{name}" in scope.needs} | (
            {"reported": "d.reported"} if fat else {}
        )
        back = {"updated": _UPDATED, "reported": _DOCUMENT.format(doc="d", undone="u")}
        pieces = (
            f"{_select(first[-1], columns)} FROM {still} WHERE {first[-1]}.nid NOT IN (SELECT nid FROM {self._past}_changed)",
            f"{_select('u', columns | {name: back[name] for name in columns.keys() & back})} FROM {self._past}_undone u{undone}",
            f"{_select('t', {name: f't.{name}' for name in columns})} FROM {self._past}_then t",
        )
        return f"({' UNION ALL '.join(pieces)}) {scope.node}", f"{scope.node}.nid"

    def column(self, scope: Scope, name: str) -> str:
        if name == "nid":
            return scope.nid
        if name not in COLUMNS:
            return "NULL"
        if scope.scans:
            scope.needs.add(f"{scope.node}.{name}")  # all others are not read: a piece of a union is decoded column by column
            return f"{scope.node}.{name}"
        then, _ = _aliases(scope)
        now = f"{scope.node}.{name}"
        if name == "updated":
            now = f"coalesce((SELECT {_UPDATED} FROM {self._past}_undone u WHERE u.nid = {scope.nid}), {now})"
        return f"iif({then}.nid IS NULL, {now}, {then}.{name})"

    def document(self, scope: Scope) -> str:
        if scope.scans:
            return f"{scope.node}.reported"
        then, undone = _aliases(scope)
        back = _DOCUMENT.format(doc=scope.doc, undone=undone)
        return (
            f"CASE WHEN {then}.nid IS NOT NULL THEN {then}.reported WHEN {undone}.nid IS NOT NULL THEN {back} ELSE {scope.doc}.reported END"
        )

    def whole(self, scope: Scope, sql: str) -> str:
        then = sql.replace(LAST_SEEN, "NULL").replace("FROM usage WHERE ", f"FROM usage WHERE at <= {self._moment} AND ")
        return super().whole(scope, then)


def _aliases(scope: Scope) -> tuple[str, str]:
    """Of the row in `_then` and in `_undone`."""
    return scope.node.replace("n", "p"), scope.node.replace("n", "u")


def _select(alias: str, columns: dict[str, str]) -> str:
    return ", ".join((f"SELECT {alias}.nid AS nid", *(f"{sql} AS {name}" for name, sql in columns.items())))
