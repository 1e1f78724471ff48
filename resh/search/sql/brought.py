"""What the parts of a search bring along to the documents of their nodes: a tag, merges, the usage of a period.

    layers = (Layer("s2", "hot"), Layer("s1", "cold", merged))      newest first
    Brought(writer, layers).tag("n1.nid")                           CASE WHEN n1.nid IN (SELECT nid FROM s2) THEN 'hot' …

A layer is about the nodes of a table, or about all of them; of two layers that know something about a node the newer one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from resh.record import Record
from resh.search.paths import Step
from resh.search.sql.period import Period
from resh.search.sql.reference import Json
from resh.search.sql.writer import Writer
from resh.search.terms import quote

if TYPE_CHECKING:
    from resh.search.sql.merges import Merged, Name

_TAG = ("metadata", "query_tag")
_ABSENT = "''"
"""SQL of a merge that a node does not have, in the place of its JSON."""


class Layer(Record):
    table: str = ""
    tag: str = ""
    merged: Merged | None = None
    period: Period | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.tag or self.merged or self.period)


class Brought:
    def __init__(self, writer: Writer, layers: tuple[Layer, ...]) -> None:
        self._writer = writer
        self.layers = layers

    def name_in(self, path: tuple[Step, ...]) -> Name | None:
        """The merge that a path begins with; of two the longer name."""
        found = (layer.merged.name_in(path) for layer in self.layers if layer.merged)
        return max((name for name in found if name), key=len, default=None)

    def at(self, nid: str, path: tuple[Step, ...]) -> Json:
        """What a path leads to that begins with a merge."""
        name = self.name_in(path) or ()
        return Json(chosen(nid, self._merges(nid, name)), path[len(name) :])

    def tag(self, nid: str) -> str:
        """SQL of the tag of a node, nothing when there are no tags."""
        tags = [(layer.table, self._writer.bind(layer.tag)) for layer in self.layers if layer.tag]
        return chosen(nid, tags) if tags else ""

    def usage(self, nid: str, latest: str) -> str:
        """JSON of the usage of a node; of one without a period the latest."""
        return chosen(nid, [(layer.table, layer.period.json(nid)) for layer in self.layers if layer.period], latest)

    def measured(self, nid: str, metric: str, statistic: str, latest: str) -> str:
        """One number of it."""
        found = [(layer.table, layer.period.number(nid, metric, statistic)) for layer in self.layers if layer.period]
        return chosen(nid, found, latest)

    def columns(self, nid: str) -> dict[Name, str]:
        """JSON of everything, by where in the document it belongs; an empty text where a node has nothing there."""
        names = dict.fromkeys(name for layer in self.layers if layer.merged for name in layer.merged.names)
        found: dict[Name, str] = {name: chosen(nid, self._merges(nid, name), _ABSENT) for name in names}
        if tags := [(layer.table, self._writer.bind(quote(layer.tag))) for layer in self.layers if layer.tag]:
            found[_TAG] = chosen(nid, tags, _ABSENT)
        return found

    def _merges(self, nid: str, name: Name) -> Sequence[tuple[str, str]]:
        return [(layer.table, layer.merged.json(nid, name)) for layer in self.layers if layer.merged and name in layer.merged.names]


def chosen(nid: str, cases: Sequence[tuple[str, str]], otherwise: str = "NULL") -> str:
    """SQL of the value of the first table that has the node; no table has them all."""
    whens = "".join(_whens(nid, cases))
    last = next((value for table, value in cases if not table), otherwise)
    return f"CASE{whens} ELSE {last} END" if whens else last


def _whens(nid: str, cases: Sequence[tuple[str, str]]) -> Iterator[str]:
    for table, value in cases:
        if not table:
            return
        yield f" WHEN {nid} IN (SELECT nid FROM {table}) THEN {value}"
