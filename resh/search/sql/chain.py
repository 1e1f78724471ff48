"""The parts of a search, one behind the other: each but the last is a common table, the last a selection.

chain(writer, query.parts)                                  over the whole graph
chain(writer, merge.query.parts, "(SELECT n1.nid AS nid)")  from one node
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.search.sql.select import Columns, Selection, bits, ordered, over, select
from resh.search.sql.typed import typed
from resh.search.sql.writer import Writer
from resh.search.tree import STAY, Navigation, Part

if TYPE_CHECKING:
    from resh.search.sql.brought import Layer

_LAST_BIT = 1 << 61  # so that all of them are a number for SQLite


def chain(writer: Writer, parts: tuple[Part, ...], starts: str | None = None) -> tuple[str, Selection]:
    """WITH and the tables, or nothing; then the selection of the last part. `starts` is a table or sub-query with the column nid."""
    found = _Chain(writer, starts)
    parts = typed(parts, writer.kinds)
    for part, following in pairwise(parts):
        if following.gathers:
            found.gather(part)
        else:
            found.step(part)
    selection = found.end(parts[-1])
    return f"WITH {', '.join(found.tables)} " if found.tables else "", selection


class _Chain:
    """`carried` is what the nodes of `starts` bring along, `returned` the tables of tagged parts with what theirs do.

    Tables are named as seldom as can be: for SQLite each is as large as all that it names.
    """

    def __init__(self, writer: Writer, starts: str | None) -> None:
        self.tables: list[str] = []
        self._writer = writer
        self._starts = starts
        self._way: Navigation | None = STAY if starts else None
        self._carried: tuple[Layer, ...] = ()
        self._returned: dict[str, tuple[Layer, ...]] = {}
        self._bit = 1

    def step(self, part: Part) -> None:
        """A part from which the search goes on."""
        if self._way is None or not self._way.stays or part != Part(navigation=part.navigation):
            selection = self._select(part)
            self._starts = self._table(selection, part)
            self._carried = _layers(selection)
        if part.tag and self._starts:
            self._returned[self._starts] = self._carried
        self._way = part.navigation
        if not (self._way and self._way.stays):
            self._carried = ()

    def end(self, part: Part) -> Selection:
        """All that the parts so far return, to be sorted and limited as the last of them says."""
        selection = self._select(part)
        if not self._returned:
            return selection
        last = self._table(selection, part.changed(sort=(), limit=None))
        self._returned[last] = _layers(selection)
        return self._united()

    def _united(self) -> Selection:
        """Each node once, with the bits of the parts that returned it, and those that it carried since another search ended."""
        from resh.search.sql.brought import Brought, Layer

        tables, new, old = list[str](), list[Layer](), dict[Layer, None]()
        for table, layers in self._returned.items():
            carried = any(layer.bits for layer in layers)
            tables.append(f"SELECT nid, {self._bit} AS own, {'parts' if carried else '0'} AS old FROM {table}")
            new[:0] = [layer.changed(bits=self._bit) for layer in layers if not layer.bits]
            old |= dict.fromkeys(layer for layer in layers if layer.bits)
            self._bit = _next(self._bit)
        parts = f"SELECT nid, sum(own) + max(old) AS parts FROM ({' UNION ALL '.join(tables)}) GROUP BY nid"
        found = over(self._writer, f"({parts})")
        found.scope.brought = Brought(self._writer, (*new, *old), found.scope.nid)
        return found

    def gather(self, part: Part) -> None:
        """A part that ends a search of its own, with whose results another one goes on."""
        selection = self.end(part)
        self._starts, self._way, self._returned = self._table(selection, part), STAY, {}
        self._carried = _layers(selection)

    def _select(self, part: Part) -> Selection:
        return select(self._writer, part, self._starts, self._way, self._carried)

    def _table(self, selection: Selection, part: Part) -> str:
        name = self._writer.alias("s")
        columns = (selection.scope.nid, "nid"), *bits(selection)
        once = "MATERIALIZED " if len(self._writer.tables.edges) > 1 else ""  # a step along edges of two tables names it twice
        rows = _rows(selection, part, columns)
        self._writer.weigh(name, rows)
        self.tables.append(f"{name}({', '.join(column for _, column in columns)}) AS {once}({rows})")
        return name


def _layers(selection: Selection) -> tuple[Layer, ...]:
    return selection.scope.brought.layers if selection.scope.brought else ()


def _rows(selection: Selection, part: Part, columns: Columns) -> str:
    if not part.limit:
        return ordered(selection, part.changed(backwards=False), (), columns)
    once = selection.unique()
    return ordered(once, part, part.sort or part.best, columns if once is selection else ())


def _next(bit: int) -> int:
    if bit == _LAST_BIT:
        raise UsageError("this search has more than sixty parts with tags", "tag fewer of them, or split it")
    return bit << 1
