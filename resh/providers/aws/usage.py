"""How much is used of what a collect has read, and when it was last used: asked of CloudWatch after the resources, region by region.

    usage = Usage(session, sink, METRICS, LAST_USES, clock.now())
    Collection(session, catalog, usage.sink, …).run()          # its sink remembers what there is to ask
    usage.measure(guest, cancel)

Each collect adds one sample of a metric: least, average and most since the last one. `atime` and `mtime` are kept to the day, so that
they change once a day at most; what the graph knows of them stays until CloudWatch knows better. How asking ended is the report of a scope
of its own in each region (`aws/123456789012/eu-west-1/usage`), so that nothing that goes wrong here touches what was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from resh.cancel import Cancel
from resh.clock import iso
from resh.graph.base import UsageSample
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.metric_data import CALL, Question, Series, Window, ask, chunks, questions
from resh.providers.aws.metrics import PERIOD, Metric
from resh.providers.aws.witness import Witness
from resh.providers.base import CollectSink
from resh.providers.crew import Crew
from resh.providers.limiter import Place
from resh.providers.pool import Guest
from resh.providers.session import CloudSession, ReadFailed, operation_name

SCOPE = "usage"
"""Stands for the kind in the scopes that tell how asking ended."""
DAY = 86400
_LAST_USES = 60
"""Days: CloudWatch has values of five minutes for 63."""


class Usage:
    """One collect of one account; used once. Without `metrics` nothing is asked, and what is known of the times of use stays."""

    def __init__(self, session: CloudSession, sink: CollectSink, metrics: Iterable[Metric], uses: Iterable[Metric], now: float) -> None:
        self._session, self._sink, self._now = session, sink, now
        self._uses, self._metrics = _by_kind(uses), _by_kind(metrics)
        self._witness = Witness(sink, self._metrics, self._uses)

    @property
    def sink(self) -> CollectSink:
        return self._witness if self._uses or self._metrics else self._sink

    def measure(self, guest: Guest, cancel: Cancel) -> None:
        """Raises Cancelled, and errors of the sink; those of calls end as reports."""
        self._remember()
        crew = Crew(guest, cancel)
        for region in sorted(self._witness.regions | self._witness.held.keys()):
            task = partial(self._region, region, self._witness.held.pop(region, []), self._witness.questions.pop(region, []))
            crew.add(task, Place(self._session.account.id, region))
        crew.join()

    def _remember(self) -> None:
        """Times that the graph knows: what cannot be asked now must not be forgotten."""
        held = {node.id: node for nodes in self._witness.held.values() for node in nodes}
        names = sorted({use.name for uses in self._uses.values() for use in uses})
        for id, times in self._sink.remembers(held, names).items() if held else ():
            held[id].reported.update(times)

    def _region(self, region: str, held: list[Node], asked: Sequence[Question]) -> None:
        """The first call that fails is the last one: whoever is denied or throttled asks no further."""
        if region not in self._witness.regions:
            self._sink.nodes(held)
            return
        account = self._session.account
        scope = Scope(account.cloud, account.id, region, SCOPE)
        count, failure = 0, None
        try:
            if not self._session.offers(CALL.service, region):
                raise ReadFailed(Status.SKIPPED, operation_name(CALL), "NotInRegion", f"{CALL.service} is not offered in {region}")
            self._date(region, held)
            for samples in self._samples(region, asked, since(self._sink.read_at(scope), self._now)):
                count += len(samples)
                self._sink.usage(samples)
        except ReadFailed as error:
            failure = error
        self._sink.nodes(held)
        self._sink.scope(_report(scope, count, failure))

    def _samples(self, region: str, asked: Sequence[Question], window: Window) -> Iterator[list[UsageSample]]:
        for chunk in chunks(asked):
            answers = zip(chunk, ask(self._session, region, chunk, window), strict=True)
            yield [sample for question, series in answers if (sample := _sample(question, series, window))]

    def _date(self, region: str, held: list[Node]) -> None:
        """When they were last used. What was used today is not asked about again."""
        midnight = self._now // DAY * DAY
        window = Window(midnight - _LAST_USES * DAY, midnight + DAY, DAY)
        nodes = {node.id: node for node in held}
        due = (
            question
            for node in held
            for question in questions(node, self._uses[node.kind])
            if node.reported.get(question.metric.name) != iso(midnight)
        )
        for chunk in chunks(due):
            for question, (series,) in zip(chunk, ask(self._session, region, chunk, window), strict=True):
                if day := max((time.timestamp() // DAY * DAY for time, value in series if value > 0), default=0):
                    reported, name = nodes[question.id].reported, question.metric.name
                    reported[name] = max(iso(day), reported.get(name, ""))


def since(last: float, now: float) -> Window:
    """From the last time on, but a day at most and a period at least.

    A value is complete about a period after its end, so the window stops there; and it begins a period early, since `last` is when what
    had been measured was stored.
    """
    end = now // PERIOD * PERIOD - PERIOD
    start = last // PERIOD * PERIOD - 2 * PERIOD
    return Window(min(max(start, end - DAY), end - PERIOD), end, PERIOD)


def _by_kind(metrics: Iterable[Metric]) -> dict[str, list[Metric]]:
    found: defaultdict[str, list[Metric]] = defaultdict(list)
    for metric in metrics:
        found[metric.kind].append(metric)
    return dict(found)


def _sample(question: Question, series: Sequence[Series], window: Window) -> UsageSample | None:
    """None when nothing was measured."""
    metric = question.metric
    values = [[value for _, value in one] for one in series]
    if metric.quiet:
        values = [[*one, *[0.0] * (window.periods - len(one))] for one in values]
    if not all(values):
        return None
    middle = values[len(values) // 2]
    least, mean, most = min(values[0]), sum(middle) / len(middle), max(values[-1])
    return UsageSample(question.id, metric.name, window.end, *(value * metric.factor for value in (least, mean, most)))


def _report(scope: Scope, count: int, failure: ReadFailed | None) -> ScopeReport:
    if failure:
        return ScopeReport(scope, failure.status, count, failure.operation, failure.error, failure.message)
    return ScopeReport(scope, Status.OK, count, operation_name(CALL))
