"""A CloudWatch for tests: answers made of the queries, and nodes of a kind that has metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from resh.cancel import Cancel
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.metric import PERIOD, Metric
from resh.providers.aws.usage import Usage
from resh.providers.limiter import Limiter
from resh.providers.pool import Pool
from resh.providers.session import Region
from tests.providers.aws.usage_moments import END, NOW
from tests.providers.provider_fakes import FakeSession, Recorder

CPU = Metric("c_machine", "cpu", "C", "Cpu", {"Machine": "id"}, "percent")
SENT = Metric("c_machine", "sent", "C", "Sent", {"Machine": "id"}, "bytes a second", ("Sum",), 1 / PERIOD)
ASKED = Metric("c_machine", "asked", "C", "Asked", {"Machine": "id"}, "requests a second", ("Sum",), 1 / PERIOD, quiet=True)

Queries = list[dict[str, Any]]


class Measured(FakeSession):
    """Answers of CloudWatch, by region, made of the queries of a call."""

    def __init__(self, **regions: Callable[[Queries], list[Any]]) -> None:
        def of(answer: Callable[[Queries], list[Any]]) -> Callable[[Mapping[str, Any]], list[Any]]:
            return lambda params: answer(params["MetricDataQueries"])

        super().__init__({("get_metric_data", name): of(answer) for name, answer in regions.items()}, [Region("r1")])

    def queries(self) -> list[Queries]:
        return [params["MetricDataQueries"] for _, _, params in self.asked]


def values(*numbers: float) -> Callable[[Queries], list[Any]]:
    """All of them for every query, on one page."""
    return lambda queries: [{"MetricDataResults": [result(query["Id"], *numbers) for query in queries]}]


def result(id: str, *numbers: float, status: str = "Complete") -> dict[str, Any]:
    times = [datetime.fromtimestamp(END - PERIOD * n, UTC) for n in range(len(numbers))]
    return {"Id": id, "Timestamps": times, "Values": list(numbers), "StatusCode": status}


def machine(name: str, region: str = "r1") -> Node:
    scope = Scope("c", "1", region, "c_machine")
    return Node(node_id("c", "1", region, "c_machine", name), "c_machine", scope, region, {"id": name, "kind": "c_machine"})


def measure(
    session: Measured,
    nodes: Iterable[Node],
    *metrics: Metric,
    sink: Recorder | None = None,
    uses: Sequence[Metric] = (),
    threads: int = 1,
    stopped: Sequence[str] = (),
) -> Recorder:
    """On one thread calls come one after the other. `stopped` are regions."""
    sink, nodes, cancel = sink or Recorder(), list(nodes), Cancel()
    for region in stopped:
        cancel.set_part(region, "stopped by ada")
    usage = Usage(session, sink, metrics, uses, NOW)
    usage.sink.nodes(nodes)
    for region in sorted({node.region for node in nodes}):
        usage.sink.scope(ScopeReport(Scope("c", "1", region, "c_machine"), Status.OK))
    with Pool(threads, Limiter()).guest() as guest:
        usage.measure(guest, cancel)
    return sink


def dimension(queries: Queries) -> str:
    """By which the first query knows its resource."""
    name: str = queries[0]["MetricStat"]["Metric"]["Dimensions"][0]["Name"]
    return name
