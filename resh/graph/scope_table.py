"""Scopes as the graph stores them: what each collect reported of them, and when each was last read completely."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import apsw

    from resh.model.scope import Scope, ScopeReport

LAST_SEEN = "coalesce(n.stale, (SELECT nullif(s.at, 0) FROM scope s WHERE s.sid = n.sid), n.created)"
"""SQL: epoch seconds at which node `n` was last seen in its cloud."""


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


def report(connection: apsw.Connection, reports: dict[int, ScopeReport], now: float) -> None:
    connection.executemany(
        "UPDATE scope SET status = ?1, count = ?2, operation = ?3, code = ?4, message = ?5, at = ?6,"
        " read_at = iif(?1 = 'ok', ?6, read_at) WHERE sid = ?7",
        ((r.status.value, r.count, r.operation, r.code, r.message, now, sid) for sid, r in reports.items()),
    )


def last_reports(connection: apsw.Connection, bad_only: bool) -> list[tuple[ScopeReport, float]]:
    from resh.model.scope import Scope, ScopeReport, Status

    rows = connection.execute(
        "SELECT a.cloud, a.id, s.region, s.kind, s.status, s.count, s.operation, s.code, s.message, s.read_at"
        " FROM scope s JOIN account a ON a.gid = s.gid WHERE s.status IS NOT NULL AND (s.status <> 'ok' OR NOT ?)"
        " ORDER BY a.cloud, a.id, s.region, s.kind",
        (bad_only,),
    )
    return [(ScopeReport(Scope(*row[:4]), Status(row[4]), *row[5:9]), row[9]) for row in rows]
