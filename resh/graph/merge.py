"""One account as a collect finds it, gathered from many threads and put into the graph at once when the `with` block ends.

    with store.merge("aws", "123456789012", "demo") as merge:
        merge.nodes([...])
        merge.edges([...])
        merge.scope(ScopeReport(scope, Status.OK))
    merge.result.created

An error inside the block changes nothing. Documents that the graph has already are not kept while others are gathered. What may
disappear, and what stays because it could not be read, is decided in `replace.py`.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from resh.clock import Clock
from resh.errors import GraphError
from resh.graph import node_table, scope_table
from resh.graph.base import MergeResult, ShrinkLimit, UsageSample
from resh.graph.content import Content, as_node, content, digest, encode
from resh.graph.database import Database
from resh.graph.replace import Found, Replace
from resh.graph.spill import Spill
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport


class SqliteMerge:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        cloud: str,
        account: str,
        name: str,
        limit: Callable[[], ShrinkLimit],
        changed: Callable[[], None],
    ) -> None:
        """`limit` says how much of a scope may go at once; `changed` is called after a commit that changed nodes."""
        self._changed = changed
        self._database = database
        self._clock = clock
        self._limit = limit
        self._read_at: dict[tuple[str, str], float] = {}
        self._lock, self._amending = threading.Lock(), threading.Lock()
        self._found = self._nothing(cloud, account, name)
        self.result = MergeResult(cloud, account)

    def knows(self, id: str) -> bool:
        return id in self._found.known

    def kinds(self, kinds: Iterable[Kind]) -> None:
        with self._lock:
            self._found.kinds.update((kind.name, kind) for kind in kinds)

    def nodes(self, nodes: Iterable[Node]) -> None:
        digests: dict[str, bytes] = {}
        changed: dict[str, Content] = {}
        for node in nodes:
            reported, body = encode(node.reported)
            digests[node.id] = hash = digest(node, body)
            if self._found.known.get(node.id) != hash:
                self._own(node.scope)
                changed[node.id] = content(node, reported, body, hash)
        self._keep(digests, changed)

    def amend(self, learned: Mapping[str, dict[str, Any]]) -> None:
        with self._amending:
            with self._lock:
                changed, get = self._found.changed, self._found.contents.get
                found = [as_node(id, get(changed[id])) for id in learned if id in changed]
            same = learned.keys() - {node.id for node in found}
            with self._database.faults():
                found += node_table.nodes(self._database.reader(), same) if same else ()
            self.nodes(node._replace(reported=node.reported | learned[node.id]) for node in found)

    def edges(self, edges: Iterable[Edge]) -> None:
        with self._lock:
            self._found.edges.extend(edges)

    def there(self, ids: Iterable[str]) -> None:
        with self._lock:
            self._found.there.update(ids)

    def usage(self, samples: Iterable[UsageSample]) -> None:
        with self._lock:
            self._found.usage.extend(samples)

    def scope(self, report: ScopeReport) -> None:
        self._own(report.scope)
        with self._lock:
            self._found.scopes[report.scope] = report

    def remembers(self, ids: Iterable[str], names: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        with self._database.faults():
            return node_table.reported(self._database.reader(), ids, names)

    def read_at(self, scope: Scope) -> float:
        return self._read_at.get((scope.region, scope.kind), 0.0)

    def whole(self) -> None:
        self._found.whole = True

    def reread(self, id: str, node: Node | None, edges: Iterable[Edge] = ()) -> None:
        if node is None:
            self._found.gone.add(id)
            return
        self.nodes([node])
        self.edges(edges)
        self._found.alone.add(node.id)

    def __enter__(self) -> SqliteMerge:
        with self._database.faults():
            known = node_table.known(self._database.reader(), self._found.cloud, self._found.account)
            self._read_at = scope_table.read_at(self._database.reader(), self._found.cloud, self._found.account)
        self._found.began = self._clock.now()
        self._found.generation, self._found.known = known
        return self

    def __exit__(self, *exc: object) -> None:
        found = self._found
        self._found = self._nothing(found.cloud, found.account, found.name)
        with closing(found.contents):
            if exc[0] is not None:
                return
            with self._database.write() as connection, _collector_off():
                self.result = Replace(connection, found, self._clock.now(), self._limit()).run()
        self._database.checkpoint()
        if self.result.any_change:
            self._changed()

    def _nothing(self, cloud: str, account: str, name: str) -> Found:
        return Found(cloud, account, name, contents=Spill(self._database.path.parent))

    def _keep(self, digests: dict[str, bytes], changed: dict[str, Content]) -> None:
        with self._lock:
            self._found.digests.update(digests)
            for id, item in changed.items():
                self._found.changed[id] = self._found.contents.put(item)

    def _own(self, scope: Scope) -> None:
        if scope.account != self._found.account or scope.cloud != self._found.cloud:
            raise GraphError(f"{scope} is not a scope of {self._found.cloud}/{self._found.account}, which is being merged")


@contextmanager
def _collector_off() -> Iterator[None]:
    """Python's garbage collector would look through hundreds of thousands of rows again and again: half of a merge's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
