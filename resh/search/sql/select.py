"""Parts as SELECTs of node ids.

A `Selection` is one SELECT in the making: its scope, the tables it stands on, its condition. Whoever wants more of the selected nodes
(documents, values, groups, an order) adds columns before it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resh.graph.kind_index import KIND_BITS
from resh.search.sql.reference import Column, Element, Flag, Json, Number, Reference
from resh.search.sql.scope import NID, Scope
from resh.search.sql.tables import PRESENT
from resh.search.sql.unfold import unfold
from resh.search.sql.walk import edges_of, is_one_hop, reached
from resh.search.sql.where import condition, kinds_condition, with_condition
from resh.search.sql.writer import Writer
from resh.search.terms import ALL, Combined, Predicate, Term, Text
from resh.search.tree import Best, Limit, Navigation, Part, Sort

if TYPE_CHECKING:
    from resh.search.sql.brought import Layer

Columns = Sequence[tuple[str, str]]
"""(SQL, name) of each column."""

_MOST = 2**62
_HEAVY = 20  # so many SELECTs may be named twice where that makes a step quicker
_KIND_NAMES = "sqlite_autoindex_kind_1"


class Selection:
    """`source` is what the nodes come from, nothing where it is the graph itself; a distinct one may meet a node more than once.

    `looked_at`: every row of the kinds in its term is looked at, because no index helps. Such a selection can come kind by kind.
    """

    term: Term = ALL
    looked_at = False
    _by_kind = ""

    def __init__(self, scope: Scope, source: str = "", *conditions: str, distinct: bool = False) -> None:
        self.scope = scope
        self.source = source
        self.distinct = distinct
        self.conditions = list(conditions)
        self.joins: list[str] = []

    def write(self, columns: Columns = (), tail: str = "") -> str:
        distinct = "DISTINCT " if self.distinct else ""
        where = self._where()
        names = ", ".join(f"{sql} AS {name}" for sql, name in columns or ((self.scope.nid, "nid"),))
        joins = "".join(self.joins)
        if self.source:
            return f"SELECT {distinct}{names} FROM {self.source}{self.scope.joins()}{joins}{' WHERE ' if where else ''}{where}{tail}"
        source, nid, where = self.scope.stand(where, f"{names}{joins}{tail}", self._kinds)
        if self._by_kind:
            source, nid, where = self._from_kinds(source, nid, where)
        select = f"SELECT {distinct}{names} FROM {source}{joins}{' WHERE ' if where else ''}{where}{tail}"
        return self.scope.placed(select.replace(self.scope.nid, nid))

    def count(self) -> str:
        """SQL for how many there are, where the tables know a quicker way than to select them; else nothing."""
        return "" if self.source or self.joins else self.scope.count(self._where())

    def _where(self) -> str:
        return " AND ".join(f"({condition})" for condition in self.conditions if condition != "1")

    def _from_kinds(self, source: str, nid: str, where: str) -> tuple[str, str, str]:
        """Source, row's number and condition, behind the table of kinds. `+` leaves the planner no other range of rows than the kind's."""
        first = f"({self._by_kind}.kid << {KIND_BITS})"
        kinds = f"({self._kinds(first)}) AND {nid} BETWEEN {first} AND {first} + {(1 << KIND_BITS) - 1}"
        return f"kind {self._by_kind} INDEXED BY {_KIND_NAMES} CROSS JOIN {source}", f"+{nid}", f"{kinds} AND {where}" if where else kinds

    def _kinds(self, nid: str) -> str:
        return kinds_condition(self.scope.writer, self.term, nid)

    def by_kind(self) -> str:
        """Have the nodes come kind by kind, in the order of the kinds' names: SQL for the name."""
        self._by_kind = self._by_kind or self.scope.writer.alias("k")
        return f"{self._by_kind}.name"

    def unique(self) -> Selection:
        """The same nodes, each exactly once, so that columns may be added."""
        if not self.distinct:
            return self
        again = over(self.scope.writer, f"({self.write()})")
        again.scope.brought = self.scope.brought and self.scope.brought.of(again.scope.nid)
        return again


def bits(selection: Selection) -> Columns:
    """The column that says which parts found a node, if one does."""
    brought = selection.scope.brought
    return brought.bits() if brought else ()


def over(writer: Writer, source: str) -> Selection:
    """The nodes of a table or sub-query with the column nid."""
    alias = writer.alias("h")
    return Selection(Scope(writer, f"{alias}.nid"), f"{source} {alias}")


def select(writer: Writer, part: Part, starts: str | None, navigation: Navigation | None, carried: tuple[Layer, ...] = ()) -> Selection:
    """The nodes of a part; `starts` is the table of the part before, `navigation` the way from there, which brings layers along."""
    if starts is None or navigation is None:
        selection, term = _begin(writer, part.term)
    else:
        selection, term = _source(writer, starts, navigation), part.term
    scope = selection.scope
    if carried or part.usage:
        _bring(scope, part.changed(merges=(), tag=""), carried)
    selection.conditions.append(condition(scope, term))
    if part.merges or part.tag:
        _bring(scope, part, carried)
    if part.after is not None:
        selection.conditions.append(condition(scope, part.after))
    if part.with_:
        selection.conditions.append(with_condition(scope, part.with_))
    selection.term = part.term
    selection.looked_at = scope.scans and scope.node not in scope.needs and writer.tables is PRESENT
    return selection


def _bring(scope: Scope, part: Part, carried: tuple[Layer, ...]) -> None:
    from resh.search.sql.brought import Brought, Layer
    from resh.search.sql.merges import Merged
    from resh.search.sql.period import period_of

    writer = scope.writer
    merged = Merged(writer, part.merges) if part.merges else None
    own = Layer(0, part.tag, merged, period_of(writer, part.usage) if part.usage else None)
    scope.brought = Brought(writer, carried if own.is_empty else (own, *carried), scope.nid)


def _begin(writer: Writer, term: Term) -> tuple[Selection, Term]:
    """The whole graph, or what one of its indexes finds; and what is still to be asked of it."""
    if writer.tables.indexed and isinstance(term, (Text, Combined)):
        from resh.search.sql import texts

        wanted, rest = texts.part_of(term)
        if wanted:
            return over(writer, f"({texts.found(writer, wanted, 'and', texts.bounds(writer, rest))})"), rest
    if writer.tables.indexed and isinstance(term, (Predicate, Combined)):
        from resh.search.sql import states

        state, rest = states.part_of(writer, term)
        if state:
            return over(writer, f"({states.found(writer, state)})"), rest
    return Selection(Scope(writer, NID)), term


def _source(writer: Writer, starts: str, navigation: Navigation) -> Selection:
    edges, *others = edges_of(navigation, writer)[0].everywhere(writer.tables)
    if not is_one_hop(navigation) or (others and writer.weight(starts) > _HEAVY):
        return over(writer, starts if navigation.stays else f"({reached(navigation, starts, writer)})")
    if others:
        found = over(writer, f"({' UNION ALL '.join(each.hops(starts) for each in (edges, *others))})")
        found.distinct = True
        return found
    edge = writer.alias("x")
    scope = Scope(writer, f"{edge}.{edges.far}")
    return Selection(scope, f"{starts} s CROSS JOIN {edges.table(edge)}", edges.hop("s.nid", edge), distinct=True)


def ordered(selection: Selection, part: Part, keys: tuple[Sort, ...], columns: Columns = ()) -> str:
    """The selection with sort, limit and direction; ties are in the order of rowids. `columns` are (SQL, name); without any: nid.

    Where the kind sorts first, SQLite sorts one kind after the other, and stops when the limit is reached.
    """
    if not keys and not part.backwards and not (part.limit and part.limit.last):
        return selection.write(columns, limited(part.limit))
    scope = selection.scope
    columns = columns or ((scope.nid, "nid"),)
    directions = [*(_key(scope, key) for key in keys), (scope.nid, False)]
    if selection.looked_at and directions[0][0] == scope.kind().value:
        directions[0] = (selection.by_kind(), directions[0][1])
    if part.limit and part.limit.last != part.backwards:
        return _turned(selection, directions, part.limit, columns)
    order = ", ".join(f"{sql}{_direction(descending != part.backwards)}" for sql, descending in directions)
    return selection.write(columns, f" ORDER BY {order}{limited(part.limit)}")


def _turned(selection: Selection, directions: list[tuple[str, bool]], limit: Limit, columns: Columns) -> str:
    """Limited in one direction, given in the other."""
    keys = tuple((sql, f"key{number}") for number, (sql, _) in enumerate(directions))
    order = ", ".join(f"key{number}{_direction(descending != limit.last)}" for number, (_, descending) in enumerate(directions))
    back = ", ".join(f"key{number}{_direction(descending == limit.last)}" for number, (_, descending) in enumerate(directions))
    inner = selection.write((*columns, *keys), f" ORDER BY {order}{limited(limit)}")
    return f"SELECT {', '.join(name for _, name in columns)} FROM ({inner}) ORDER BY {back}"


def _direction(descending: bool) -> str:
    return " DESC" if descending else ""


def limited(limit: Limit | None) -> str:
    return f" LIMIT {min(limit.count, _MOST)} OFFSET {min(limit.offset, _MOST)}" if limit else ""


def _key(scope: Scope, key: Sort) -> tuple[str, bool]:
    """SQL of what is sorted by, and whether it descends. Of many values it is the smallest, downwards the largest."""
    if isinstance(key, Best):
        from resh.search.sql.texts import rank

        return rank(scope, key.text), key.descending
    found = scope.place(key.path)
    reference, descends = scope.reference(found), key.descending != found.is_age
    if not isinstance(reference, Json) or None not in reference.steps:
        return reference.value, descends
    each, function = unfold(scope.writer, reference), "max" if key.descending else "min"
    return f"(SELECT {function}({each.end.plain}) FROM {each.tables} WHERE {each.condition})", descends


def shown(reference: Reference) -> str:
    """The value as people see it: true and false by name, arrays and objects as JSON text."""
    if isinstance(reference, (Column, Number, Flag)):
        return reference.value
    assert isinstance(reference, Json | Element)
    return f"CASE {reference.type} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE {reference.plain} END"
