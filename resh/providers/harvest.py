"""What a collect has found, on its way into the sink: nodes at once where possible, edges and reports at the end.

The collector hands over every node with its item; `finish` sends what had to wait: nodes that borrow properties, kinds of which only
used ones stay, edges, and one report for each scope.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from typing import Any

from resh.model.edge import Edge
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Account, CollectSink
from resh.providers.catalog import Catalog, Resource
from resh.providers.links import Linker
from resh.providers.mapping import Mapper, OddRecord, expression
from resh.providers.prices import COST, Prices
from resh.providers.reading import Reading
from resh.providers.session import GLOBAL, Region, operation_name

Pair = tuple[Node, Any]
"""A node and the item it was made of."""
Readings = Mapping[tuple[str, str], Reading]
"""By region and kind."""


_AT_ONCE = 5000
"""Edges that are sent at a time."""


class Harvest:
    def __init__(
        self,
        account: Account,
        catalog: Catalog,
        sink: CollectSink,
        used_only: frozenset[str],
        prices: Prices,
        closed: Callable[[], bool],
    ) -> None:
        """`closed` says that the sink takes nothing any more: the collect was cancelled or has failed."""
        self._account, self._catalog, self._sink, self._closed = account, catalog, sink, closed
        self._used_only, self._prices = used_only, prices
        self._linker = Linker(catalog.resources, account.cloud, account.id)
        self._lock = threading.Lock()
        self._edges: list[Edge] = []
        self._lending: Readings = {}
        self._region_ids: dict[str, str] = {}
        self._held: list[tuple[Reading, Node, Any]] = []
        self._lenders = _lenders(catalog.resources)
        self._lent: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
        self._regions_sent: set[str] = set()
        self._regions_used: set[str] = set()

    def take(self, reading: Reading, pairs: list[Pair]) -> None:
        """Nodes of one scope, just read."""
        resource = reading.resource
        with self._lock:
            if resource.kind in self._lenders:
                for node, _ in pairs:
                    self._lend(node)
            if resource.kind in self._used_only or self._waits(reading):
                self._held += ((reading, node, item) for node, item in pairs)
                return
            if resource.borrow:
                pairs = [(self._borrow(resource, node, item), item) for node, item in pairs]
        self._send(reading, pairs)

    def expect(self, readings: Readings) -> None:
        """These will be read."""
        self._lending = {place: reading for place, reading in readings.items() if reading.resource.kind in self._lenders}

    def closed(self, reading: Reading) -> None:
        """It has been read: whoever only waited to borrow from it goes on."""
        if reading.resource.kind not in self._lenders:
            return
        with self._lock:
            ready = [one for one in self._held if one[0].resource.kind not in self._used_only and not self._waits(one[0])]
            released = set(map(id, ready))
            self._held = [one for one in self._held if id(one) not in released]
            borrowed = [(one, self._borrow(one.resource, node, item), item) for one, node, item in ready]
        for one, node, item in borrowed:
            self._send(one, [(node, item)])

    def _waits(self, reading: Reading) -> bool:
        """Whether others that lend to it are still to be read."""
        lenders = (self._lending.get((reading.scope.region, borrow.kind)) for borrow in reading.resource.borrow)
        return any(lender is not None and not lender.is_closed for lender in lenders)

    def left_out(self, reading: Reading, items: Iterable[Any], cap: int) -> None:
        """Items that are there, and of which no node is made."""
        scope, ids = reading.scope, list[str]()
        for item in items:
            try:
                home = reading.mapper.region(item, scope.region)
                ids.append(node_id(scope.cloud, scope.account, home, scope.kind, reading.mapper.rid(item)))
            except OddRecord as odd:
                reading.odd("that was left out", str(odd))
        reading.leave_out(len(ids), cap)
        with self._lock:
            if ids and not reading.silent and not self._closed():
                self._sink.there(ids)

    def region(self, region: Region, context: Mapping[str, str]) -> None:
        """The node of a region, its edge from the account, its scope."""
        resource, name = self._catalog.region, region.name
        reported: dict[str, Any] = {"id": name, "kind": resource.kind, "name": name, "tags": {}}
        if region.item:
            reported = Mapper(resource).map(region.item, context).reported
        scope = Scope(self._account.cloud, self._account.id, name, resource.kind)
        node = Node(self._id(name, resource.kind, name), resource.kind, scope, name, reported)
        self._regions_sent.add(name)
        self._sink.nodes([node])
        self._edges.append(Edge(self._account_id, node.id, "default", node.id))
        self._sink.scope(ScopeReport(scope, Status.OK, 1, operation_name(resource.call)))

    def finish(self, readings: Readings, regions: Mapping[str, Region], context: Callable[[str], Mapping[str, str]]) -> None:
        self._send_held(readings)
        self._send_account(readings[GLOBAL, self._catalog.account.kind])
        for name in sorted(self._regions_used - self._regions_sent):  # a bucket may live in a region that is not collected
            if name in regions or not self._sink.knows(self._id(name, self._catalog.region.kind, name)):
                self.region(regions.get(name, Region(name)), context(name))

        def was_read(region: str, kind: str) -> bool:
            reading = readings.get((region, kind))
            return reading is not None and reading.failure is None and not reading.silent

        edges = chain(self._edges, self._linker.edges(was_read))
        while some := list(islice(edges, _AT_ONCE)):
            self._sink.edges(some)
        for reading in readings.values():
            if not reading.silent:
                self._sink.scope(reading.report())
            if reading.resource.remembered and reading.failure is None:
                self._remember(reading.scope)

    @property
    def _account_id(self) -> str:
        return self._id(GLOBAL, self._catalog.account.kind, self._account.id)

    def _id(self, region: str, kind: str, rid: str) -> str:
        return node_id(self._account.cloud, self._account.id, region, kind, rid)

    def _send(self, reading: Reading, pairs: Iterable[Pair]) -> None:
        if reading.silent or reading.resource.remembered:
            return
        nodes = []
        for node, item in pairs:
            self._linker.saw(node, reading.resource, item)
            nodes.append(node)
        with self._lock:
            if nodes and not self._closed():
                self._hang(nodes)
                self._sink.nodes(nodes)

    def _hang(self, nodes: Iterable[Node]) -> None:
        """Below their regions."""
        for node in nodes:
            if node.kind != self._catalog.account.kind:
                self._regions_used.add(node.region)
                self._edges.append(Edge(self._region_id(node.region), node.id, "default", node.id))
        if len(self._edges) >= _AT_ONCE:
            edges, self._edges = self._edges, []
            self._sink.edges(edges)

    def _region_id(self, region: str) -> str:
        if region not in self._region_ids:
            self._region_ids[region] = self._id(region, self._catalog.region.kind, region)
        return self._region_ids[region]

    def _lend(self, node: Node) -> None:
        lent = {name: node.reported[name] for name in self._lenders.get(node.kind, ()) if name in node.reported}
        if lent:
            self._lent[node.kind, node.region, str(node.reported["id"])].update(lent)

    def _borrow(self, resource: Resource, node: Node, item: Any) -> Node:
        reported = dict(node.reported)
        for borrow in resource.borrow:
            lender = borrow.kind, node.region, str(expression(borrow.path)(item))
            lent = self._lent.get(lender) or self._prices.lent(*lender)
            for name, source in borrow.fields.items():
                if name not in reported and source in lent:
                    reported[name] = lent[source]
        return node._replace(reported=reported)

    def _remember(self, scope: Scope) -> None:
        """A price list that is whole holds for other accounts, too, and for later collects."""
        lent = {id: lent for (kind, region, id), lent in self._lent.items() if (kind, region) == (scope.kind, scope.region)}
        self._prices.learn(scope.kind, scope.region, {id: fields[COST] for id, fields in lent.items() if COST in fields})

    def _send_held(self, readings: Readings) -> None:
        """Borrowers first: what they link to decides which nodes of the `used_only` kinds stay."""
        for reading, node, item in self._held:
            if node.kind not in self._used_only:
                self._send(reading, [(self._borrow(reading.resource, node, item), item)])
        used = {kind: self._linker.referenced(kind) for kind in self._used_only}
        unused: Counter[Scope] = Counter()
        for reading, node, item in self._held:
            if node.kind in self._used_only:
                if (node.region, str(node.reported["id"])) in used[node.kind]:
                    self._send(reading, [(self._borrow(reading.resource, node, item), item)])
                else:
                    unused[reading.scope] += 1
        for reading in readings.values():
            if reading.resource.kind in self._used_only:
                reading.count -= unused[reading.scope]
                _distrust(reading, readings)

    def _send_account(self, reading: Reading) -> None:
        """The account is the root of everything: it has a node even when nothing could ever be read of it."""
        if not reading.count and not self._sink.knows(self._account_id):
            reported = {"id": self._account.id, "kind": reading.resource.kind, "name": self._account.name or self._account.id, "tags": {}}
            self._sink.nodes([Node(self._account_id, reading.resource.kind, reading.scope, GLOBAL, reported)])


def _lenders(resources: Iterable[Resource]) -> dict[str, set[str]]:
    """Which properties of which kinds others borrow."""
    lenders: dict[str, set[str]] = defaultdict(set)
    for resource in resources:
        for borrow in resource.borrow:
            lenders[borrow.kind].update(borrow.fields.values())
    return dict(lenders)


def _distrust(reading: Reading, readings: Readings) -> None:
    """When a kind that uses this one could not be read, what looks unused may be in use: then nothing may go."""
    for (region, _), user in readings.items():
        uses = any(link.kind == reading.resource.kind for link in user.resource.edges)
        if uses and region == reading.scope.region and user.failure is not None and reading.failure is None:
            reading.fail(user.failure)
