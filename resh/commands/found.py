"""The rows of a search that has not run yet.

The pipeline hands it to the first command that works on rows. Most just iterate: documents come, decoded one by one. A command that can do
with less asks for less: `list` for some columns, `count` for counts, both computed in SQL.

    rows = Found(context, query)
    rows.values(("id", "volume_size"))      tuples
    next(rows)                              a document
    Found(context, query, with_edges=True)  the documents, then {"type": "edge", "from": id, "to": id, "edge_type": "default"} for each edge
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from resh.commands.missing import columns, watched

if TYPE_CHECKING:
    from resh.commands.base import Context, Row
    from resh.search.tree import Query


class Found:
    def __init__(self, context: Context, query: Query, with_edges: bool = False) -> None:
        self.query = query
        self.with_edges = with_edges and not query.aggregate
        self._context = context
        self._rows: Iterator[Row] | None = None

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        if self._rows is None:
            rows = _groups if self.is_aggregate else _documents
            found = rows(self._context, self.query)
            self._rows = chain(found, self.edges()) if self.with_edges else found
        return next(self._rows)

    @property
    def is_aggregate(self) -> bool:
        return self.query.aggregate is not None

    def values(self, paths: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """One tuple a row with the values at these paths."""
        self._context.shown = paths
        _, rows = self._context.app.search(self.query, self._context.cancel, paths, self._context.at)
        return watched(self._context, self.query, rows, dict(enumerate(paths)))

    def counts(self, path: str | None) -> Iterator[tuple[Any, int]]:
        """(value, how many rows have it); without a path one pair for all rows."""
        _, rows = self._context.app.search(self.query.counted(path), self._context.cancel, at=self._context.at)
        counted = (row for row in rows if row[-1])
        found = watched(self._context, self.query, counted, {0: path} if path else {})
        return ((row[0] if path else None, row[-1]) for row in found)

    def edges(self) -> Iterator[Row]:
        """The edges of every type between the resources, source by source, if they are wanted."""
        if not self.with_edges:
            return
        for source, target, edge_type in self._context.app.searches.edges(self.query, self._context.cancel, self._context.at):
            yield {"type": "edge", "from": source, "to": target, "edge_type": edge_type}


def is_edge(row: Any) -> bool:
    return isinstance(row, dict) and row.get("type") == "edge" and "from" in row and "to" in row


def _documents(context: Context, query: Query) -> Iterator[Row]:
    return watched(context, query, context.app.documents(query, context.cancel, context.at), {})


def _groups(context: Context, query: Query) -> Iterator[Row]:
    """For an aggregate `{"group": {…}, "<function>": value}`."""
    rows = context.app.groups(query, context.cancel, context.at)
    for row in watched(context, query, rows, columns(query), lambda row, name: row["group"].get(name) or row.get(name)):
        yield row if row["group"] else {name: value for name, value in row.items() if name != "group"}
