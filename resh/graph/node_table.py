"""Nodes as the graph stores them: the thin row, the fat document, the account they belong to.

The merge, the marks and the foundation write through it, each inside its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import apsw
import orjson

from resh.graph import adjacency, history
from resh.graph.content import Content
from resh.graph.document import COLUMNS, TABLES, document
from resh.graph.history import DELETED, Entry
from resh.graph.kind_index import KIND_BITS
from resh.graph.scope_table import LAST_SEEN
from resh.model.node import Node
from resh.model.scope import Scope


class Row(NamedTuple):
    nid: int
    id: str
    sid: int
    content: Content


def account(connection: apsw.Connection, cloud: str, id: str, name: str, merged: float | None) -> int:
    """The number of an account, which is noted as merged then, if ever; without a name it keeps the one it had."""
    gid: int = connection.execute(
        "INSERT INTO account(cloud, id, name, merged) VALUES (?1, ?2, iif(?3 = '', ?2, ?3), coalesce(?4, 0))"
        " ON CONFLICT (cloud, id) DO UPDATE SET name = iif(?3 = '', name, ?3), merged = coalesce(?4, merged) RETURNING gid",
        (cloud, id, name, merged),
    ).get
    return gid


def by_id(connection: apsw.Connection, gid: int, column: Literal["nid", "hash", "sid"]) -> dict[str, Any]:
    """One column of all nodes of an account."""
    return dict(connection.execute(f"SELECT id, {column} FROM node INDEXED BY node_account WHERE gid = ?", (gid,)))


def known(connection: apsw.Connection, cloud: str, id: str) -> tuple[int, dict[str, bytes]]:
    """The hashes of an account's nodes by id, and the account's generation, with which they change."""
    gid, gen = connection.execute("SELECT gid, gen FROM account WHERE cloud = ? AND id = ?", (cloud, id)).fetchone() or (0, -1)
    return gen, by_id(connection, gid, "hash") if gid else {}


def generation(connection: apsw.Connection, gid: int) -> int:
    gen: int = connection.execute("SELECT gen FROM account WHERE gid = ?", (gid,)).get
    return gen


def in_scopes(connection: apsw.Connection, gid: int, sids: Iterable[int]) -> set[int]:
    select = "SELECT nid FROM node INDEXED BY node_account WHERE gid = ? AND sid = ?"
    return {nid for sid in sids for (nid,) in connection.execute(select, (gid, sid))}


def nid_of(connection: apsw.Connection, id: str) -> int | None:
    nid: int | None = connection.execute("SELECT nid FROM node WHERE id = ?", (id,)).get
    return nid


def reported(connection: apsw.Connection, ids: Iterable[str], names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Some properties of some nodes, each where there is one."""
    names = list(names)
    values = "".join(", json_extract(d.reported, ?)" for _ in names)
    select = f"SELECT n.id{values} FROM json_each(?) wanted CROSS JOIN node n ON n.id = wanted.value CROSS JOIN doc d USING (nid)"
    rows = connection.execute(select, (*(f'$."{name}"' for name in names), orjson.dumps(list(ids)).decode()))
    return {str(id): {name: value for name, value in zip(names, found, strict=True) if value is not None} for id, *found in rows}


def nodes(connection: apsw.Connection, ids: Iterable[str]) -> list[Node]:
    """Those that the graph has, as they were reported."""
    rows = connection.execute(
        "SELECT n.id, k.name, a.cloud, a.id, s.region, s.kind, n.region, n.zone, json(d.reported) FROM json_each(?) wanted"
        " CROSS JOIN node n ON n.id = wanted.value CROSS JOIN doc d USING (nid) CROSS JOIN scope s ON s.sid = n.sid"
        f" CROSS JOIN account a ON a.gid = n.gid CROSS JOIN kind k ON k.kid = n.nid >> {KIND_BITS}",
        (orjson.dumps(list(ids)).decode(),),
    )
    return [Node(id, kind, Scope(*scope), region, orjson.loads(body), zone) for id, kind, *scope, region, zone, body in rows]


def free_nid(connection: apsw.Connection, kid: int) -> int:
    """The first of a kind that neither the graph nor its history knows, and so are all after it."""
    first, end = kid << KIND_BITS, (kid + 1 << KIND_BITS) - 1
    last = connection.execute("SELECT max(nid) FROM node WHERE nid BETWEEN ? AND ?", (first, end)).get
    return max(last or first, history.last_nid(connection, first, end)) + 1


def insert(connection: apsw.Connection, gid: int, rows: Sequence[Row], now: float) -> None:
    at = int(now)
    connection.executemany(
        "INSERT INTO node(nid, id, gid, sid, region, zone, name, rid, ctime, hash, expires, created, updated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((nid, id, gid, sid, c.region, c.zone, c.name, c.rid, c.ctime, c.hash, c.expires, at, at) for nid, id, sid, c in rows),
    )
    connection.executemany("INSERT INTO doc(nid, reported) VALUES (?, jsonb(?))", ((row.nid, row.content.body.decode()) for row in rows))


def update(connection: apsw.Connection, rows: Sequence[Row], now: float) -> None:
    """What the cloud said is new; what people set stays."""
    at = int(now)
    connection.executemany(
        "UPDATE node SET sid = ?, region = ?, zone = ?, name = ?, rid = ?, ctime = ?, hash = ?, expires = ?, updated = ? WHERE nid = ?",
        ((sid, c.region, c.zone, c.name, c.rid, c.ctime, c.hash, c.expires, at, nid) for nid, _, sid, c in rows),
    )
    connection.executemany("UPDATE doc SET reported = jsonb(?) WHERE nid = ?", ((row.content.body.decode(), row.nid) for row in rows))


def delete(connection: apsw.Connection, nids: Sequence[int], now: float, by: str, keep_packed: int | None = None) -> None:
    """With their edges; the documents go into history. The packed edges of one account may be left to the caller."""
    select = f"SELECT {COLUMNS} FROM {TABLES} WHERE n.nid = ?"
    images = (Entry(DELETED, nid, document(connection.execute(select, (nid,)).fetchall()[0])) for nid in nids)
    history.record(connection, images, now, by)
    adjacency.unlink(connection, nids, now, keep_packed)
    connection.executemany("DELETE FROM node WHERE nid = ?", ((nid,) for nid in nids))
    connection.executemany("DELETE FROM doc WHERE nid = ?", ((nid,) for nid in nids))
    connection.executemany("DELETE FROM usage WHERE nid = ?", ((nid,) for nid in nids))


def set_stale(connection: apsw.Connection, nids: Iterable[int]) -> None:
    """From when their scope was last reported: call it before the new reports are stored."""
    connection.executemany(f"UPDATE node AS n SET stale = {LAST_SEEN} WHERE n.nid = ? AND n.stale IS NULL", ((nid,) for nid in nids))


def set_seen(connection: apsw.Connection, gid: int, ids: Iterable[str]) -> None:
    """Those among the ids that were stale are so no longer."""
    stale = dict(connection.execute("SELECT id, nid FROM node INDEXED BY node_stale WHERE gid = ? AND stale IS NOT NULL", (gid,)))
    if stale:
        connection.executemany("UPDATE node SET stale = NULL WHERE nid = ?", ((stale[id],) for id in ids if id in stale))


def count_stale(connection: apsw.Connection, gid: int) -> int:
    count: int = connection.execute("SELECT count(*) FROM node INDEXED BY node_stale WHERE gid = ? AND stale IS NOT NULL", (gid,)).get
    return count


def changed(connection: apsw.Connection, gid: int) -> None:
    """Nodes or edges of the account are not what they were: count again, and let caches know."""
    connection.execute("UPDATE account SET gen = gen + 1, nodes = (SELECT count(*) FROM node WHERE gid = ?1) WHERE gid = ?1", (gid,))
