"""The breaker: a scope that lost too much at once keeps its nodes, stale, until a second collect or a person confirms that they are gone.

    for sid, shrunk in judge(connection, gid, sids, gone, seen, began, limit).items(): shrunk.kept, shrunk.size
    confirm(connection, [scope], by="ada", now=now)         # {account: how many nodes went}

A reading confirms a hold when it began after the hold was noted and misses every node that waits; what else it misses is judged by itself.
When some of them are back, the reading before was wrong, and all that is missing is judged anew. A collect that is refused tells nothing:
the hold stays. Which nodes wait is told by when they were last seen: before `held_at` of their scope.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

import apsw

from resh.graph import node_table, scope_table
from resh.graph.base import ShrinkLimit
from resh.model.scope import Code, Scope, ScopeReport, Status

_WAITING = "SELECT n.id, n.nid FROM node n INDEXED BY node_account WHERE n.gid = ? AND n.sid = ? AND n.stale < ?"


class Shrunk(NamedTuple):
    """A scope that is held: the ids that stay although nobody saw them, and how many nodes it had."""

    kept: Set[str]
    size: int

    def report(self, found: ScopeReport) -> ScopeReport:
        message = f"{len(self.kept)} of {self.size} are missing at once: kept until the next collect misses them too, or collect confirm"
        return found.changed(status=Status.HELD, code=Code.SHRUNK.value, message=message)


def judge(
    connection: apsw.Connection, gid: int, sids: Mapping[str, int], gone: Iterable[str], seen: Set[str], began: float, limit: ShrinkLimit
) -> dict[int, Shrunk]:
    """The scopes to hold. `sids` has the scope of every node there was, `gone` are those that are to go, `seen` was found."""
    missing: defaultdict[int, set[str]] = defaultdict(set)
    for id in gone:
        missing[sids[id]].add(id)
    if all(len(ids) <= limit.number for ids in missing.values()):
        return {}
    sizes, held = Counter(sids.values()), scope_table.held(connection, gid)
    found: dict[int, Shrunk] = {}
    for sid, ids in missing.items():
        known = _confirmed(connection, gid, sid, held[sid], seen) if 0 < held.get(sid, 0) <= began else set()
        fresh, size = ids - known, sizes[sid] - len(known)
        if limit.forbids(len(fresh), size):
            found[sid] = Shrunk(fresh, size)
    return found


def confirm(connection: apsw.Connection, scopes: Iterable[Scope], by: str, now: float) -> dict[Scope, int]:
    """Let go what waits in these scopes; how many nodes each lost. A scope that is not held is left out."""
    gone: dict[Scope, int] = {}
    for scope in scopes:
        row = scope_table.held_scope(connection, scope)
        if row is not None:
            gid, sid, held_at = row
            nids = sorted(nid for _, nid in connection.execute(_WAITING, (gid, sid, held_at)))
            node_table.delete(connection, nids, now, by)
            node_table.changed(connection, gid)
            scope_table.release(connection, gid, sid)
            gone[scope] = len(nids)
    return gone


def _confirmed(connection: apsw.Connection, gid: int, sid: int, held_at: float, seen: Set[str]) -> set[str]:
    """Those that waited, if this reading misses all of them as well."""
    waiting = {id for id, _ in connection.execute(_WAITING, (gid, sid, held_at))}
    return set() if waiting & seen else waiting
