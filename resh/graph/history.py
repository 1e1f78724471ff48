"""History: one row for every node that was created, changed or deleted, with what was there before.

    changed_paths({"a": 1, "tags": {"x.y": 1}}, {"a": 2, "tags": {}})     # {"a": 1, "tags.`x.y`": 1}

Paths read as in a search: bare ones are of `reported`, others begin with their section (`/desired.clean`). Lists are compared whole;
None stands for a value that was missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import apsw

from resh.graph.base import Change

CREATED, UPDATED, DELETED = "created", "updated", "deleted"

_PLAIN = re.compile(r"[A-Za-z_][\w-]*")


class Entry(NamedTuple):
    change: str
    id: str
    nid: int
    name: str | None
    before: Mapping[str, Any] | None = None


def record(connection: apsw.Connection, entries: Iterable[Entry], at: float, by: str) -> None:
    import orjson

    connection.executemany(
        "INSERT INTO hist(at, change, id, kid, name, by, before) VALUES (?, ?, ?, ? >> 40, ?, ?, ?)",
        (
            (at, change, id, nid, name or "", by, orjson.dumps(before).decode() if before is not None else None)
            for change, id, nid, name, before in entries
        ),
    )


def changes(connection: apsw.Connection, limit: int, id: str | None, since: float | None) -> Iterator[Change]:
    """Newest first."""
    from json import loads

    wanted = "h.id = ? AND" if id else ""
    rows = connection.execute(
        "SELECT h.at, h.change, h.id, k.name, h.name, h.before, h.by FROM hist h CROSS JOIN kind k ON k.kid = h.kid"
        f" WHERE {wanted} h.at >= ? ORDER BY h.at DESC, h.seq DESC LIMIT ?",
        (*([id] if id else []), since if since is not None else 0.0, limit),
    )
    for at, change, node, kind, name, before, by in rows:
        yield Change(at, change, node, kind, name, loads(before) if before else {}, by)


def prune(connection: apsw.Connection, before: float) -> int:
    connection.execute("DELETE FROM hist WHERE at < ?", (before,))
    return connection.changes()


def changed_paths(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Every path whose value differs, with the old value."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before == after and type(before) is type(after):
            continue
        path = prefix + (key if _PLAIN.fullmatch(key) else f"`{key}`")
        if isinstance(before, dict) and isinstance(after, dict):
            found |= changed_paths(before, after, path + ".")
        else:
            found[path] = before
    return found
