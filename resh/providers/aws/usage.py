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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from resh.cancel import Cancel
from resh.clock import iso
from resh.model.scope import Code, Scope, ScopeReport, Status, usage_of
from resh.providers.aws.inquiry import DAY, Inquiry
from resh.providers.aws.metric import PERIOD, Metric
from resh.providers.aws.metric_data import Question, Window, chunks
from resh.providers.aws.witness import Subjects, Witness
from resh.providers.base import CollectSink
from resh.providers.crew import Crew
from resh.providers.pool import Guest
from resh.providers.session import CloudSession

_LAST_USES = 60
"""Days: CloudWatch has values of five minutes for 63."""


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
        inquiries = [self._inquiry(crew, cancel, region, subjects) for region, subjects in regions.items()]
        for inquiry in inquiries:
            inquiry.begin()
        crew.join()
        for inquiry in inquiries:
            for report in inquiry.reports():
                self._sink.scope(report)
        for region, kind in sorted(self._witness.unread - self._witness.subjects.keys()):
            scope = self._scope(region, kind)
            self._sink.scope(ScopeReport(scope, Status.SKIPPED, code=Code.NOT_ASKED.value, message="its resources were not read"))

    def _inquiry(self, crew: Crew, cancel: Cancel, region: str, subjects: Mapping[str, Subjects]) -> Inquiry:
        scopes = {kind: self._scope(region, kind) for kind in subjects}
        return Inquiry(self._session, self._sink, crew, cancel, region, scopes, self._chunks(subjects, scopes))

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
