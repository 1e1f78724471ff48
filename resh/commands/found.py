"""The rows of a search that has not run yet.

The pipeline hands it to the first command that works on rows. Most just iterate: documents come, decoded one by one. A command that can do
with less asks for less: `list` for some columns, `count` for counts, both computed in SQL.

    rows = Found(context, query)
    rows.values(("id", "volume_size"))      tuples
    next(rows)                              a document
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resh.commands.base import Context, Row
    from resh.search.tree import Query


class Found:
    def __init__(self, context: Context, query: Query) -> None:
        self.query = query
        self._context = context
        self._rows: Iterator[Row] | None = None

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        if self._rows is None:
            self._rows = documents(self._context, self.query)
        return next(self._rows)

    @property
    def is_aggregate(self) -> bool:
        return self.query.aggregate is not None

    def values(self, paths: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """One tuple a row with the values at these paths."""
        context = self._context
        _, rows = context.app.search(self.query, cancel=context.cancel, projection=paths)
        return rows

    def counts(self, path: str | None) -> Iterator[tuple[Any, int]]:
        """(value, how many rows have it); without a path one pair for all rows."""
        _, rows = self._context.app.search(self.query.counted(path), cancel=self._context.cancel)
        return ((row[0] if path else None, row[-1] or 0) for row in rows)

    def last(self, count: int) -> list[Row]:
        """The last rows in their order."""
        return list(Found(self._context, self.query.turned().limited(0, count)))[::-1]


def documents(context: Context, query: Query) -> Iterator[Row]:
    """Documents of nodes, or for an aggregate `{"group": {…}, "<function>": value}`."""
    if query.aggregate is None:
        yield from context.app.documents(query, context.cancel)
        return
    for row in context.app.groups(query, context.cancel):
        yield row if row["group"] else {name: value for name, value in row.items() if name != "group"}
