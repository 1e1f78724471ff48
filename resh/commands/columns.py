"""Columns of a table: what `list` is asked for, or what suits the rows when nobody asks.

parse("id, tags.owner as owner, age")       (Column("id", "id"), Column("tags.owner", "owner"), Column("age", "age"))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from resh.commands.base import Row
from resh.commands.paths import absolute, is_age, last_name
from resh.durations import parse_time
from resh.errors import BadValue, UsageError
from resh.record import Record
from resh.search.paths import AGES, Step, steps

if TYPE_CHECKING:
    from resh.search.tree import Query

_PART = re.compile(r"\s*((?:`[^`]*`|\[[^\]]*\]|[^,`\[\s])+)(?:\s+as\s+([^\s,]+))?\s*(?:,|$)")
_FIRST, _LAST = ("kind", "id", "name"), ("age", "account", "region")


class Column(Record):
    """`plain`: of rows that are no resources; there `age` is a name like others."""

    path: str
    name: str
    plain: bool = False

    @property
    def is_age(self) -> bool:
        return not self.plain and is_age(self.path)

    @property
    def source(self) -> str:
        """Where its value is stored: an age is the time that it is counted from."""
        return AGES[str(steps(self.path)[-1])] if self.is_age else self.path


_NODE_ID = Column("/id", "node_id")
LAST_SEEN = Column("/metadata.last_seen", "last_seen")
STALE = "/metadata.stale"
"""Only of stale resources it is worth a look when they were last seen."""
PAGE = "/console"
"""The address of a resource in its cloud's console, made when it is shown (`console.py`)."""
OF_EDGES = (Column("from", "from"), Column("to", "to"), Column("edge_type", "edge_type"))


def parse(text: str) -> tuple[Column, ...]:
    """The columns of `path [as name], …`. Raises UsageError with the part that is wrong."""
    columns: list[Column] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            rest = text[position:].strip()
            raise UsageError(f"list: '{rest}' is not a column", "separate columns with commas: id, tags.owner as owner, age")
        path = found[1]
        try:
            steps(path)
        except UsageError as error:
            raise UsageError(f"list: {error.message}", error.hint) from None
        columns.append(Column(path, found[2] or last_name(path)))
        position = found.end()
    return _distinct(columns)


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """A name that two columns share gives way to their paths."""
    names = [column.name for column in columns]
    return tuple(c if names.count(c.name) == 1 else Column(c.path, c.path.strip("/")) for c in columns)


def of_nodes(query: Query | None, node_id: bool = False) -> tuple[Column, ...]:
    """Kind, id and name, what the query asked about, age, account and region; before them resh's own id, where edges name it."""
    asked = (*query.predicates(), *(key.path for key in query.sort_keys())) if query else ()
    wanted: dict[tuple[Step, ...], str] = {}
    for path in (*_FIRST, *(str(path) for path in asked), *_LAST):
        wanted.setdefault(absolute(path), path)
    columns = [Column(path, last_name(path)) for path in wanted.values()]
    return _distinct([_NODE_ID, *columns] if node_id else columns)


def of_rows(rows: Iterable[Row]) -> tuple[Column, ...]:
    """Every key that these rows have, in order; the keys of an aggregate's group come first."""
    names: dict[str, None] = {}
    for row in rows:
        for key, value in row.items() if isinstance(row, dict) else ():
            names.update(dict.fromkeys(value) if key == "group" and isinstance(value, dict) else {key: None})
    return tuple(Column(f"`{name}`", name) for name in names)


def age_seconds(value: Any, now: float) -> float | None:
    """Seconds since a stored time; None for what is no time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return now - value
    if not isinstance(value, str):
        return None
    try:
        return now - parse_time(value, now)
    except BadValue:
        return None
