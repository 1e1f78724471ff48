"""Scopes as the graph stores them: what each collect reported of them, and when each was last read completely."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import apsw

    from resh.model.scope import Scope, ScopeReport

LAST_SEEN = "coalesce(n.stale, (SELECT nullif(s.at, 0) FROM scope s WHERE s.sid = n.sid), n.created)"
"""SQL: epoch seconds at which node `n` was last seen in its cloud."""

_COLUMNS = "a.cloud, a.id, s.region, s.kind, s.status, s.count, s.operation, s.code, s.message, s.read_at"


def number(connection: apsw.Connection, gid: int, scopes: Iterable[Scope]) -> dict[tuple[str, str], int]:
    """Give a number to each scope of the account that has none; all its numbers by (region, kind)."""
    known = _numbers(connection, gid)
    new = sorted({(scope.region, scope.kind) for scope in scopes} - known.keys())
    if not new:
        return known
    connection.executemany("INSERT INTO scope(gid, region, kind) VALUES (?, ?, ?)", ((gid, region, kind) for region, kind in new))
    return _numbers(connection, gid)


def _numbers(connection: apsw.Connection, gid: int) -> dict[tuple[str, str], int]:
    return {(region, kind): sid for region, kind, sid in connection.execute("SELECT region, kind, sid FROM scope WHERE gid = ?", (gid,))}


def report(connection: apsw.Connection, gid: int, reports: Mapping[int, ScopeReport], now: float) -> None:
    """Store how reading ended, after nodes of the account have become stale and fresh by it."""
    connection.executemany(
        "UPDATE scope SET status = ?1, count = ?2, operation = ?3, code = ?4, message = ?5, at = ?6,"
        " read_at = iif(?1 IN ('ok', 'held'), ?6, read_at), held_at = CASE ?1 WHEN 'ok' THEN 0 WHEN 'held' THEN ?6 ELSE held_at END"
        " WHERE sid = ?7",
        ((r.status.value, r.count, r.operation, r.code, r.message, now, sid) for sid, r in reports.items()),
    )
    flag(connection, gid)


def flag(connection: apsw.Connection, gid: int) -> None:
    """Note which scopes of the account are stale: could not be read, or have nodes that were not seen lately."""
    stale = _stale()
    connection.execute(f"UPDATE scope SET stale = {stale} WHERE gid = ?1 AND stale <> {stale}", (gid,))


def _stale() -> str:
    from resh.model.scope import Code, Status

    bad = ", ".join(f"'{status}'" for status in Status if status.is_bad)
    seen = "SELECT sid FROM node INDEXED BY node_stale WHERE gid = ?1 AND stale IS NOT NULL"
    return f"(CASE WHEN status IN ({bad}) THEN 1 WHEN status = 'ok' AND code = '{Code.CAPPED}' THEN 2 ELSE sid IN ({seen}) END)"


def forget(connection: apsw.Connection, gid: int, sids: Collection[int]) -> None:
    """Those of these scopes that have no nodes any more."""
    connection.executemany(
        "DELETE FROM scope WHERE sid = ?2 AND NOT EXISTS (SELECT 1 FROM node INDEXED BY node_account WHERE gid = ?1 AND node.sid = ?2)",
        ((gid, sid) for sid in sids),
    )


def last_reports(connection: apsw.Connection, bad_only: bool) -> list[tuple[ScopeReport, float]]:
    from resh.model.scope import Scope, ScopeReport, Status

    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM scope s JOIN account a ON a.gid = s.gid"
        " WHERE s.status IS NOT NULL AND (s.status <> 'ok' OR s.stale OR NOT ?) ORDER BY a.cloud, a.id, s.region, s.kind",
        (bad_only,),
    )
    return [(ScopeReport(Scope(*row[:4]), Status(row[4]), *row[5:9]), row[9]) for row in rows]


def read_at(connection: apsw.Connection, cloud: str, account: str) -> dict[tuple[str, str], float]:
    """When each scope of an account was last read, if its last reading was whole."""
    select = (
        "SELECT s.region, s.kind, s.read_at FROM scope s JOIN account a ON a.gid = s.gid WHERE a.cloud = ? AND a.id = ? AND s.status = 'ok'"
    )
    return {(region, kind): at for region, kind, at in connection.execute(select, (cloud, account))}


def held(connection: apsw.Connection, gid: int) -> dict[int, float]:
    """The scopes of the account that wait for confirmation, and since when."""
    return dict(connection.execute("SELECT sid, held_at FROM scope WHERE gid = ? AND held_at > 0", (gid,)))


def held_scope(connection: apsw.Connection, scope: Scope) -> tuple[int, int, float] | None:
    """(account, number, since when) of a scope whose last reading is held; None for any other."""
    select = (
        "SELECT s.gid, s.sid, s.held_at FROM scope s JOIN account a ON a.gid = s.gid"
        " WHERE a.cloud = ? AND a.id = ? AND s.region = ? AND s.kind = ? AND s.status = 'held'"
    )
    return connection.execute(select, scope).fetchone()


def release(connection: apsw.Connection, gid: int, sid: int) -> None:
    connection.execute("UPDATE scope SET status = 'ok', code = '', message = '', held_at = 0 WHERE sid = ?", (sid,))
    flag(connection, gid)
