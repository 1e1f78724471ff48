"""CloudWatch's `GetMetricData`: questions about metrics of resources, many in one call, and the values it has for them.

for chunk in chunks(questions):
    for answers in ask(session, region, chunk, window):     # one; before it a Pending wherever a call must wait
        ...                                                 # for each question a list of (time, value) for each statistic of its metric
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from resh.model.scope import Status
from resh.providers.aws.metric import Metric
from resh.providers.aws.operations import USAGE
from resh.providers.catalog import Call
from resh.providers.pool import Pending
from resh.providers.session import CloudSession, ReadFailed, operation_name

CALL = Call(*USAGE, "MetricDataResults")
CHUNK = 500
"""Queries that one call may have: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"""
_REFUSED = {"Forbidden": Status.DENIED, "InternalError": Status.FAILED}
"""What CloudWatch says of a single query in an answer that is fine otherwise."""

Series = list[tuple[datetime, float]]


class Question(NamedTuple):
    """A metric of the node with this id. `known` is the time of use that was found before, if it asks for one."""

    id: str
    metric: Metric
    dimensions: tuple[tuple[str, str], ...]
    known: str = ""


class Window(NamedTuple):
    """From one moment to another (epoch seconds), with a value for each period (seconds)."""

    start: float
    end: float
    period: int

    @property
    def periods(self) -> int:
        return int(self.end - self.start) // self.period


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


def ask(session: CloudSession, region: str, chunk: Sequence[Question], window: Window) -> Iterator[list[list[Series]] | Pending]:
    """At last, for each question a series for each statistic. Raises ReadFailed."""
    queries = [(question, statistic) for question in chunk for statistic in question.metric.statistics]
    times = {"StartTime": datetime.fromtimestamp(window.start, UTC), "EndTime": datetime.fromtimestamp(window.end, UTC)}
    params = {"MetricDataQueries": [_query(n, *query, window.period) for n, query in enumerate(queries)], **times}
    found: defaultdict[str, Series] = defaultdict(list)
    for page in session.pages(CALL, region, params):
        if isinstance(page, Pending):
            yield page
            continue
        for result in page.get(CALL.items) or ():
            if status := _REFUSED.get(result.get("StatusCode", "")):
                raise ReadFailed(status, operation_name(CALL), result["StatusCode"], _message(result))
            found[result.get("Id", "")] += zip(result.get("Timestamps") or (), result.get("Values") or (), strict=False)
    series = (found[f"q{n}"] for n in range(len(queries)))
    yield [[next(series) for _ in question.metric.statistics] for question in chunk]


def _query(number: int, question: Question, statistic: str, period: int) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in question.dimensions]
    metric = {"Namespace": question.metric.namespace, "MetricName": question.metric.metric, "Dimensions": dimensions}
    return {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}}


def _message(result: Mapping[str, Any]) -> str:
    return "; ".join(message.get("Value", "") for message in result.get("Messages") or ())
