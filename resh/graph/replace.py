"""The merge itself: what a collect found replaces what the graph had of one account, inside one transaction.

    result = Replace(connection, found, now).run()

Who may disappear:

    the node's scope was read ok        a node that was not seen is deleted, with its edges
    it was read, and too much is gone   it stays, stale, until that is confirmed: `shrink.py`
    it was denied, failed, skipped …    it stays, stale since it was last seen; one that was seen is updated like any other
    it was not reported at all          it stays as it is (a collect of some kinds only, or a kind that was not due); after a whole
                                        collect it is stale: its region or its kind is collected no more

An edge that was not found again goes when the end that told of it was read ok and the other end was seen; while either is in doubt, it
stays. Edges that lead nowhere are dropped. Nothing is written for what did not change, but the time of the merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice
from operator import eq
from typing import Any, NamedTuple

import apsw
import orjson

from resh.graph import adjacency, history, kind_table, node_table, scope_table, shrink, usage_table
from resh.graph.adjacency import SOURCE, TARGET, TYPES, Edges, Packed
from resh.graph.base import KindChange, MergeResult, ShrinkLimit
from resh.graph.foundation import BY, ensure_cloud
from resh.graph.history import UPDATED, Entry
from resh.graph.kind_index import KIND_BITS
from resh.graph.node_table import Row
from resh.graph.patch import back
from resh.graph.spill import Kept, Spill
from resh.graph.usage_table import Samples
from resh.model.base import BASE_KINDS
from resh.model.edge import Edge, EdgeType
from resh.model.kinds import Kind, Kinds
from resh.model.scope import Code, Scope, ScopeReport, Status

NOWHERE = 0
"""Stands for the row of an id that no node has."""

AT_ONCE = 2000
"""Nodes that are written at a time."""

_UNTRIED = frozenset((Code.NOT_DUE, Code.NOT_ASKED))
"""Scopes that are as they were, by intent."""


class FoundEdges(NamedTuple):
    """In columns, which take a third of the memory of rows; see `resh.model.edge.Edge`."""

    sources: list[str]
    targets: list[str]
    types: list[EdgeType]
    owners: list[str]

    def extend(self, edges: Iterable[Edge]) -> None:
        for source, target, type, owner in edges:
            self.sources.append(source)
            self.targets.append(target)
            self.types.append(type)
            self.owners.append(owner)

    def clear(self) -> None:
        for column in self:
            column.clear()


@dataclass(slots=True)
class Found:
    """What a collect found of one account, and the hashes that the graph knew of it when the collect began.

    `digests` has a hash of every node that was found, `changed` the content of those whose hash the graph did not know.
    """

    cloud: str
    account: str
    name: str
    generation: int = -1
    known: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    digests: dict[str, bytes] = field(default_factory=dict)
    changed: dict[str, Kept] = field(default_factory=dict)
    contents: Spill = field(default_factory=Spill)
    edges: FoundEdges = field(default_factory=lambda: FoundEdges([], [], [], []))
    usage: Samples = field(default_factory=Samples)
    scopes: dict[Scope, ScopeReport] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    whole: bool = False
    alone: set[str] = field(default_factory=set)
    """Nodes that were read by themselves, with all edges they tell of."""
    gone: set[str] = field(default_factory=set)
    """Nodes that were looked for by themselves and are not there."""
    began: float = 0


class Verdict(NamedTuple):
    """Ids by what becomes of them: `turned` ones have another kind now, `unseen` ones stay though nobody saw them, stale if `lost`."""

    created: Set[str] = frozenset()
    updated: Set[str] = frozenset()
    turned: Set[str] = frozenset()
    deleted: Set[str] = frozenset()
    unseen: Set[str] = frozenset()
    lost: Set[str] = frozenset()


class Replace:
    def __init__(self, connection: apsw.Connection, found: Found, now: float, limit: ShrinkLimit) -> None:
        self._connection = connection
        self._found = found
        self._now = now
        self._limit = limit
        self._cloud = ensure_cloud(connection, found.cloud, now)
        merged = None if found.alone or found.gone else now
        self._gid = node_table.account(connection, found.cloud, found.account, found.name, merged)
        kind_table.declare(connection, found.kinds.values())
        self._kids = kind_table.number(connection, {item.kind for item in found.changed.values()})
        self._sids = scope_table.number(connection, self._gid, [*found.scopes, *{item.scope for item in found.changed.values()}])
        self._reports = {self._sid(scope): report for scope, report in found.scopes.items() if report.code not in _UNTRIED}
        self._dropped = self._unreported() if found.whole else {}
        self._reports |= self._dropped
        self._read = {sid for sid, report in self._reports.items() if report.status is Status.OK}
        self._nids: dict[str, int] = node_table.by_id(connection, self._gid, "nid")
        same = node_table.generation(connection, self._gid) == found.generation
        self._before: dict[str, bytes] = found.known if same else node_table.by_id(connection, self._gid, "hash")

    def run(self) -> MergeResult:
        verdict = self._judge()
        changes = tuple(self._changes(verdict))
        fresh, dead = self._replace(verdict)
        self._let_contents_go()
        scope_table.forget(self._connection, self._gid, self._dropped)
        usage_table.record(self._connection, self._found.usage)
        linked = self._link(fresh, dead, {self._nids[id] for id in verdict.unseen})
        if dead or verdict.created or verdict.updated or linked:
            node_table.changed(self._connection, self._gid)
        updated = len(verdict.updated) + len(verdict.turned)
        return MergeResult(
            self._found.cloud,
            self._found.account,
            created=len(verdict.created),
            updated=updated,
            deleted=len(verdict.deleted),
            unchanged=len(self._found.digests) - len(verdict.created) - updated,
            stale=node_table.count_stale(self._connection, self._gid),
            edges=adjacency.count(self._connection, self._gid),
            scopes=tuple(self._reports.get(self._sid(scope), report) for scope, report in self._found.scopes.items()),
            changes=changes,
        )

    def _changes(self, verdict: Verdict) -> Iterator[KindChange]:
        """By kind, the most frequent first."""
        names = {kid: name for name, kid in self._kids.items()}
        changed = self._found.changed
        for change, kinds in (
            ("created", Counter(changed[id].kind for id in verdict.created)),
            ("updated", Counter(changed[id].kind for id in verdict.updated | verdict.turned)),
            ("deleted", Counter(names[self._nids[id] >> KIND_BITS] for id in verdict.deleted)),
        ):
            for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
                yield KindChange(change, kind, count)

    def _let_contents_go(self) -> None:
        """They are written; edges need the room."""
        self._before = {}
        self._found.known.clear()
        self._found.changed.clear()
        self._found.contents.close()

    def _unreported(self) -> dict[int, ScopeReport]:
        """After a whole collect: what it did not even try."""
        tried = {(scope.region, scope.kind) for scope in self._found.scopes}
        cloud, account = self._found.cloud, self._found.account
        return {
            sid: ScopeReport(
                Scope(cloud, account, *place), Status.SKIPPED, code=Code.NOT_COLLECTED.value, message="it is collected no more"
            )
            for place, sid in self._sids.items()
            if place not in tried
        }

    def _judge(self) -> Verdict:
        before, now, changed = self._before, self._found.digests, self._found.changed
        if before == now:
            return Verdict()
        # Without content: the graph had it, and another merge changed that since. What that one found stands.
        different = {id for id, hash in now.items() - before.items() if id in changed and changed[id].hash == hash}
        turned = {id for id in different & before.keys() if self._nids[id] >> KIND_BITS != self._kids[changed[id].kind]}
        missing = before.keys() - now.keys()
        sids = node_table.by_id(self._connection, self._gid, "sid") if missing else {}
        deleted = self._let_go(sids, {id for id in missing - self._found.there if sids[id] in self._read}) | (missing & self._found.gone)
        lost = {id for id in missing - deleted if sids[id] in self._reports}
        return Verdict(different - before.keys(), (different & before.keys()) - turned, turned, deleted, missing - deleted, lost)

    def _let_go(self, sids: dict[str, int], gone: set[str]) -> set[str]:
        """Those of the missing nodes that are not held; reports of held scopes say so."""
        seen = self._found.digests.keys()
        for sid, shrunk in shrink.judge(self._connection, self._gid, sids, gone, seen, self._found.began, self._limit).items():
            self._reports[sid] = shrunk.report(self._reports[sid])
            gone -= shrunk.kept
        return gone

    def _replace(self, verdict: Verdict) -> tuple[set[int], set[int]]:
        """Write the nodes and scopes; returns the rows that are new, and those that are no more."""
        fresh = self._number(verdict.created | verdict.turned)
        dead = {self._nids.pop(id) for id in verdict.deleted | verdict.turned}
        node_table.delete(self._connection, sorted(dead), self._now, BY, keep_packed=self._gid)
        self._nids |= fresh
        self._create(fresh)
        self._update(verdict.updated)
        node_table.set_stale(self._connection, (self._nids[id] for id in verdict.lost))
        node_table.set_seen(self._connection, self._gid, self._found.digests)
        scope_table.report(self._connection, self._gid, self._reports, self._now)
        return set(fresh.values()), dead

    def _number(self, created: Set[str]) -> dict[str, int]:
        """A row number for each new node, in the order in which they came."""
        fresh: dict[str, int] = {}
        free: dict[str, int] = {}
        for id, item in self._found.changed.items() if created else ():
            if id in created:
                nid = free.get(item.kind) or node_table.free_nid(self._connection, self._kids[item.kind])
                fresh[id], free[item.kind] = nid, nid + 1
        return fresh

    def _create(self, fresh: dict[str, int]) -> None:
        for rows in self._rows(fresh):
            node_table.insert(self._connection, self._gid, rows, self._now)
        history.created(self._connection, fresh.values(), self._now, BY)

    def _update(self, updated: Set[str]) -> None:
        for rows in self._rows(updated):
            history.record(self._connection, [Entry(UPDATED, row.nid, self._undo(row)) for row in rows], self._now, BY)
            node_table.update(self._connection, rows, self._now)

    def _undo(self, row: Row) -> dict[str, Any]:
        """What leads back from what was found to what the graph has."""
        select = f"SELECT {', '.join(history.COLUMNS)}, n.updated, json(d.reported) FROM node n CROSS JOIN doc d USING (nid) WHERE nid = ?"
        *columns, updated, reported = self._connection.execute(select, (row.nid,)).fetchall()[0]
        before = dict(zip(history.COLUMNS, columns, strict=True))
        found = {
            "columns": {name: value for name, value in before.items() if value != getattr(row.content, name)},
            "reported": back(orjson.loads(row.content.body), orjson.loads(str(reported))),
        }
        return {name: undo for name, undo in found.items() if undo} | {"updated": updated}

    def _rows(self, ids: Iterable[str]) -> Iterator[list[Row]]:
        """In their order, some at a time: contents may be large."""
        changed, get, nids = self._found.changed, self._found.contents.get, self._nids
        ordered = iter(sorted((nids[id], id) for id in ids))
        while some := list(islice(ordered, AT_ONCE)):
            yield [Row(nid, id, self._sid(changed[id].scope), get(changed[id])) for nid, id in some]

    def _sid(self, scope: Scope) -> int:
        return self._sids[scope.region, scope.kind]

    def _link(self, fresh: set[int], dead: set[int], unseen: set[int]) -> bool:
        """Whether edges changed."""
        before = adjacency.read(self._connection, self._gid)
        edges = self._resolve()
        edges |= self._doubtful(before, dead, unseen)
        if before.holds(edges):
            return False
        adjacency.write(self._connection, self._gid, adjacency.gathered(before), edges, fresh, self._now)
        return True

    def _resolve(self) -> Edges:
        """The edges that were found, between rows; without those that lead nowhere."""
        sources, targets, types, owners = self._found.edges
        ends = _Ends(self._connection, self._nids).__getitem__
        own = map((SOURCE, TARGET).__getitem__, map(eq, owners, targets))
        found = zip(map(ends, sources), map(ends, targets), map(TYPES.__getitem__, types), own, strict=True)
        edges = adjacency.gathered(edge for edge in found if edge[0] != NOWHERE != edge[1])
        self._found.edges.clear()  # what writes them needs the room
        edges.update((self._cloud, nid, TYPES["default"], TARGET) for nid in self._account_nodes())
        return edges

    def _doubtful(self, before: Packed, dead: set[int], unseen: set[int]) -> Edges:
        """Edges that stay because nobody could see whether they are gone."""
        unread = node_table.in_scopes(self._connection, self._gid, set(self._sids.values()) - self._read) | unseen
        if not unread:
            return set()
        alone = {self._nids[id] for id in self._found.alone}
        return {
            (src, dst, et, own)
            for src, dst, et, own in before
            if (dst in unread or src in unseen if own == TARGET else src in unread or dst in unseen)
            and src not in dead
            and dst not in dead
            and (dst if own == TARGET else src) not in alone
        }

    def _account_nodes(self) -> list[int]:
        kinds = Kinds([*BASE_KINDS, *kind_table.declared(self._connection)])
        accounts = {kid for name, kid in self._kids.items() if "account" in kinds.lineage(name)}
        return [nid for id, nid in self._nids.items() if nid >> KIND_BITS in accounts and id in self._found.digests]


class _Ends(dict[str, int]):
    """Rows by id; an id that this account has not is looked for in the others."""

    def __init__(self, connection: apsw.Connection, nids: dict[str, int]) -> None:
        super().__init__(nids)
        self._connection = connection

    def __missing__(self, id: str) -> int:
        self[id] = node_table.nid_of(self._connection, id) or NOWHERE
        return self[id]
