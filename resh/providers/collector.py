"""Runs a catalog for one account: every call of every kind in every region, into a sink of nodes, edges and scope reports.

    Collection(session, catalog, sink, watcher, cancel, executor, Options()).run()

Whatever goes wrong with a call ends its own scope and is reported there; the rest goes on. A node that could not be read whole (a detail
was denied) is not sent: the graph keeps what it knew, and the report names it. Raises Cancelled when cancelled, and errors of the sink.
"""

from __future__ import annotations

import threading
from collections import ChainMap, Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from resh.cancel import Cancel
from resh.errors import UsageError
from resh.model.edge import Edge
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import CollectSink, Watcher
from resh.providers.catalog import Call, Detail, Resource
from resh.providers.executor import Crew
from resh.providers.links import Linker
from resh.providers.mapping import PARENT, Mapper, OddRecord, document, expression, values_at
from resh.providers.reading import Reading
from resh.providers.session import GLOBAL, CloudSession, ReadFailed, Region, items_of, operation_name
from resh.providers.template import fill


@dataclass(frozen=True, slots=True)
class Catalog:
    """All kinds of a cloud. `account` is read like any other kind; the items of `region` come from the session."""

    account: Resource
    region: Resource
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """`collect` and `no_collect` are shell patterns of kinds; of kinds in `used_only` only those nodes stay that another node links to."""

    collect: tuple[str, ...] = ()
    no_collect: tuple[str, ...] = ()
    used_only: frozenset[str] = frozenset()

    def wants(self, kind: str) -> bool:
        wanted = not self.collect or any(fnmatchcase(kind, pattern) for pattern in self.collect)
        return wanted and not any(fnmatchcase(kind, pattern) for pattern in self.no_collect)


class Collection:
    """One collect of one account; used once."""

    def __init__(
        self,
        session: CloudSession,
        catalog: Catalog,
        sink: CollectSink,
        watcher: Watcher,
        cancel: Cancel,
        executor: Executor,
        options: Options = Options(),
    ) -> None:
        self._session, self._catalog, self._options = session, catalog, options
        self._sink, self._watcher, self._cancel = sink, watcher, cancel
        self._account = session.account
        self._crew = Crew(executor, cancel)
        self._lock = threading.Lock()
        self._linker = Linker(catalog.resources, self._account.cloud, self._account.id)
        self._readings: dict[tuple[str, str], Reading] = {}
        self._regions: dict[str, Region] = {}
        self._region_nodes: set[str] = set()
        self._account_node = node_id(self._account.cloud, self._account.id, GLOBAL, catalog.account.kind, self._account.id)
        self._edges: list[Edge] = []
        self._held: list[tuple[Reading, Node, Any]] = []
        self._lent: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._lenders = _lenders(catalog.resources)
        self._total: Counter[str] = Counter()
        self._done: Counter[str] = Counter()

    def run(self) -> None:
        try:
            regions = self._session.regions()
        except ReadFailed as failure:
            self._refuse(failure)
            return
        self._regions = {region.name: region for region in (Region(GLOBAL), *regions)}
        self._open()
        for region in self._regions.values():
            if not region.refusal:
                self._send_region(region.name)
        for reading in sorted(self._readings.values(), key=_longest_first):
            if not reading.resource.each:
                self._begin(reading)
        self._crew.join()
        self._finish()

    # -- what is to be read ------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        wanted = self._wanted()
        for resource in (self._catalog.account, *self._catalog.resources):
            if resource.kind not in wanted:
                continue
            mapper = Mapper(resource, self._session.free_keys(resource))
            silent = resource is not self._catalog.account and not self._options.wants(resource.kind)
            for region in self._regions_of(resource):
                self._readings[region, resource.kind] = Reading(resource, self._scope(region, resource.kind), mapper, silent=silent)
                self._total[region] += 1
        for (region, _), reading in self._readings.items():
            if reading.resource.each:
                self._readings[region, reading.resource.each].children.append(reading)

    def _wanted(self) -> set[str]:
        """The kinds asked for, and those that must be listed to get at them."""
        parents = {resource.kind: resource.each for resource in self._catalog.resources}
        wanted = {self._catalog.account.kind}
        for kind in parents:
            if self._options.wants(kind):
                while kind:
                    wanted.add(kind)
                    kind = parents.get(kind, "")
        return wanted

    def _regions_of(self, resource: Resource) -> Iterable[str]:
        return (GLOBAL,) if resource.is_global else [name for name in self._regions if name != GLOBAL]

    def _scope(self, region: str, kind: str) -> Scope:
        return Scope(self._account.cloud, self._account.id, region, kind)

    def _refuse(self, failure: ReadFailed) -> None:
        """Without the list of regions nothing is read; every scope there may be is reported, so that it counts as unread."""
        self._sink.scope(_refusal(self._scope(GLOBAL, self._catalog.region.kind), failure))
        self._regions = {name: Region(name) for name in (GLOBAL, *self._session.expected_regions())}
        for resource in self._catalog.resources:
            for region in self._regions_of(resource) if self._options.wants(resource.kind) else ():
                self._sink.scope(_refusal(self._scope(region, resource.kind), failure))

    # -- tasks -------------------------------------------------------------------------------------------------------------------

    def _begin(self, reading: Reading) -> None:
        refusal = self._unreadable(reading)
        if refusal:
            reading.fail(refusal)
        else:
            self._start(reading, partial(self._list, reading, None))
        self._release(reading)

    def _unreadable(self, reading: Reading) -> ReadFailed | None:
        call, region = reading.resource.call, reading.scope.region
        refusal = self._regions[region].refusal
        if refusal:
            return ReadFailed(Status.SKIPPED, operation_name(call), "RegionNotEnabled", refusal)
        if region != GLOBAL and not self._session.offers(call.service, region):
            return ReadFailed(Status.SKIPPED, operation_name(call), "NotInRegion", f"{call.service} is not offered in {region}")
        return None

    def _start(self, reading: Reading, task: Callable[[], None]) -> None:
        reading.hold()
        self._crew.add(partial(self._attempt, reading, task))

    def _attempt(self, reading: Reading, task: Callable[[], None]) -> None:
        try:
            task()
        except ReadFailed as failure:
            if failure.error not in reading.resource.gone:
                reading.fail(failure)
        finally:
            self._release(reading)

    def _release(self, reading: Reading) -> None:
        if reading.release():
            self._close(reading)

    def _close(self, reading: Reading) -> None:
        region = reading.scope.region
        with self._lock:
            self._done[region] += 1
            done = self._done[region]
        self._watcher.progress(region, done, self._total[region])
        for child in reading.children:
            if reading.failure is not None:
                child.fail(reading.failure)
            self._release(child)

    def _list(self, reading: Reading, parent: Node | None) -> None:
        call = reading.resource.call
        known = ChainMap(self._context(reading.scope.region), parent.reported if parent else {})
        for page in self._pages(call, reading.scope.region, known):
            items = items_of(_search(call, page))
            if parent:
                items = [{**item, PARENT: parent.reported} if isinstance(item, dict) else item for item in items]
            if reading.resource.details:
                for item in items:
                    self._start(reading, partial(self._complete, reading, item))
            else:
                self._take(reading, items)

    def _complete(self, reading: Reading, item: Any) -> None:
        """Add the item's details, then take it."""
        try:
            wanted = isinstance(item, dict) and reading.mapper.wanted(item)
            for detail in reading.resource.details if wanted else ():
                region = reading.mapper.region(item, reading.scope.region)
                mapped = reading.mapper.map(item, self._context(reading.scope.region))
                known = ChainMap(self._context(region), mapped.reported)
                item = {**item, detail.into: self._detail(detail, item, region, known)}
        except OddRecord as odd:
            reading.odd(_label(item), str(odd))
        else:
            self._take(reading, [item])

    def _detail(self, detail: Detail, item: Any, region: str, known: Mapping[str, Any]) -> Any:
        if not detail.each:
            return self._ask(detail, region, known)
        answers = [self._ask(detail, region, ChainMap({"each": value}, dict(known))) for value in values_at(detail.each, item)]
        return [element for answer in answers for element in items_of(answer)]

    def _ask(self, detail: Detail, region: str, known: Mapping[str, Any]) -> Any:
        try:
            answers = [_search(detail.call, page) for page in self._pages(detail.call, region, known)]
        except ReadFailed as failure:
            if failure.error in detail.absent:
                return None
            about = f"{known['id']}: {failure.message}"
            raise ReadFailed(failure.status, failure.operation, failure.error, about) from None
        if all(isinstance(answer, list) for answer in answers):
            return [element for answer in answers for element in answer]
        return document(answers[0]) if detail.json else answers[0]

    def _pages(self, call: Call, region: str, known: Mapping[str, Any]) -> Iterator[Any]:
        try:
            params = fill(call.params, known)
        except UsageError as error:
            raise ReadFailed(Status.FAILED, operation_name(call), "MissingParameter", error.message) from None
        self._cancel.check()
        for page in self._session.pages(call, region, params):
            yield page
            self._cancel.check()

    def _context(self, region: str) -> dict[str, Any]:
        return {"account": self._account.id, "region": region, "partition": self._session.partition}

    # -- nodes -------------------------------------------------------------------------------------------------------------------

    def _take(self, reading: Reading, items: Sequence[Any]) -> None:
        pairs = [(node, item) for item in items if (node := self._node(reading, item))]
        hold = bool(reading.resource.borrow) or reading.resource.kind in self._options.used_only
        with self._lock:
            for node, item in pairs:
                self._lend(node)
                if hold:
                    self._held.append((reading, node, item))
        if not hold:
            self._send(reading, pairs)
        for child in reading.children:
            for node, _ in pairs:
                self._start(child, partial(self._list, child, node))

    def _node(self, reading: Reading, item: Any) -> Node | None:
        """None for an item that is not wanted, seen before, or odd: the scope then says so."""
        try:
            if isinstance(item, dict) and not reading.mapper.wanted(item):
                return None
            mapped = reading.mapper.map(item, self._context(reading.scope.region))
        except Exception as error:  # whatever is wrong with one record, the others stand
            reading.odd(_label(item), str(error))
            return None
        cloud, account = self._account.cloud, self._account.id
        id = node_id(cloud, account, mapped.region, reading.resource.kind, mapped.rid)
        if not reading.first_sight(id):
            return None
        return Node(id, reading.resource.kind, reading.scope, mapped.region, mapped.reported, mapped.zone)

    def _send(self, reading: Reading, pairs: Iterable[tuple[Node, Any]]) -> None:
        nodes = []
        for node, item in () if reading.silent else pairs:
            self._linker.saw(node, reading.resource, item)
            nodes.append(node)
        self._put(nodes)

    def _put(self, nodes: list[Node]) -> None:
        with self._lock:
            if self._crew.stopped:  # the merge may be closed already
                return
            for node in nodes:
                if node.kind != self._catalog.account.kind:
                    self._edges.append(Edge(self._region_node(node.region), node.id, "default", node.id))
            if nodes:
                self._sink.nodes(nodes)

    def _lend(self, node: Node) -> None:
        for name in self._lenders.get(node.kind, ()):
            if name in node.reported:
                self._lent.setdefault((node.kind, node.region, str(node.reported["id"])), {})[name] = node.reported[name]

    def _region_node(self, region: str) -> str:
        return node_id(self._account.cloud, self._account.id, region, self._catalog.region.kind, region)

    def _send_region(self, name: str) -> None:
        """The node of a region, its edge from the account, its scope."""
        resource = self._catalog.region
        reported = {"id": name, "kind": resource.kind, "name": name, "tags": {}}
        item = self._regions[name].item if name in self._regions else {}
        if item:
            reported = Mapper(resource).map(item, self._context(name)).reported
        scope = self._scope(name, resource.kind)
        node = Node(self._region_node(name), resource.kind, scope, name, reported)
        self._region_nodes.add(name)
        self._sink.nodes([node])
        self._edges.append(Edge(self._account_node, node.id, "default", node.id))
        self._sink.scope(ScopeReport(scope, Status.OK, 1, operation_name(resource.call)))

    # -- the end -----------------------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        self._send_held()
        self._send_account()
        ids = {self._region_node(name): name for name in self._regions}
        for source in {edge.source for edge in self._edges} - {self._account_node}:
            if source in ids and ids[source] not in self._region_nodes:
                self._send_region(ids[source])
        self._sink.edges([*self._edges, *self._linker.edges(self._was_read)])
        for reading in self._readings.values():
            if not reading.silent:
                self._sink.scope(reading.report())

    def _was_read(self, region: str, kind: str) -> bool:
        reading = self._readings.get((region, kind))
        return reading is not None and reading.complete and not reading.silent

    def _send_held(self) -> None:
        """Borrowers first: what they link to decides which nodes of the `used_only` kinds stay."""
        used_only = self._options.used_only
        for reading, node, item in self._held:
            if node.kind not in used_only:
                self._send(reading, [(self._borrow(reading.resource, node, item), item)])
        used = {kind: self._linker.referenced(kind) for kind in used_only}
        unused: Counter[tuple[str, str]] = Counter()
        for reading, node, item in self._held:
            if node.kind in used_only:
                if (node.region, str(node.reported["id"])) in used[node.kind]:
                    self._send(reading, [(node, item)])
                else:
                    unused[node.region, node.kind] += 1
        for key, reading in self._readings.items():
            if key[1] in used_only:
                reading.count -= unused[key]
                self._distrust(reading)

    def _distrust(self, reading: Reading) -> None:
        """When a kind that uses this one could not be read, what looks unused may be in use: then nothing may go."""
        for (region, _), user in self._readings.items():
            uses = any(link.kind == reading.resource.kind for link in user.resource.edges)
            if uses and region == reading.scope.region and user.failure is not None and reading.complete:
                reading.fail(user.failure)

    def _borrow(self, resource: Resource, node: Node, item: Any) -> Node:
        reported = dict(node.reported)
        for borrow in resource.borrow:
            lent = self._lent.get((borrow.kind, node.region, str(expression(borrow.path)(item))), {})
            for name, source in borrow.fields.items():
                if name not in reported and source in lent:
                    reported[name] = lent[source]
        return replace(node, reported=reported)

    def _send_account(self) -> None:
        reading = self._readings[GLOBAL, self._catalog.account.kind]
        if not reading.count:
            reported = {"id": self._account.id, "kind": reading.resource.kind, "name": self._account.name, "tags": {}}
            self._put([Node(self._account_node, reading.resource.kind, reading.scope, GLOBAL, reported)])


def _lenders(resources: Iterable[Resource]) -> dict[str, set[str]]:
    lenders: dict[str, set[str]] = defaultdict(set)
    for resource in resources:
        for borrow in resource.borrow:
            lenders[borrow.kind].update(borrow.fields.values())
    return dict(lenders)


def _longest_first(reading: Reading) -> tuple[bool, bool]:
    """Kinds that need further calls start first: they take longest."""
    return (not reading.children, not reading.resource.details)


def _refusal(scope: Scope, failure: ReadFailed) -> ScopeReport:
    return ScopeReport(scope, failure.status, 0, failure.operation, failure.error, failure.message)


def _search(call: Call, page: Any) -> Any:
    try:
        return expression(call.items)(page)
    except Exception as error:  # an answer of another shape than the expression expects
        raise ReadFailed(Status.FAILED, operation_name(call), "OddAnswer", f"{call.items} does not fit the answer: {error}") from None


def _label(item: Any) -> str:
    """Something to recognise an odd record by."""
    if isinstance(item, dict):
        for value in item.values():
            if isinstance(value, str) and value:
                return repr(value[:80])
    return repr(item)[:80]
