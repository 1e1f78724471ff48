"""Runs a catalog for one account: every call of every kind in every region, into a sink of nodes, edges and scope reports.

    with pool.guest() as guest:
        Collection(session, catalog, sink, watcher, cancel, guest, Options()).run()

Whatever goes wrong with a call ends its own scope and is reported there; the rest goes on. A node that could not be read whole (a detail
was denied) is not sent: the graph keeps what it knew, and the report names it. Raises Cancelled when cancelled, and errors of the sink.
"""

from __future__ import annotations

import threading
from collections import ChainMap, Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from resh.cancel import Cancel
from resh.durations import format_duration
from resh.model.node import Node, node_id
from resh.model.scope import Code, Scope, ScopeReport, Status
from resh.providers.base import CollectSink, Watcher
from resh.providers.calls import Calls, items_of
from resh.providers.catalog import Call, Catalog, Resource
from resh.providers.crew import Crew
from resh.providers.harvest import Harvest
from resh.providers.hot import ALL_OF_IT, Hot, newest
from resh.providers.limiter import Place
from resh.providers.mapping import PARENT, Mapper, OddRecord, expression
from resh.providers.pool import Guest, Pending
from resh.providers.prices import Prices
from resh.providers.reading import Reading
from resh.providers.selection import EVERYTHING, Selection, fits
from resh.providers.session import GLOBAL, CloudSession, ReadFailed, Region, check, operation_name


@dataclass(frozen=True, slots=True)
class Options:
    """`collect` and `no_collect` are shell patterns of kinds; of kinds in `used_only` only those nodes stay that another node links to.

    A selection of kinds leaves out those in `used_only`: who uses them may not be among what is read.
    """

    collect: tuple[str, ...] = ()
    no_collect: tuple[str, ...] = ()
    used_only: frozenset[str] = frozenset()
    selection: Selection = EVERYTHING
    hot: Hot = ALL_OF_IT
    prices: Prices = field(default_factory=Prices)

    def wants(self, kind: str) -> bool:
        """Whether it is asked for."""
        return self.allows(kind) and self.selection.kind(kind) and not (self.selection.kinds and kind in self.used_only)

    def allows(self, kind: str) -> bool:
        """Whether it is configured."""
        return (not self.collect or fits(kind, self.collect)) and not fits(kind, self.no_collect)

    def wait(self, resource: Resource, region: str, read_at: float) -> float:
        """Seconds until it is due. What is selected is; so is what shows which others are in use."""
        if self.selection or any(link.kind in self.used_only for link in resource.edges):
            return 0.0
        return self.prices.wait(resource.kind, region) if resource.remembered else self.hot.wait(resource.kind, read_at)


class Collection:
    """One collect of one account; used once."""

    def __init__(
        self,
        session: CloudSession,
        catalog: Catalog,
        sink: CollectSink,
        watcher: Watcher,
        cancel: Cancel,
        guest: Guest,
        options: Options = Options(),
    ) -> None:
        self._session, self._catalog, self._options = session, catalog, options
        self._sink, self._watcher, self._cancel = sink, watcher, cancel
        self._calls = Calls(session, cancel)
        self._crew = Crew(guest, cancel)
        self._harvest = Harvest(session.account, catalog, sink, options.used_only, options.prices, lambda: self._crew.stopped)
        self._readings: dict[tuple[str, str], Reading] = {}
        self._regions: dict[str, Region] = {}
        self._total: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            regions = self._session.regions()
        except ReadFailed as failure:
            self._refuse(failure)
            return
        selected = (region for region in regions if self._options.selection.region(region.name))
        self._regions = {region.name: region for region in (Region(GLOBAL), *selected)}
        self._open()
        self._harvest.expect(self._readings)
        for region in self._regions.values():
            if not region.refusal:
                self._harvest.region(region, self._calls.context(region.name))
        for reading in sorted(self._readings.values(), key=_longest_first):
            if not reading.resource.each:
                self._begin(reading)
        self._crew.join()
        self._harvest.finish(self._readings, self._regions, self._calls.context)

    def _open(self) -> None:
        """A reading for every scope that is to be read."""
        resources = (self._catalog.account, *self._catalog.resources)
        due = {(region, resource.kind) for resource in resources for region in self._regions_of(resource) if self._is_due(region, resource)}
        needed = self._needed(due)
        for resource in resources:
            regions = [region for region in self._regions_of(resource) if (region, resource.kind) in needed]
            if not regions:
                continue
            mapper = Mapper(resource, self._session.free_keys(resource))
            for place in ((region, resource.kind) for region in regions):
                self._readings[place] = Reading(resource, self._scope(*place), mapper, silent=place not in due)
                self._total[place[0]] += 1
        for (region, _), reading in self._readings.items():
            if reading.resource.each:
                self._readings[region, reading.resource.each].children.append(reading)

    def _is_due(self, region: str, resource: Resource) -> bool:
        """Whether it is asked for, and time to read it again; else the report says when it will be."""
        if resource is self._catalog.account:
            return True
        if not self._options.wants(resource.kind):
            return False
        scope = self._scope(region, resource.kind)
        wait = self._options.wait(resource, region, self._sink.read_at(scope))
        if wait > 0:
            message = f"due again in {format_duration(wait)}"
            self._sink.scope(ScopeReport(scope, Status.SKIPPED, code=Code.NOT_DUE.value, message=message))
        return wait <= 0

    def _needed(self, due: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """What is due, and what must be read for it: those that it is listed for, those that lend it properties."""
        resources = {resource.kind: resource for resource in self._catalog.resources}
        there = {kind for kind, resource in resources.items() if not resource.remembered}
        needed, todo = set(due), list(due)
        for region, kind in todo:
            resource = resources.get(kind)
            lenders = (borrow.kind for borrow in resource.borrow if self._options.allows(borrow.kind)) if resource else ()
            for other in (*lenders, resource.each) if resource else ():
                place = region, other
                if other in there and region in self._regions_of(resources[other]) and place not in needed:
                    needed.add(place)
                    todo.append(place)
        return needed

    def _regions_of(self, resource: Resource) -> Iterable[str]:
        if resource is self._catalog.account:
            return (GLOBAL,)
        wanted = self._options.selection.region
        return [name for name in self._regions if _lives_in(resource, name) and wanted(name)]

    def _scope(self, region: str, kind: str) -> Scope:
        return Scope(self._session.account.cloud, self._session.account.id, region, kind)

    def _refuse(self, failure: ReadFailed) -> None:
        """Without the list of regions nothing is read; every scope there may be is reported, so that it counts as unread."""
        expected = filter(self._options.selection.region, self._session.expected_regions())
        self._regions = {name: Region(name) for name in (GLOBAL, *expected)}
        scopes = [self._scope(GLOBAL, self._catalog.account.kind)]
        scopes += (self._scope(region, self._catalog.region.kind) for region in self._regions)
        for resource in self._catalog.resources:
            if self._options.wants(resource.kind):
                scopes += (self._scope(region, resource.kind) for region in self._regions_of(resource))
        for scope in scopes:
            self._sink.scope(ScopeReport(scope, failure.status, 0, failure.operation, failure.error, failure.message))

    def _begin(self, reading: Reading) -> None:
        refusal = self._unreadable(reading)
        if refusal:
            reading.fail(refusal)
        else:
            self._list(reading, None)
        self._release(reading)

    def _unreadable(self, reading: Reading) -> ReadFailed | None:
        call, region = reading.resource.call, reading.scope.region
        refusal = self._regions[region].refusal
        if refusal:
            return ReadFailed(Status.DENIED, operation_name(call), "RegionNotEnabled", refusal)
        if region != GLOBAL and not self._session.offers(call.service, region):
            return ReadFailed(Status.SKIPPED, operation_name(call), "NotInRegion", f"{call.service} is not offered in {region}")
        return None

    def _start(self, reading: Reading, task: Callable[[], None], place: Place, after: float = 0.0, *, whole: bool = False) -> None:
        """`whole`: no error says that a single resource, or the parent of some, has gone; it is about all that is listed."""
        reading.hold()
        attempt = partial(self._attempt, reading, task, () if whole else reading.resource.gone)
        self._crew.add(attempt, place, reading.resource.kind, reading.resource.at_once, after)

    def _place(self, reading: Reading, call: Call | None, region: str = "") -> Place:
        """Where a call is counted; without a call, whose turn it is."""
        where = self._session.account.id, region or reading.scope.region
        return Place(*where, call.service, operation_name(call)) if call else Place(*where)

    def _attempt(self, reading: Reading, task: Callable[[], None], gone: tuple[str, ...]) -> None:
        try:
            self._go_on(reading)
            task()
        except ReadFailed as failure:
            if failure.error not in gone:
                reading.fail(failure)
        finally:
            self._release(reading)

    def _go_on(self, reading: Reading) -> None:
        """By the region of the scope, wherever its calls go."""
        check(self._cancel, reading.resource.call, reading.scope.region)

    def _release(self, reading: Reading) -> None:
        if reading.release():
            self._close(reading)

    def _close(self, reading: Reading) -> None:
        region = reading.scope.region
        with self._lock:
            self._done[region] += 1
            done = self._done[region]
        self._watcher.progress(region, done, self._total[region])
        self._harvest.closed(reading)
        for child in reading.children:
            if reading.failure is not None:
                child.fail(reading.failure)
            self._release(child)

    def _list(self, reading: Reading, parent: Node | None) -> None:
        """Ask for the scope's items, or those of one parent."""
        resource, region = reading.resource, reading.scope.region
        call = (resource.global_call or resource.call) if region == GLOBAL else resource.call
        pages: Iterable[Any]
        if resource.within and parent:
            pages, place = map(expression(resource.within), (parent.reported,)), self._place(reading, None)
        else:
            known = ChainMap(dict(self._calls.context(region)), parent.reported if parent else {})
            pages, place = self._calls.pages(call, region, known), self._place(reading, call.join or call)
        self._start(reading, partial(self._turn, reading, self._newest(reading, pages), parent), place, whole=parent is None)

    def _turn(self, reading: Reading, pages: Iterator[list[Any] | Pending], parent: Node | None) -> None:
        """Take one page after the other; where a call must wait, the rest is put aside."""
        for items in pages:
            if isinstance(items, Pending):
                rest = partial(self._turn, reading, pages, parent)
                self._start(reading, rest, items.place, items.seconds, whole=parent is None)
                return
            if parent:
                items = [{**item, PARENT: parent.reported} if isinstance(item, dict) else item for item in items]
            if reading.resource.details:
                for item in items:
                    self._detail(reading, item)
            else:
                self._take(reading, items)
            self._go_on(reading)

    def _newest(self, reading: Reading, pages: Iterable[Any]) -> Iterator[list[Any] | Pending]:
        """The items, page by page; where there is a cap, the newest of all pages."""
        cap = self._options.hot.cap(reading.resource.kind)
        items: list[Any] = []
        for page in pages:
            if isinstance(page, Pending):
                yield page
            elif cap:
                items += (item for item in items_of(page) if not isinstance(item, dict) or reading.mapper.wanted(item))
            else:
                yield items_of(page)
        if cap:
            kept, left = newest(reading.resource, items, cap)
            self._harvest.left_out(reading, left, cap)
            yield list(kept)

    def _detail(self, reading: Reading, item: Any) -> None:
        """Ask for what the listing did not tell of an item."""
        region, mapper = reading.scope.region, reading.mapper
        try:
            if not isinstance(item, dict) or not mapper.wanted(item):
                self._take(reading, [item])
                return
            place = self._place(reading, reading.resource.details[0].call, mapper.region(item, region))
        except OddRecord as odd:
            reading.odd(_label(item), str(odd))
        else:
            self._start(reading, partial(self._complete, reading, item, self._calls.completing(mapper, item, region)), place)

    def _complete(self, reading: Reading, item: Any, steps: Iterator[dict[str, Any] | Pending | None]) -> None:
        try:
            for step in steps:
                if isinstance(step, Pending):
                    self._start(reading, partial(self._complete, reading, item, steps), step.place, step.seconds)
                else:
                    self._take(reading, [] if step is None else [step])
                return
        except OddRecord as odd:
            reading.odd(_label(item), str(odd))

    def _take(self, reading: Reading, items: Iterable[Any]) -> None:
        pairs = [(node, item) for item in items if (node := self._node(reading, item))]
        self._harvest.take(reading, pairs)
        for child in (*reading.children, *([reading] if reading.resource.nested else ())):
            for node, _ in pairs:
                if _is_parent(node, child.resource):
                    self._list(child, node)

    def _node(self, reading: Reading, item: Any) -> Node | None:
        """None for an item that is not wanted, seen before, or odd: the scope then says so."""
        try:
            if isinstance(item, dict) and not reading.mapper.wanted(item):
                return None
            mapped = reading.mapper.map(item, self._calls.context(reading.scope.region))
        except Exception as error:  # whatever is wrong with one record, the others stand
            reading.odd(_label(item), str(error))
            return None
        scope = reading.scope
        id = node_id(scope.cloud, scope.account, mapped.region, scope.kind, mapped.rid)
        return Node(id, scope.kind, scope, mapped.region, mapped.reported, mapped.zone) if reading.first_sight(id) else None


def _longest_first(reading: Reading) -> tuple[bool, bool, bool]:
    """What others wait for starts first, then kinds that need further calls: they take longest."""
    return (not reading.resource.remembered, not reading.children, not reading.resource.details)


def _lives_in(resource: Resource, region: str) -> bool:
    return (resource.is_global or resource.global_call is not None) if region == GLOBAL else not resource.is_global


def _is_parent(node: Node, of: Resource) -> bool:
    return not of.parents or bool(expression(of.parents)(node.reported))


def _label(item: Any) -> str:
    """Something to recognise an odd record by."""
    if isinstance(item, dict):
        for value in item.values():
            if isinstance(value, str) and value:
                return repr(value[:80])
    return repr(item)[:80]
