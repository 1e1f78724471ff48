"""What the parts of a search bring along to the documents of their nodes: a tag, merges, the usage of a period.

    layers = (Layer(2, "hot"), Layer(1, "cold", merged))        newest first
    Brought(writer, layers, "h1.nid").tag()                     CASE WHEN h1.parts & 2 THEN 'hot' …

A layer is about the nodes of one part, or about all of them; of two layers that know something about a node the newer one does.
Results of several parts come from a table that has beside the number of each node, as bits, which parts found it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resh.record import Record
from resh.search.paths import SECTIONS, Step
from resh.search.sql.period import Period
from resh.search.sql.reference import Json
from resh.search.sql.writer import Writer, json_path
from resh.search.terms import quote

if TYPE_CHECKING:
    from resh.search.sql.merges import Merged, Name
    from resh.search.sql.select import Columns

_TAG = ("metadata", "query_tag")
_ABSENT = "''"
"""SQL of a merge that a node does not have, in the place of its JSON."""


class Layer(Record):
    """`bits` are those of the parts that it is about; none where it is about all nodes there are."""

    bits: int = 0
    tag: str = ""
    merged: Merged | None = None
    period: Period | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.tag or self.merged or self.period)


class Brought:
    """`nid` is the number of a row of the results, for which the bits stand beside it."""

    def __init__(self, writer: Writer, layers: tuple[Layer, ...], nid: str) -> None:
        self._writer = writer
        self.layers = layers
        self._parts = beside(nid)

    def of(self, nid: str) -> Brought:
        """The same for a row elsewhere."""
        return Brought(self._writer, self.layers, nid)

    def bits(self) -> Columns:
        """The column beside the number, if a layer is about some of the nodes."""
        return ((self._parts, "parts"),) if any(layer.bits for layer in self.layers) else ()

    def name_in(self, path: tuple[Step, ...]) -> Name | None:
        """The merge that a path begins with; of two the longer name."""
        found = (layer.merged.name_in(path) for layer in self.layers if layer.merged)
        return max((name for name in found if name), key=len, default=None)

    def holds(self, path: tuple[Step, ...]) -> bool:
        """Whether the path leads into a merge, or to what is there only because a merge is in it: `a.b` where one is called `a.b.c`."""
        return self.name_in(path) is not None or bool(path[0] not in SECTIONS and self._within(path))

    def at(self, nid: str, path: tuple[Step, ...]) -> Json:
        """What such a path leads to."""
        if (name := self.name_in(path)) is not None:
            return Json(self._chosen(self._merges(nid, name)), path[len(name) :])
        item = "NULL"
        for inner in self._within(path):
            json, place = self._chosen(self._merges(nid, inner), _ABSENT), json_path(inner[len(path) :])
            item = f"iif({json} = '', {item}, json_set(coalesce({item}, '{{}}'), {place}, json(nullif({json}, ''))))"
        return Json(item)

    def _within(self, path: tuple[Step, ...]) -> list[Name]:
        return [name for layer in self.layers if layer.merged for name in layer.merged.names if name[: len(path)] == path]

    def tag(self) -> str:
        """SQL of the tag of a node, nothing when there are no tags."""
        tags = [(layer.bits, self._writer.bind(layer.tag)) for layer in self.layers if layer.tag]
        return self._chosen(tags) if tags else ""

    def usage(self, nid: str, latest: str) -> str:
        """JSON of the usage of a node; of one without a period the latest."""
        return self._chosen([(layer.bits, layer.period.json(nid)) for layer in self.layers if layer.period], latest)

    def measured(self, nid: str, metric: str, statistic: str, latest: str) -> str:
        """One number of it."""
        found = [(layer.bits, layer.period.number(nid, metric, statistic)) for layer in self.layers if layer.period]
        return self._chosen(found, latest)

    def columns(self, nid: str) -> dict[Name, str]:
        """JSON of everything, by where in the document it belongs; an empty text where a node has nothing there."""
        names = dict.fromkeys(name for layer in self.layers if layer.merged for name in layer.merged.names)
        found: dict[Name, str] = {name: self._chosen(self._merges(nid, name), _ABSENT) for name in names}
        if tags := [(layer.bits, self._writer.bind(quote(layer.tag))) for layer in self.layers if layer.tag]:
            found[_TAG] = self._chosen(tags, _ABSENT)
        return found

    def _merges(self, nid: str, name: Name) -> Sequence[tuple[int, str]]:
        return [(layer.bits, layer.merged.json(nid, name)) for layer in self.layers if layer.merged and name in layer.merged.names]

    def _chosen(self, cases: Sequence[tuple[int, str]], otherwise: str = "NULL") -> str:
        """SQL of the value of the first case that is about the node; one without bits is about all."""
        whens, last = list[tuple[int, str]](), otherwise
        for bits, value in cases:
            if not bits:
                last = value
                break
            before = whens.pop() if whens and whens[-1][1] == value else (0, value)
            whens.append((before[0] | bits, value))
        arms = "".join(f" WHEN {self._parts} & {bits} THEN {value}" for bits, value in whens)
        return f"CASE{arms} ELSE {last} END" if arms else last


def beside(nid: str) -> str:
    """The column with the bits, of the table that has the number."""
    return f"{nid.removesuffix('.nid')}.parts"
