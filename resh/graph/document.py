"""How a row of the graph becomes the document that people see.

The search emitter selects COLUMNS from TABLES, whoever shows a node calls `document`:

    rows = connection.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE n.id = ?", (id,))
    document(rows.fetchone())        # {"id": …, "kind": …, "reported": {…}, "desired": {…}, "metadata": {…}, "ancestors": {…}, …}

A few documents are better read in one step: while another thread collects, each wait for the interpreter's lock costs as much as a short
search, and there is one at every row.

    rows = parted(connection.execute(f"SELECT {joined(COLUMNS)} FROM {TABLES} WHERE …"))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from resh.clock import iso
from resh.graph.scope_table import LAST_SEEN
from resh.graph.usage_table import LATEST

TABLES = "node n CROSS JOIN doc d ON d.nid = n.nid CROSS JOIN account a ON a.gid = n.gid"
"""The aliases that COLUMNS stands on; every node has a row in each."""

COLUMNS = f"""n.id, (SELECT k.name FROM kind k WHERE k.kid = n.nid >> 40), json(d.reported), n.desired, n.meta, n.expires, n.stale,
{LAST_SEEN}, a.cloud, a.id, a.name, n.region, n.zone, n.created, n.updated, {LATEST.format(nid="n.nid")}"""

_TIME = "strftime('%Y-%m-%dT%H:%M:%SZ', {}, 'unixepoch')"
_LEVELS = {"cloud": ("a.cloud", "a.cloud"), "account": ("a.id", "a.name"), "region": ("n.region", "n.region"), "zone": ("n.zone", "n.zone")}
_LEVEL = "'{}', iif({id} <> '', json_object('reported', json_object('id', {id}, 'name', coalesce(nullif({name}, ''), {id}))), NULL)"
ANCESTORS = f"json_patch('{{}}', json_object({', '.join(_LEVEL.format(level, id=id, name=name) for level, (id, name) in _LEVELS.items())}))"
METADATA = f"""json_patch(coalesce(n.meta, '{{}}'), json_object('expires', n.expires, 'stale', iif(n.stale IS NULL, NULL, json('true')),
'last_seen', {_TIME.format(LAST_SEEN)}))"""
JSON = f"""json_patch(json_object('id', n.id, 'kind', (SELECT k.name FROM kind k WHERE k.kid = n.nid >> 40), 'reported', json(d.reported),
'desired', json(coalesce(n.desired, '{{}}')), 'metadata', {METADATA}, 'ancestors', {ANCESTORS},
'created', {_TIME.format("n.created")}, 'updated', {_TIME.format("n.updated")}),
json_object('usage', json({LATEST.format(nid="n.nid")})))"""
"""The document as SQL, for what is put together inside a search, as `document` makes it of COLUMNS. A merge patch leaves out NULLs."""


def joined(columns: str, merged: Iterable[str] = ()) -> str:
    """SQL of all rows as one JSON text, for `parted`; what is `merged` stays text inside."""
    columns = ", ".join((columns, *(f"{column} || ''" for column in merged)))
    return f"json_group_array(json_array({columns}))"


def parted(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows that were joined; `document` reads them like any other."""
    from orjson import loads

    for (text,) in rows:
        yield from map(tuple, loads(text))


def document(row: Sequence[Any], merged: Sequence[Sequence[str]] = ()) -> dict[str, Any]:
    """The node document of a row of COLUMNS; `merged` says where in it the JSON behind these belongs; empty text does not."""
    from orjson import loads

    id, kind, reported, desired, meta, expires, stale, last_seen, cloud, account, account_name, *rest = row
    region, zone, created, updated, usage, *more = rest
    metadata = loads(meta) if meta else {}
    if expires:
        metadata["expires"] = expires
    if stale is not None:
        metadata["stale"] = True
    if last_seen is not None:
        metadata["last_seen"] = _iso(last_seen)
    found = {
        "id": id,
        "kind": kind,
        "reported": loads(reported) if isinstance(reported, str) else reported,
        "desired": loads(desired) if desired else {},
        "metadata": metadata,
        "ancestors": _ancestors(cloud=(cloud, cloud), account=(account, account_name), region=(region, region), zone=(zone, zone)),
        "created": _iso(created),
        "updated": _iso(updated),
    }
    if usage:
        found["usage"] = loads(usage) if isinstance(usage, str) else usage
    for path, json in zip(merged, more, strict=True):
        if json != "":
            _put(found, path, loads(json) if json else None)
    return found


_iso = lru_cache(maxsize=1024)(iso)
"""Nodes of an account have the times of its merges."""


def _put(found: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *parents, name = path
    for parent in parents:
        inner = found.get(parent)
        found[parent] = found = dict(inner) if isinstance(inner, dict) else {}
    found[name] = value


def _ancestors(**places: tuple[str | None, str | None]) -> dict[str, Any]:
    return {level: {"reported": {"id": id, "name": name or id}} for level, (id, name) in places.items() if id}
