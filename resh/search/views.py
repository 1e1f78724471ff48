"""One view for each kind, for people who think in SQL: `aws_ec2_volume`, `volume`, `resource`, …

    views = Views(kind_index, now)
    views.columns("volume")         node_id, id, name, …, volume_size, …, reported
    views.select("volume")          SELECT n.id AS "node_id", … FROM main.node n …

A view reads only the rows of its kinds. Documents and accounts are joined so that SQLite leaves them out when no column is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

from resh.graph.kind_index import KindIndex
from resh.record import Record
from resh.search.paths import AGES
from resh.search.sql.writer import json_path

EDGES, HISTORY = "edges", "history"


class Column(Record):
    name: str
    type: str
    description: str


_FIXED: tuple[tuple[Column, str], ...] = (
    (Column("node_id", "text", "resh's own id, as in edges"), "n.id"),
    (Column("id", "text", "the cloud's id"), "n.rid"),
    (Column("name", "text", "its name"), "n.name"),
    (Column("kind", "text", "what it is"), "(SELECT k.name FROM main.kind k WHERE k.kid = n.nid >> 40)"),
    (Column("cloud", "text", "the cloud"), "a.cloud"),
    (Column("account", "text", "name of the account"), "coalesce(nullif(a.name, ''), a.id)"),
    (Column("account_id", "text", "id of the account"), "a.id"),
    (Column("region", "text", "the region"), "nullif(n.region, '')"),
    (Column("zone", "text", "the zone"), "nullif(n.zone, '')"),
    (Column("age", "number", "seconds since it was created"), "{now} - unixepoch(n.ctime)"),
    (Column("ctime", "text", "when it was created"), "n.ctime"),
    (Column("tags", "json", "its tags: tags ->> 'owner'"), "d.reported ->> '$.tags'"),
)
_LAST: tuple[tuple[Column, str], ...] = (
    (Column("created", "text", "since when the graph has it"), "strftime('%Y-%m-%dT%H:%M:%SZ', n.created, 'unixepoch')"),
    (Column("updated", "text", "when it last changed there"), "strftime('%Y-%m-%dT%H:%M:%SZ', n.updated, 'unixepoch')"),
    (Column("expires", "text", "when it expires, by its tags"), "n.expires"),
    (Column("stale", "0 or 1", "whether it could not be read lately"), "n.stale IS NOT NULL"),
    (Column("desired", "json", "what somebody wants of it, such as clean"), "n.desired"),
    (Column("metadata", "json", "what is known of it, such as protected"), "n.meta"),
    (Column("reported", "json", "everything that the cloud reported"), "json(d.reported)"),
)
_OTHERS: dict[str, tuple[Column, ...]] = {
    EDGES: (
        Column("from_id", "text", "node_id of the upper one"),
        Column("to_id", "text", "node_id of the lower one"),
        Column("type", "text", "default or delete"),
    ),
    HISTORY: (
        Column("changed_at", "text", "when"),
        Column("change", "text", "created, updated or deleted"),
        Column("kind", "text", "what it is"),
        Column("node_id", "text", "resh's own id"),
        Column("name", "text", "its name"),
        Column("by", "text", "who did it"),
        Column("before", "json", "what was there before"),
    ),
}
_TYPES = {"boolean": "0 or 1", "dictionary": "json", "any": "any", "datetime": "text", "date": "text", "duration": "number"}


class Views:
    def __init__(self, index: KindIndex, now: float) -> None:
        self._index = index
        self._now = now

    def names(self) -> list[str]:
        """Every view and table, sorted."""
        return sorted([*(kind.name for kind in self._index.complete()), *_OTHERS])

    def columns(self, name: str) -> tuple[Column, ...]:
        """None for a name that nobody knows."""
        if name in _OTHERS:
            return _OTHERS[name]
        kind = self._kind(name)
        return tuple(column for column, _ in self._all(kind)) if kind else ()

    def select(self, name: str) -> str | None:
        kind = self._kind(name)
        if kind is None:
            return None
        columns = ", ".join(f"{sql} AS {_quoted(column.name)}" for column, sql in self._all(kind))
        return (
            f"SELECT {columns} FROM {self._rows(kind)} LEFT JOIN main.doc d ON d.nid = n.nid LEFT JOIN main.account a ON a.gid = n.gid"
            f"{self._only(kind)}"
        )

    def _kind(self, name: str) -> str | None:
        """Names are as SQL has them: whatever the case."""
        for kinds in (self._index.known, self._index.complete):
            if name in (known := kinds()):
                return name
            found = [kind.name for kind in known if kind.name.lower() == name.lower()]
            if found:
                return found[0]
        return None

    def _rows(self, kind: str) -> str:
        """Several ranges come one after the other; an OR over them would remember every row that it has seen."""
        ranges = self._index.rowid_ranges(kind)
        if len(ranges) < 2:
            return "main.node n"
        values = ", ".join(f"({first}, {last})" for first, last in ranges)
        return f"(VALUES {values}) r CROSS JOIN main.node n ON n.nid BETWEEN r.column1 AND r.column2"

    def _only(self, kind: str) -> str:
        ranges = self._index.rowid_ranges(kind)
        if not ranges:
            return " WHERE 0"
        return f" WHERE n.nid BETWEEN {ranges[0][0]} AND {ranges[0][1]}" if len(ranges) == 1 else ""

    def _all(self, kind: str) -> Iterator[tuple[Column, str]]:
        """What every view has, then the properties of the kind; of two names that SQL cannot tell apart, the first."""
        seen = {column.name for column, _ in (*_FIXED, *_LAST)}
        for column, sql in _FIXED:
            yield column, sql.replace("{now}", str(int(self._now)))
        for name, prop in self._index.known().properties(kind).items():
            if name.lower() not in seen:
                seen.add(name.lower())
                yield Column(name, _type(prop.type), " · ".join(filter(None, (prop.unit, prop.description)))), self._value(name)
        yield from _LAST

    def _value(self, name: str) -> str:
        if name in AGES:
            return f"{int(self._now)} - unixepoch(d.reported ->> {json_path((AGES[name],))})"
        return f"d.reported ->> {json_path((name,))}"


def _type(declared: str) -> str:
    if declared.endswith("[]") or declared.startswith("dictionary"):
        return "json"
    return _TYPES.get(declared, "text" if declared == "string" else "number")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
