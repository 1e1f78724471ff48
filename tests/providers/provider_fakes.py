"""A cloud out of a dictionary, and a sink and a watcher that remember."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from resh.cancel import Cancel
from resh.graph.base import UsageSample
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Account, Heard
from resh.providers.catalog import Call, Catalog, Resource
from resh.providers.collector import Collection, Options
from resh.providers.limiter import Limiter, Place
from resh.providers.mapping import FreeKeys
from resh.providers.pool import Pool
from resh.providers.session import GLOBAL, ReadFailed, Region
from resh.state.calls import CallCount

Answer = list[Any] | Exception | Callable[[Mapping[str, Any]], list[Any]]
"""Pages, an error, or a function of the parameters that gives pages."""

NO_OPTIONS = Options()
ACCOUNT = Resource("c_account", "An account.", Call("id", "who", "@"), id="Id", tags="", bases=("account",), is_global=True)
REGION = Resource(
    "c_region", "A region.", Call("id", "regions", "Regions"), id="Name", name="Name", region="Name", tags="", bases=("region",)
)


class FakeSession:
    partition = "aws"

    def __init__(self, answers: Mapping[tuple[str, str], Answer], regions: Sequence[Region] | ReadFailed) -> None:
        self.account = Account("c", "1", "one")
        self.answers = {("who", GLOBAL): [{"Id": "1"}], **answers}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self._regions = regions

    def regions(self) -> Sequence[Region]:
        if isinstance(self._regions, ReadFailed):
            raise self._regions
        return self._regions

    def expected_regions(self) -> Sequence[str]:
        return ("r1", "r2")

    def offers(self, service: str, region: str) -> bool:
        return (service, region) != ("rare", "r2")

    def pages(self, call: Call, region: str, params: Mapping[str, Any]) -> Iterator[Any]:
        self.asked.append((call.operation, region, dict(params)))
        answer = self.answers.get((call.operation, region), [])
        if isinstance(answer, Exception):
            raise answer
        for page in answer(params) if callable(answer) else answer:
            if isinstance(page, Exception):
                raise page
            yield page

    def act(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        answers: list[Mapping[str, Any]] = list(self.pages(Call(service, operation, "@"), region, params))
        return answers[-1] if answers else {}

    def free_keys(self, resource: Resource) -> FreeKeys:
        return FreeKeys()


class Recorder:
    """A sink."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}
        self.drawn: set[Edge] = set()
        self.reports: dict[tuple[str, str], ScopeReport] = {}
        self.declared: dict[str, Kind] = {}
        self.left: set[str] = set()
        self.read: dict[tuple[str, str], float] = {}
        self.measured: list[UsageSample] = []
        self.times: dict[str, dict[str, str]] = {}
        self.amended: list[Mapping[str, dict[str, Any]]] = []
        self._lock = threading.Lock()

    def knows(self, id: str) -> bool:
        return False

    def kinds(self, kinds: Iterable[Kind]) -> None:
        self.declared |= {kind.name: kind for kind in kinds}

    def nodes(self, nodes: Iterable[Node]) -> None:
        with self._lock:
            self.found |= {node.id: node for node in nodes}

    def amend(self, learned: Mapping[str, dict[str, Any]]) -> None:
        with self._lock:
            self.amended.append(learned)
            for id, properties in learned.items():
                self.found[id] = self.found[id]._replace(reported=self.found[id].reported | properties)

    def edges(self, edges: Iterable[Edge]) -> None:
        self.drawn |= set(edges)

    def there(self, ids: Iterable[str]) -> None:
        self.left |= set(ids)

    def usage(self, samples: Iterable[UsageSample]) -> None:
        with self._lock:
            self.measured += samples

    def remembers(self, ids: Iterable[str], names: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {id: dict(self.times[id]) for id in ids if id in self.times}

    def read_at(self, scope: Scope) -> float:
        return self.read.get((scope.region, scope.kind), 0.0)

    def scope(self, report: ScopeReport) -> None:
        key = report.scope.region, report.scope.kind
        assert key not in self.reports, f"{report.scope} is reported twice"
        self.reports[key] = report

    def ids(self, kind: str) -> list[str]:
        return sorted(node.reported["id"] for node in self.found.values() if node.kind == kind)

    def node(self, rid: str) -> Node:
        return next(node for node in self.found.values() if node.reported["id"] == rid)

    def links(self, type: str = "default") -> set[str]:
        """Edges between nodes that are there, by the cloud's ids: `r1 > a-1`."""
        name = {id: node.reported["id"] for id, node in self.found.items()}
        return {f"{name[e.source]} > {name[e.target]}" for e in self.drawn if e.type == type and e.source in name and e.target in name}

    def bad(self) -> dict[tuple[str, str], Status]:
        return {key: report.status for key, report in self.reports.items() if report.status is not Status.OK}


class Listener:
    """A watcher."""

    def __init__(self) -> None:
        self.done: dict[str, tuple[int, int]] = {}
        self.calls: Counter[str] = Counter()
        self.throttled = 0

    def progress(self, region: str, done: int, total: int) -> None:
        self.done[region] = max(self.done.get(region, (0, 0)), (done, total))

    def called(self, place: Place, heard: Heard) -> None:
        self.calls[place.operation] += 1
        self.throttled += heard.throttled

    def counted(self, counts: Iterable[CallCount]) -> None:
        for count in counts:
            self.calls[count.operation] += count.calls
            self.throttled += count.throttled


def collect(
    session: FakeSession,
    *resources: Resource,
    options: Options = NO_OPTIONS,
    cancel: Cancel | None = None,
    watcher: Listener | None = None,
    sink: Recorder | None = None,
) -> Recorder:
    sink = sink or Recorder()
    cancel = Cancel() if cancel is None else cancel  # a Cancel that is not set is false
    catalog = Catalog(ACCOUNT, REGION, resources)
    with Pool(4, Limiter()).guest() as guest:
        Collection(session, catalog, sink, watcher or Listener(), cancel, guest, options).run()
    return sink


def refused(error: str, status: Status = Status.DENIED, message: str = "not for you") -> ReadFailed:
    return ReadFailed(status, "s:Operation", error, message)
