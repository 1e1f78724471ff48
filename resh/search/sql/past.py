"""The tables of `tables.py`, for a moment before now: what the graph has, but for the temporary tables of `resh.graph.past`.

A search that begins with the whole graph reads it in pieces, each by its own indexes: what is as it was, what was taken back when the
tables were made, and documents that are taken back as they are read. A row that is found by its number is looked for in all of them.
When a resource was last seen, and whether it was stale, was not recorded: at a past moment it is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.graph.past import COLUMNS
from resh.graph.scope_table import LAST_SEEN
from resh.search.sql.tables import Present, Stored

if TYPE_CHECKING:
    from resh.search.sql.scope import Scope
    from resh.search.sql.tables import Kinds

_DOCUMENT = (
    "iif({patched}.seq IS NULL, (SELECT o.reported FROM {past}_old o WHERE o.nid = {patched}.nid), "
    "jsonb_patch({doc}.reported, (SELECT h.before -> '$.reported' FROM hist h WHERE h.seq = {patched}.seq)))"
)
_UPDATED = (
    "iif(u.seq IS NULL, (SELECT o.updated FROM {past}_old o WHERE o.nid = u.nid), "
    "(SELECT h.before ->> '$.updated' FROM hist h WHERE h.seq = u.seq))"
)


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

    def column(self, alias: str, name: str) -> str:
        """Who told of it was not recorded."""
        return "NULL"


class Past(Present):
    """`name`: what the names of the temporary tables begin with; `moment` is epoch seconds."""

    indexed = False

    def __init__(self, name: str, moment: float) -> None:
        self._past = f"temp.{name}"
        self._moment = int(moment)
        self.edges = (Still(self._past), Went(self._past))

    def joins(self, scope: Scope) -> str:
        then, patched = _aliases(scope)
        found = [(f"node {scope.node}", scope.node in scope.needs)]
        found += [(table, scope.doc in scope.needs) for table in (f"doc {scope.doc}", f"{self._past}_patched {patched}")]
        found.append((f"{self._past}_then {then}", not scope.needs.isdisjoint((scope.node, scope.doc))))
        return "".join(f" LEFT JOIN {table} ON {table.split()[1]}.nid = {scope.nid}" for table, needed in found if needed)

    def stand(self, scope: Scope, where: str, rest: str, kinds: Kinds) -> tuple[str, str, str]:
        """The condition goes into each piece: SQLite would copy the documents of all rows out of a union before it looked at one.

        It stands before the look-up of what is different, which it often spares. A document that is patched as it is read is so once: the
        limit keeps SQLite from reading it again for each part of the condition; so which kinds it may be of is asked before.
        """
        fat = scope.doc in scope.needs
        thin = scope.node in scope.needs or not fat
        first, *others = [table for table, needed in (("node n", thin), ("doc d", fat)) if needed]
        still = first + "".join(f" CROSS JOIN {table} ON {table[-1]}.nid = {first[-1]}.nid" for table in others)
        patched = "".join(f" CROSS JOIN {table} ON {table[-1]}.nid = u.nid" for table in (first, *others))
        read, asked = (dict.fromkeys(_places(scope, sql)) for sql in (rest, rest + where))
        now = {name: "d.reported" if name == "reported" else f"n.{name}" for name in asked}
        back = {"updated": _UPDATED.format(past=self._past), "reported": _DOCUMENT.format(doc="d", patched="u", past=self._past)}
        tables = ["moved", "patched"] if fat or "updated" in asked else ["moved"]
        same = " AND ".join(f"{first[-1]}.nid NOT IN (SELECT nid FROM {self._past}_{table})" for table in tables)
        pieces = [
            f"{_select(first[-1], {name: now[name] for name in read})} FROM {still}"
            f"{_where(f'({found}) AND {same}' if (found := _standing(scope, where, first[-1], now)) else same)}",
            f"{_select('t', {name: f't.{name}' for name in read})} FROM {self._past}_then t{_where(_standing(scope, where, 't', {}))}",
        ]
        if "patched" in tables:
            old = _select("u", {name: back.get(name, sql) for name, sql in now.items()})
            once = f"{old} FROM {self._past}_patched u{patched} WHERE {kinds('u.nid')} LIMIT -1"
            pieces.append(f"{_select('v', {name: f'v.{name}' for name in read})} FROM ({once}) v{_where(_standing(scope, where, 'v', {}))}")
        return f"({' UNION ALL '.join(pieces)}) {scope.node}", f"{scope.node}.nid", ""

    def count(self, scope: Scope, where: str) -> str:
        """Those of today without those that were other ones, and what these were: none of the many is asked whether it is the same."""
        if scope.doc in scope.needs or "updated" in _places(scope, where):
            return ""
        now, then = _where(_standing(scope, where, "n", {})), _where(_standing(scope, where, "t", {}))
        moved = f"{self._past}_moved m CROSS JOIN node n ON n.nid = m.nid"
        few = f"(SELECT count(*) FROM {self._past}_then t{then}) - (SELECT count(*) FROM {moved}{now})"
        return f"(SELECT count(*) FROM node n{now}) + {few}"

    def placed(self, scope: Scope, sql: str) -> str:
        return _standing(scope, sql, scope.node, {})

    def column(self, scope: Scope, name: str) -> str:
        if name == "nid":
            return scope.nid
        if name not in COLUMNS:
            return "NULL"
        if scope.scans:
            return _place(scope, name)
        then, _ = _aliases(scope)
        now = f"{scope.node}.{name}"
        if name == "updated":
            updated = _UPDATED.format(past=self._past)
            now = f"coalesce((SELECT {updated} FROM {self._past}_patched u WHERE u.nid = {scope.nid}), {now})"
        return f"iif({then}.nid IS NULL, {now}, {then}.{name})"

    def document(self, scope: Scope) -> str:
        if scope.scans:
            return _place(scope, "reported")
        then, patched = _aliases(scope)
        back = _DOCUMENT.format(doc=scope.doc, patched=patched, past=self._past)
        changed = f"WHEN {then}.nid IS NOT NULL THEN {then}.reported WHEN {patched}.nid IS NOT NULL THEN {back}"
        return f"CASE {changed} ELSE {scope.doc}.reported END"

    def id(self, nid: str) -> str:
        return f"coalesce((SELECT id FROM node WHERE nid = {nid}), (SELECT id FROM {self._past}_then WHERE nid = {nid}))"

    def whole(self, scope: Scope, sql: str) -> str:
        then = sql.replace(LAST_SEEN, "NULL").replace("FROM usage WHERE ", f"FROM usage WHERE at <= {self._moment} AND ")
        return self.replaced(scope, then)


def _place(scope: Scope, name: str) -> str:
    """A column of a scope that comes from nowhere, until it is known which piece it is read from. No other SQL has control characters."""
    return f"\3{scope.node}.{name}\3"


def _places(scope: Scope, sql: str) -> list[str]:
    """The columns of the scope that are read there."""
    return [place.partition(".")[2] for place in sql.split("\3")[1::2] if place.startswith(f"{scope.node}.")]


def _standing(scope: Scope, sql: str, alias: str, columns: dict[str, str]) -> str:
    """The SQL on the row of one piece, where a column is called as `columns` says, or by its own name."""
    pieces = sql.split("\3")
    for number in range(1, len(pieces), 2):
        node, _, name = pieces[number].partition(".")
        pieces[number] = columns.get(name, f"{alias}.{name}") if node == scope.node else f"\3{pieces[number]}\3"
    return "".join(pieces).replace(scope.nid, f"{alias}.nid")


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def _aliases(scope: Scope) -> tuple[str, str]:
    """Of the row in `_then` and in `_patched`."""
    return scope.node.replace("n", "p"), scope.node.replace("n", "u")


def _select(alias: str, columns: dict[str, str]) -> str:
    return ", ".join((f"SELECT {alias}.nid AS nid", *(f"{sql} AS {name}" for name, sql in columns.items())))
