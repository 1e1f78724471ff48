"""The questions to CloudWatch in one region: asked in the pool of calls, several at a time, their answers handed to the sink.

    inquiry = Inquiry(session, sink, crew, cancel, "eu-west-1", scopes, chunks)
    inquiry.begin()
    crew.join()
    inquiry.reports()                        # how it ended, for each kind

The first call that fails is the last one: whoever is denied or throttled asks no further. Kinds whose questions were all answered before
are none the worse for it.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from resh.cancel import Cancel
from resh.clock import iso
from resh.graph.base import UsageSample
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.metric_data import CALL, Question, Series, Window, ask
from resh.providers.base import CollectSink
from resh.providers.crew import Crew
from resh.providers.limiter import Place
from resh.providers.pool import Pending
from resh.providers.session import CloudSession, ReadFailed, check, operation_name

DAY = 86400
_AT_ONCE = 4
"""Calls in flight for one region, once the first has been answered."""


class Inquiry:
    def __init__(
        self,
        session: CloudSession,
        sink: CollectSink,
        crew: Crew,
        cancel: Cancel,
        region: str,
        scopes: Mapping[str, Scope],
        chunks: Iterator[tuple[Window, list[Question]]],
    ) -> None:
        """`scopes` are those to report, by kind."""
        self._session, self._sink, self._crew, self._cancel = session, sink, crew, cancel
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
            check(self._cancel, CALL, self._region)
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
        if window.period == DAY:  # they ask for last uses
            self._sink.amend(_last_uses(chunk, answers))
            return
        found = zip(chunk, answers, strict=True)
        samples = [(question.metric.kind, sample) for question, series in found if (sample := _sample(question, series, window))]
        self._sink.usage(sample for _, sample in samples)
        with self._lock:
            self._counts.update(kind for kind, _ in samples)


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
