"""Merges: what a search of its own finds from each node, as a property of that node.

    is(instance) {disks[]: --> is(volume), place: <-[1:]- is(region)} place.reported.name = eu

A merge is JSON that a correlated sub-query makes: documents, or rows of an aggregate; without `[]` only the first of them. Paths into it
read that JSON, the result shows it at the top of the document.
"""

from __future__ import annotations

from resh.errors import UsageError
from resh.graph.document import JSON
from resh.search.paths import FIELDS, SECTIONS, Step, steps
from resh.search.sql import aggregate
from resh.search.sql.chain import chain
from resh.search.sql.documents import Rows
from resh.search.sql.select import Selection
from resh.search.sql.writer import Writer, json_path
from resh.search.tree import Limit, Merge, Query

Name = tuple[str, ...]
_NOWHERE = """'$."\\u0000"'"""


class Merged:
    """The merges of a part, for whichever row they are asked about. `names` are where in the document they belong."""

    def __init__(self, writer: Writer, merges: tuple[Merge, ...]) -> None:
        self._writer = writer
        self._merges = {_name(merge): merge for merge in merges}
        self.names = tuple(self._merges)

    def name_in(self, path: tuple[Step, ...]) -> Name | None:
        """The merge that a path begins with; of two the longer name."""
        return max((name for name in self._merges if path[: len(name)] == name), key=len, default=None)

    def json(self, nid: str, name: Name) -> str:
        """The same text for the same row, whichever part merges it: an aggregate unfolds a list once for all that it takes from it."""
        merge = self._merges[name]
        return self._writer.once((nid, merge), lambda: self._write(nid, merge))

    def _write(self, nid: str, merge: Merge) -> str:
        query = merge.query if merge.many or merge.query.aggregate else _first(merge.query)
        tables, selection = chain(self._writer, query.parts, f"(SELECT {nid} AS nid)")
        item, source = self._groups(selection, query) if query.aggregate else _documents(selection, query)
        rows = f"json_group_array({item}) FROM {source}" if merge.many else f"{item} FROM {source} LIMIT 1"
        return f"({tables}SELECT {rows})"

    def _groups(self, selection: Selection, query: Query) -> tuple[str, str]:
        """Rows as `{"group": {…}, function: value}`."""
        assert query.aggregate
        bind, groups = self._writer.bind, len(query.aggregate.groups)
        pairs = [f"{bind(name)}, c{number}" for number, name in enumerate(query.aggregate.outputs, 1)]
        group = [f"'group', json_object({', '.join(pairs[:groups])})"] if groups else []
        source = aggregate.write(selection, query.aggregate, query.parts[-1])
        return f"json_object({', '.join([*group, *pairs[groups:]])})", f"({source})"


def _first(query: Query) -> Query:
    """The first result in its order; of one without an order the first that comes, which is the nearest."""
    last = query.parts[-1]
    if last.sort or last.best or last.limit or last.backwards:
        return query.limited(0, 1)
    return query.changed(parts=(*query.parts[:-1], last.changed(limit=Limit(0, 1))))


def _name(merge: Merge) -> Name:
    """Raises UsageError where it would take the place of what every node has."""
    name = tuple(map(str, steps(merge.name)))
    if len(name) == 1 and name[0] in (*FIELDS, *SECTIONS):
        raise UsageError(f"a merge cannot be called {name[0]}: every resource has that already", f"write it like my_{name[0]}")
    return name


def _documents(selection: Selection, query: Query) -> tuple[str, str]:
    """Documents, with what the parts of this search bring along to them."""
    rows = Rows(selection, query.parts[-1])
    item = rows.read(JSON)
    for name, json in rows.brought().items():
        path = json_path(name)
        if rows.brings_all:
            item = f"json_set({item}, {path}, json({json}))"
            continue
        item = f"json_remove(json_set({item}, {path}, json(nullif({json}, ''))), iif({json} = '', {path}, {_NOWHERE}))"
    return item, rows.tables
