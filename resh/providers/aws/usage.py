"""How much is used of what a collect has read: CloudWatch's metrics of it, region by region, after the resources themselves.

    usage = Usage(session, sink, METRICS, clock.now())
    Collection(session, catalog, usage.sink, …).run()          # its sink remembers what there is to measure
    usage.measure(guest, cancel)

Each collect adds one sample of a metric: least, average and most since the last one. How asking ended is the report of a scope of its own
in each region (`aws/123456789012/eu-west-1/usage`), so that nothing that goes wrong here touches what was read.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from resh.cancel import Cancel
from resh.graph.base import UsageSample
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.metrics import PERIOD, Metric
from resh.providers.aws.operations import USAGE
from resh.providers.base import CollectSink
from resh.providers.catalog import Call
from resh.providers.crew import Crew
from resh.providers.limiter import Place
from resh.providers.pool import Guest
from resh.providers.mapping import expression
from resh.providers.session import CloudSession, ReadFailed, operation_name

SCOPE = "usage"
"""Stands for the kind in the scopes that tell how asking ended."""
CALL = Call(*USAGE, "MetricDataResults")
CHUNK = 500
"""Queries that one call may have: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"""
_DAY = 86400
_REFUSED = {"Forbidden": Status.DENIED, "InternalError": Status.FAILED}
"""What CloudWatch says of a single query in an answer that is fine otherwise."""


class Question(NamedTuple):
    """A metric of the node with this id."""

    id: str
    metric: Metric
    dimensions: tuple[tuple[str, str], ...]


class Window(NamedTuple):
    """Epoch seconds, whole periods."""

    start: float
    end: float

    @classmethod
    def since(cls, last: float, now: float) -> Window:
        """From the last time on, but a day at most and a period at least.

        A value is complete about a period after its end, so the window stops there; and it begins a period early, since `last` is
        when what had been measured was stored.
        """
        end = now // PERIOD * PERIOD - PERIOD
        start = last // PERIOD * PERIOD - 2 * PERIOD
        return cls(min(max(start, end - _DAY), end - PERIOD), end)

    @property
    def periods(self) -> int:
        return int(self.end - self.start) // PERIOD


class Usage:
    """One collect of one account; used once."""

    def __init__(self, session: CloudSession, sink: CollectSink, metrics: Iterable[Metric], now: float) -> None:
        self._session, self._sink, self._now = session, sink, now
        self._witness = Witness(sink, metrics)

    @property
    def sink(self) -> CollectSink:
        return self._witness

    def measure(self, guest: Guest, cancel: Cancel) -> None:
        """Raises Cancelled, and errors of the sink; those of calls end as reports."""
        crew = Crew(guest, cancel)
        for region in sorted(self._witness.regions):
            crew.add(partial(self._region, region, self._witness.questions.pop(region, [])), Place(self._session.account.id, region))
        crew.join()

    def _region(self, region: str, questions: Sequence[Question]) -> None:
        """The first call that fails is the last one: whoever is denied or throttled asks no further."""
        account, operation, count = self._session.account, operation_name(CALL), 0
        scope = Scope(account.cloud, account.id, region, SCOPE)
        window = Window.since(self._sink.read_at(scope), self._now)
        try:
            if not self._session.offers(CALL.service, region):
                raise ReadFailed(Status.SKIPPED, operation, "NotInRegion", f"{CALL.service} is not offered in {region}")
            for chunk in chunks(questions):
                samples = list(self._ask(region, chunk, window))
                count += len(samples)
                self._sink.usage(samples)
        except ReadFailed as failure:
            self._sink.scope(ScopeReport(scope, failure.status, count, failure.operation, failure.error, failure.message))
        else:
            self._sink.scope(ScopeReport(scope, Status.OK, count, operation))

    def _ask(self, region: str, chunk: Sequence[Question], window: Window) -> Iterator[UsageSample]:
        queries = [(question, statistic) for question in chunk for statistic in question.metric.statistics]
        times = {"StartTime": datetime.fromtimestamp(window.start, UTC), "EndTime": datetime.fromtimestamp(window.end, UTC)}
        params = {"MetricDataQueries": [_query(n, *query) for n, query in enumerate(queries)], **times}
        found: defaultdict[str, list[float]] = defaultdict(list)
        for page in self._session.pages(CALL, region, params):
            for result in page.get(CALL.items) or ():
                if status := _REFUSED.get(result.get("StatusCode", "")):
                    raise ReadFailed(status, operation_name(CALL), result["StatusCode"], _message(result))
                found[result["Id"]] += result.get("Values") or ()
        series = (found[f"q{n}"] for n in range(len(queries)))
        for question in chunk:
            values = [next(series) for _ in question.metric.statistics]
            if sample := _sample(question, values, window):
                yield sample


class Witness:
    """A sink that hands everything on, and remembers what there is to measure, and in which regions that could be read."""

    def __init__(self, sink: CollectSink, metrics: Iterable[Metric]) -> None:
        self.knows, self.kinds, self.edges, self.there = sink.knows, sink.kinds, sink.edges, sink.there
        self.usage, self.read_at = sink.usage, sink.read_at
        self._sink = sink
        self._metrics: defaultdict[str, list[Metric]] = defaultdict(list)
        for metric in metrics:
            self._metrics[metric.kind].append(metric)
        self.questions: defaultdict[str, list[Question]] = defaultdict(list)
        self.regions: set[str] = set()
        self._lock = threading.Lock()

    def nodes(self, nodes: Iterable[Node]) -> None:
        nodes = list(nodes)
        for node in nodes:
            if node.kind in self._metrics:
                questions = list(_questions(node, self._metrics[node.kind]))
                with self._lock:
                    self.questions[node.region] += questions
        self._sink.nodes(nodes)

    def scope(self, report: ScopeReport) -> None:
        if report.scope.kind in self._metrics and report.status is Status.OK:
            with self._lock:
                self.regions.add(report.scope.region)
        self._sink.scope(report)


def chunks(questions: Iterable[Question], size: int = CHUNK) -> Iterator[list[Question]]:
    """Statistics of one metric stay together: up to five in one call are billed as one (https://aws.amazon.com/cloudwatch/pricing/)."""
    chunk: list[Question] = []
    queries = 0
    for question in questions:
        more = len(question.metric.statistics)
        if queries + more > size:
            yield chunk
            chunk, queries = [], 0
        chunk.append(question)
        queries += more
    if chunk:
        yield chunk


def _questions(node: Node, metrics: Iterable[Metric]) -> Iterator[Question]:
    for metric in metrics:
        values = {name: expression(path)(node.reported) for name, path in metric.dimensions.items()}
        if all(isinstance(value, str) and value for value in values.values()):
            yield Question(node.id, metric, tuple(values.items()))


def _query(number: int, question: Question, statistic: str) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in question.dimensions]
    metric = {"Namespace": question.metric.namespace, "MetricName": question.metric.metric, "Dimensions": dimensions}
    return {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": statistic}}


def _sample(question: Question, series: Sequence[Sequence[float]], window: Window) -> UsageSample | None:
    """None when nothing was measured."""
    metric = question.metric
    if metric.quiet:
        series = [[*values, *[0.0] * (window.periods - len(values))] for values in series]
    if not all(series):
        return None
    least, mean, most = min(series[0]), sum(series[len(series) // 2]) / len(series[len(series) // 2]), max(series[-1])
    return UsageSample(question.id, metric.name, window.end, *(value * metric.factor for value in (least, mean, most)))


def _message(result: Mapping[str, Any]) -> str:
    return "; ".join(message.get("Value", "") for message in result.get("Messages") or ())
