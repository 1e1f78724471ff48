"""How a row of the graph becomes the document that people see.

The search emitter selects COLUMNS from TABLES, whoever shows a node calls `document`:

    rows = connection.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE n.id = ?", (id,))
    document(rows.fetchone())        # {"id": …, "kind": …, "reported": {…}, "desired": {…}, "metadata": {…}, "ancestors": {…}, …}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resh.clock import iso
from resh.graph.scope_table import LAST_SEEN
from resh.graph.usage_table import LATEST

TABLES = "node n CROSS JOIN doc d ON d.nid = n.nid CROSS JOIN account a ON a.gid = n.gid"
"""The aliases that COLUMNS stands on; every node has a row in each."""

COLUMNS = f"""n.id, (SELECT k.name FROM kind k WHERE k.kid = n.nid >> 40), json(d.reported), n.desired, n.meta, n.expires, n.stale,
{LAST_SEEN}, a.cloud, a.id, a.name, n.region, n.zone, n.created, n.updated, {LATEST.format(nid="n.nid")}"""


def document(row: Sequence[Any]) -> dict[str, Any]:
    """The node document of a row of COLUMNS."""
    from orjson import loads

    id, kind, reported, desired, meta, expires, stale, last_seen, cloud, account, account_name, region, zone, created, updated, usage = row
    metadata = loads(meta) if meta else {}
    if expires:
        metadata["expires"] = expires
    if stale is not None:
        metadata["stale"] = True
    metadata["last_seen"] = iso(last_seen)
    found = {
        "id": id,
        "kind": kind,
        "reported": loads(reported),
        "desired": loads(desired) if desired else {},
        "metadata": metadata,
        "ancestors": _ancestors(cloud=(cloud, cloud), account=(account, account_name), region=(region, region), zone=(zone, zone)),
        "created": iso(created),
        "updated": iso(updated),
    }
    return found | {"usage": loads(usage)} if usage else found


def _ancestors(**places: tuple[str | None, str | None]) -> dict[str, Any]:
    return {level: {"reported": {"id": id, "name": name or id}} for level, (id, name) in places.items() if id}
