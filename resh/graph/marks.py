"""What people and rules set on nodes: `desired` (clean) and `metadata` (protected, …). Merges leave it alone; history keeps every change.

    mark(connection, [id], "desired", {"clean": True}, by="rule volumes", now=now)      # 1

The store calls it inside a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import apsw

from resh.graph import history, node_table
from resh.graph.base import Section
from resh.graph.history import UPDATED, Entry
from resh.graph.patch import back, patched

_COLUMNS: dict[Section, str] = {"desired": "desired", "metadata": "meta"}


def mark(connection: apsw.Connection, ids: Iterable[str], section: Section, patch: Mapping[str, Any], by: str, now: float) -> int:
    """Merge the patch into the section of each node that there is; null removes a key. Returns how many nodes changed."""
    import orjson

    column = _COLUMNS[section]
    entries = []
    for id in dict.fromkeys(ids):
        row = connection.execute(f"SELECT nid, updated, {column} FROM node WHERE id = ?", (id,)).fetchone()
        if row is None:
            continue
        nid, updated, text = row
        before = orjson.loads(text) if text else {}
        after = patched(before, patch)
        if undo := back(after, before):
            value = orjson.dumps(after, option=orjson.OPT_SORT_KEYS).decode() if after else None
            connection.execute(f"UPDATE node SET {column} = ?, updated = ? WHERE nid = ?", (value, int(now), nid))
            entries.append(Entry(UPDATED, nid, {section: undo, "updated": updated}))
    history.record(connection, entries, now, by)
    return len(entries)


def remove(connection: apsw.Connection, id: str, by: str, now: float) -> bool:
    """Take a node out with its edges; False when there is none."""
    row = connection.execute("SELECT nid, gid FROM node WHERE id = ?", (id,)).fetchone()
    if row is None:
        return False
    nid, gid = row
    node_table.delete(connection, [nid], now, by)
    node_table.changed(connection, gid)
    return True
