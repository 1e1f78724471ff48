"""How much is used of what a collect has read, and when it was last used: asked of CloudWatch after the resources.

    usage = Usage(session, sink, METRICS, LAST_USES, clock.now())
    Collection(session, catalog, usage.sink, …).run()          # its sink remembers what there is to ask
    usage.measure(guest, cancel)

Each collect adds one sample of a metric: least, average and most since the last one. `atime` and `mtime` are kept to the day, so that
they change once a day at most; what the graph knows of them stays until CloudWatch knows better. How asking ended is the report of a scope
of its own beside that of the kind (`aws/123456789012/eu-west-1/aws_ec2_volume/usage`), so that nothing that goes wrong here touches what
was read.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from resh.cancel import Cancel
from resh.clock import iso
from resh.graph.base import UsageSample
from resh.model.scope import Code, Scope, ScopeReport, Status, usage_of
from resh.providers.aws.metric import PERIOD, Metric
from resh.providers.aws.metric_data import CALL, Question, Series, Window, ask, chunks
from resh.providers.aws.witness import Subjects, Witness
from resh.providers.base import CollectSink
from resh.providers.crew import Crew
from resh.providers.limiter import Place
from resh.providers.pool import Guest, Pending
from resh.providers.session import CloudSession, ReadFailed, operation_name

DAY = 86400
_LAST_USES = 60
"""Days: CloudWatch has values of five minutes for 63."""
_AT_ONCE = 4
"""Calls in flight for one region, once the first has been answered."""

ByKind = Mapping[str, Sequence[Metric]]


class Usage:
    """One collect of one account; used once. Without metrics nothing is asked or reported."""

    def __init__(self, session: CloudSession, sink: CollectSink, metrics: Iterable[Metric], uses: Iterable[Metric], now: float) -> None:
        self._session, self._sink, self._now = session, sink, now
        self._uses, self._metrics = _by_kind(uses), _by_kind(metrics)
        self._witness = Witness(sink, self._metrics, self._uses)

    @property
    def sink(self) -> CollectSink:
        return self._witness if self._metrics else self._sink

    def measure(self, guest: Guest, cancel: Cancel) -> None:
        """Raises Cancelled, and errors of the sink; those of calls end as reports."""
        crew = Crew(guest, cancel)
        regions: defaultdict[str, dict[str, Subjects]] = defaultdict(dict)
        for (region, kind), subjects in sorted(self._witness.subjects.items()):
            regions[region][kind] = subjects
        inquiries = [self._inquiry(crew, region, subjects) for region, subjects in regions.items()]
        for inquiry in inquiries:
            inquiry.begin()
        crew.join()
        for inquiry in inquiries:
            for report in inquiry.reports():
                self._sink.scope(report)
        for region, kind in sorted(self._witness.unread - self._witness.subjects.keys()):
            scope = self._scope(region, kind)
            self._sink.scope(ScopeReport(scope, Status.SKIPPED, code=Code.NOT_ASKED.value, message="its resources were not read"))

    def _inquiry(self, crew: Crew, region: str, subjects: Mapping[str, Subjects]) -> Inquiry:
        scopes = {kind: self._scope(region, kind) for kind in subjects}
        return Inquiry(self._session, self._sink, crew, region, scopes, self._chunks(subjects, scopes), self._now)

    def _chunks(self, subjects: Mapping[str, Subjects], scopes: Mapping[str, Scope]) -> Iterator[tuple[Window, list[Question]]]:
        """Last uses first; kinds whose samples begin at the same time share calls."""
        midnight = self._now // DAY * DAY
        days = Window(midnight - _LAST_USES * DAY, midnight + DAY, DAY)
        uses = (question for kind in subjects for question in subjects[kind].questions(self._uses.get(kind, ())))
        for chunk in chunks(question for question in uses if question.known != iso(midnight)):
            yield days, chunk
        windows: defaultdict[Window, list[str]] = defaultdict(list)
        for kind in subjects:
            windows[since(self._sink.read_at(scopes[kind]), self._now)].append(kind)
        for window, kinds in windows.items():
            for chunk in chunks(chain.from_iterable(subjects[kind].questions(self._metrics[kind]) for kind in kinds)):
                yield window, chunk

    def _scope(self, region: str, kind: str) -> Scope:
        account = self._session.account
        return Scope(account.cloud, account.id, region, usage_of(kind))


class Inquiry:
    """The questions to CloudWatch in one region. The first call that fails is the last one: whoever is denied asks no further."""

    def __init__(
        self,
        session: CloudSession,
        sink: CollectSink,
        crew: Crew,
        region: str,
        scopes: Mapping[str, Scope],
        chunks: Iterator[tuple[Window, list[Question]]],
        now: float,
    ) -> None:
        """`scopes` are those to report, by kind."""
        self._session, self._sink, self._crew, self._now = session, sink, crew, now
        self._region, self._scopes, self._chunks = region, scopes, chunks
        self._place = Place(session.account.id, region)
        self._counts: Counter[str] = Counter()
        self._failure: ReadFailed | None = None
        self._unasked: set[str] = set()
        self._is_answered = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        if not self._session.offers(CALL.service, self._region):
            message = f"{CALL.service} is not offered in {self._region}"
            self._failure = ReadFailed(Status.SKIPPED, operation_name(CALL), "NotInRegion", message)
        self._crew.add(self._next, self._place)

    def reports(self) -> Iterator[ScopeReport]:
        for kind, scope in self._scopes.items():
            failure = self._failure if kind in self._unasked else None
            if failure:
                yield ScopeReport(scope, failure.status, self._counts[kind], failure.operation, failure.error, failure.message)
            else:
                yield ScopeReport(scope, Status.OK, self._counts[kind], operation_name(CALL))

    def _next(self) -> None:
        with self._lock:
            window, chunk = next(self._chunks, (None, ()))
            while window and self._failure:
                self._unasked |= {question.metric.kind for question in chunk}
                window, chunk = next(self._chunks, (None, ()))
        if window:
            self._turn(window, chunk, ask(self._session, self._region, chunk, window))

    def _turn(self, window: Window, chunk: Sequence[Question], steps: Iterator[list[list[Series]] | Pending]) -> None:
        """Until a call must wait: then the rest is put aside."""
        try:
            for step in steps:
                if isinstance(step, Pending):
                    self._crew.add(partial(self._turn, window, chunk, steps), step.place, after=step.seconds)
                    return
                self._take(window, chunk, step)
        except ReadFailed as failure:
            with self._lock:
                self._failure = self._failure or failure
                self._unasked |= {question.metric.kind for question in chunk}
        for _ in range(self._wanted()):
            self._crew.add(self._next, self._place)

    def _wanted(self) -> int:
        """How many go on."""
        with self._lock:
            is_first, self._is_answered = not self._is_answered and not self._failure, True
        return _AT_ONCE if is_first else 1

    def _take(self, window: Window, chunk: Sequence[Question], answers: Sequence[Sequence[Series]]) -> None:
        if window.period == DAY:
            self._sink.amend(_last_uses(chunk, answers))
            return
        found = zip(chunk, answers, strict=True)
        samples = [(question.metric.kind, sample) for question, series in found if (sample := _sample(question, series, window))]
        self._sink.usage(sample for _, sample in samples)
        with self._lock:
            self._counts.update(kind for kind, _ in samples)


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


def _last_uses(chunk: Sequence[Question], answers: Sequence[Sequence[Series]]) -> dict[str, dict[str, str]]:
    """The last day with a value above zero, where it is later than what is known."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for question, (series,) in zip(chunk, answers, strict=True):
        day = max((time.timestamp() // DAY * DAY for time, value in series if value > 0), default=0)
        if day and iso(day) > question.known:
            found[question.id][question.metric.name] = iso(day)
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
