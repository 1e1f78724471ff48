"""CloudWatch's metrics of what a collect has read: windows, chunks, pages, and errors that touch nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.graph.base import UsageSample
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.aws.metric_data import Question, chunks
from resh.providers.aws.metrics import PERIOD, Metric
from resh.providers.aws.usage import Usage, since
from resh.providers.executor import DaemonExecutor
from resh.providers.session import ReadFailed, Region
from tests.providers.aws.usage_moments import END, MIDNIGHT, NOW, day
from tests.providers.provider_fakes import FakeSession, Recorder

CPU = Metric("c_machine", "cpu", "C", "Cpu", {"Machine": "id"}, "percent")
SENT = Metric("c_machine", "sent", "C", "Sent", {"Machine": "id"}, "bytes a second", ("Sum",), 1 / PERIOD)
READ = Metric("c_machine", "atime", "C", "Reads", {"Machine": "id"}, "", ("Sum",))
WRITTEN = Metric("c_machine", "mtime", "C", "Writes", {"Machine": "id"}, "", ("Sum",))
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
    session: Measured, nodes: Iterable[Node], *metrics: Metric, sink: Recorder | None = None, uses: Sequence[Metric] = ()
) -> Recorder:
    sink, executor, nodes = sink or Recorder(), DaemonExecutor(2), list(nodes)
    usage = Usage(session, sink, metrics, uses, NOW)
    usage.sink.nodes(nodes)
    for region in sorted({node.region for node in nodes}):
        usage.sink.scope(ScopeReport(Scope("c", "1", region, "c_machine"), Status.OK))
    try:
        usage.measure(executor, Cancel())
    finally:
        executor.shutdown(wait=False)
    return sink


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (0, (END - 86400, END)),  # never: a day
        (NOW - 7 * 86400, (END - 86400, END)),
        (NOW - 3600, (END - 3600 - PERIOD, END)),
        (NOW, (END - PERIOD, END)),  # just now: a period
        (NOW + 50_000, (END - PERIOD, END)),  # somebody set the clock back
    ],
)
def test_the_window_goes_from_the_last_time_on(last: float, expected: tuple[float, float]) -> None:
    assert since(last, NOW) == (*expected, PERIOD)


@pytest.mark.parametrize("later", [299, 300, 601, 3600, 40_000])
def test_no_period_is_left_out_between_two_collects(later: float) -> None:
    """The first one was stored four minutes after it had looked."""
    assert since(NOW + 240, NOW + later).start <= since(0, NOW).end


def test_chunks_are_full_and_keep_the_statistics_of_a_metric_together() -> None:
    questions = [Question(str(n), (SENT, CPU)[n % 2], ()) for n in range(1000)]
    found = list(chunks(questions))
    sizes = [sum(len(question.metric.statistics) for question in chunk) for chunk in found]
    assert [question for chunk in found for question in chunk] == questions
    assert sum(sizes) == 2000
    assert all(498 <= size <= 500 for size in sizes[:-1])
    assert list(chunks([])) == []


def test_a_sample_is_the_least_the_average_and_the_most_since_the_last_time() -> None:
    session = Measured(r1=values(10, 20, 60))
    sink = Recorder()
    sink.read["r1", "usage"] = NOW - 3600
    node = machine("m1")
    assert measure(session, [node], CPU, SENT, sink=sink).measured == [
        UsageSample(node.id, "cpu", END, 10, 30, 60),
        UsageSample(node.id, "sent", END, 10 / PERIOD, 30 / PERIOD, 60 / PERIOD),
    ]
    [(_, region, params)] = session.asked
    assert region == "r1"
    assert (params["StartTime"].timestamp(), params["EndTime"].timestamp()) == (END - 3600 - PERIOD, END)
    assert [query["MetricStat"]["Stat"] for query in params["MetricDataQueries"]] == ["Minimum", "Average", "Maximum", "Sum"]
    assert params["MetricDataQueries"][0]["MetricStat"]["Metric"] == {
        "Namespace": "C",
        "MetricName": "Cpu",
        "Dimensions": [{"Name": "Machine", "Value": "m1"}],
    }


def test_values_of_one_query_come_on_several_pages() -> None:
    def pages(queries: Queries) -> list[Any]:
        (id,) = (query["Id"] for query in queries)
        first = result(id, 300, status="PartialData")
        return [{"MetricDataResults": [first]}, {"MetricDataResults": []}, {}, {"MetricDataResults": [result(id, 900, 600)]}]

    [sample] = measure(Measured(r1=pages), [machine("m1")], SENT).measured
    assert (sample.min, sample.avg, sample.max) == (1, 2, 3)


def test_what_was_not_measured_has_no_sample() -> None:
    sink = measure(Measured(r1=values()), [machine("m1")], CPU, SENT)
    assert sink.measured == []
    assert sink.reports["r1", "usage"].status is Status.OK


def test_where_nothing_happens_no_value_is_zero() -> None:
    sink = Recorder()
    sink.read["r1", "usage"] = NOW - 300  # a window of two periods
    [none] = measure(Measured(r1=values()), [machine("m1")], ASKED, sink=sink).measured
    assert (none.min, none.avg, none.max) == (0, 0, 0)
    sink = Recorder()
    sink.read["r1", "usage"] = NOW - 300
    [some] = measure(Measured(r1=values(600)), [machine("m1")], ASKED, sink=sink).measured
    assert (some.min, some.avg, some.max) == (0, 1, 2)


def test_many_resources_take_many_calls_of_500() -> None:
    session = Measured(r1=values(1))
    sink = measure(session, (machine(f"m{n}") for n in range(400)), CPU, SENT)
    assert [len(queries) for queries in session.queries()] == [500, 500, 500, 100]
    assert len({(sample.id, sample.metric) for sample in sink.measured}) == len(sink.measured) == 800
    report = sink.reports["r1", "usage"]
    assert (report.status, report.count, report.operation) == (Status.OK, 800, "cloudwatch:GetMetricData")


@pytest.mark.parametrize("status", [Status.DENIED, Status.THROTTLED, Status.FAILED])
def test_the_first_error_of_a_region_is_its_last_call(status: Status) -> None:
    calls: list[Queries] = []

    def second_fails(queries: Queries) -> list[Any]:
        calls.append(queries)
        if len(calls) == 2:
            raise ReadFailed(status, "cloudwatch:GetMetricData", "Code", "because")
        return values(1)(queries)

    nodes = [*(machine(f"m{n}") for n in range(1500)), machine("other", "r2")]
    sink = measure(Measured(r1=second_fails, r2=values(1)), nodes, SENT)
    assert len(calls) == 2
    assert sink.bad() == {("r1", "usage"): status}
    report = sink.reports["r1", "usage"]
    assert (report.count, report.code, report.message) == (500, "Code", "because")
    assert len(sink.measured) == 501, "what came before is kept, and the other region is read"
    assert len(sink.found) == 1501


@pytest.mark.parametrize(("code", "status"), [("Forbidden", Status.DENIED), ("InternalError", Status.FAILED)])
def test_an_answer_may_refuse_single_queries(code: str, status: Status) -> None:
    def answer(queries: Queries) -> list[Any]:
        refusal = {**result(queries[0]["Id"], status=code), "Messages": [{"Code": code, "Value": "not this one"}]}
        return [{"MetricDataResults": [refusal]}]

    report = measure(Measured(r1=answer), [machine("m1")], SENT).reports["r1", "usage"]
    assert (report.status, report.code, report.message) == (status, code, "not this one")


def test_without_metrics_nothing_is_asked_or_reported() -> None:
    session = Measured()
    sink = measure(session, [machine("m1")])
    assert (session.asked, list(sink.reports), len(sink.found)) == ([], [("r1", "c_machine")], 1)


def test_a_resource_without_its_dimension_is_not_asked_about() -> None:
    node = machine("m1")
    del node.reported["id"]
    session = Measured(r1=values(1))
    assert measure(session, [node], CPU).measured == []
    assert session.asked == []


# When something was last used.


def days(*values_of: tuple[float, float]) -> Callable[[Queries], list[Any]]:
    """For every query that asks for days the values of so many days ago."""

    def answer(queries: Queries) -> list[Any]:
        times = [datetime.fromtimestamp(MIDNIGHT - ago * 86400, UTC) for ago, _ in values_of]
        answers = [{"Id": query["Id"], "Timestamps": times, "Values": [value for _, value in values_of]} for query in queries]
        return [{"MetricDataResults": answers}] if queries[0]["MetricStat"]["Period"] == 86400 else values(1)(queries)

    return answer


def times(sink: Recorder, name: str = "m1") -> dict[str, Any]:
    return {key: value for key, value in sink.node(name).reported.items() if key.endswith("time")}


def test_the_last_day_with_any_use() -> None:
    session = Measured(r1=days((9, 5), (3, 1), (2, 0), (0, 0)))
    assert times(measure(session, [machine("m1")], SENT, uses=[READ, WRITTEN])) == {"atime": day(3), "mtime": day(3)}
    [params, _] = [params for _, _, params in session.asked]
    assert (params["StartTime"].timestamp(), params["EndTime"].timestamp()) == (MIDNIGHT - 60 * 86400, MIDNIGHT + 86400)
    assert len(params["MetricDataQueries"]) == 2


def test_what_was_never_used_has_no_such_time() -> None:
    assert times(measure(Measured(r1=days((9, 0))), [machine("m1")], SENT, uses=[READ])) == {}


def test_what_is_known_stays_until_something_later_is() -> None:
    node = machine("m1")
    for known, found, expected in ((100, 3, 3), (2, 3, 2)):
        sink = Recorder()
        sink.times[node.id] = {"atime": day(known)}
        assert times(measure(Measured(r1=days((found, 1))), [node], SENT, sink=sink, uses=[READ])) == {"atime": day(expected)}
        del node.reported["atime"]


def test_what_was_used_today_is_not_asked_about_again() -> None:
    sink, node = Recorder(), machine("m1")
    sink.times[node.id] = {"atime": day(0)}
    session = Measured(r1=days((1, 1)))
    assert times(measure(session, [node], SENT, sink=sink, uses=[READ])) == {"atime": day(0)}
    assert [query["MetricStat"]["Period"] for queries in session.queries() for query in queries] == [PERIOD]


def test_what_cannot_be_asked_is_not_forgotten() -> None:
    """Otherwise a throttled call would make a volume of yesterday look as if nobody had ever used it."""

    def throttled(queries: Queries) -> list[Any]:
        raise ReadFailed(Status.THROTTLED, "cloudwatch:GetMetricData", "Throttling", "slow down")

    sink, node = Recorder(), machine("m1")
    sink.times[node.id] = {"atime": day(1)}
    session = Measured(r1=throttled)
    assert times(measure(session, [node], SENT, sink=sink, uses=[READ])) == {"atime": day(1)}
    assert sink.bad() == {("r1", "usage"): Status.THROTTLED}
    assert len(session.asked) == 1


def test_a_collect_that_asks_nothing_keeps_what_is_known() -> None:
    sink, node = Recorder(), machine("m1")
    sink.times[node.id] = {"atime": day(4)}
    session = Measured()
    assert times(measure(session, [node], sink=sink, uses=[READ])) == {"atime": day(4)}
    assert (session.asked, list(sink.reports)) == ([], [("r1", "c_machine")])
