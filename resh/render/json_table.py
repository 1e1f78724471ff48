"""Rows as JSON for whoever draws a table: first a line that describes the columns, then one for each row.

{"columns":[{"name":"size","path":"/reported.volume_size","kind":"int64","display":"Size"}]}
{"id":"vESa3UmEUJDC__jEs_6QuA","row":{"size":500}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from resh.record import Record
from resh.render.json import compact


class Described(Record):
    """A column; `kind` is the type of its values, any if nobody knows."""

    name: str
    path: str
    kind: str


def json_table(columns: Sequence[Described], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Each row has the id of its resource behind its values, None for what is no resource."""
    yield compact(
        {"columns": [{"name": c.name, "path": c.path, "kind": c.kind, "display": c.name.replace("_", " ").capitalize()} for c in columns]}
    )
    for *values, id in rows:
        yield compact({"id": id, "row": {column.name: value for column, value in zip(columns, values, strict=True)}})
