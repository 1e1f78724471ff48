"""CloudWatch's metrics of what a collect has read: windows, chunks, pages, and errors that touch nothing else."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.graph.base import UsageSample
from resh.model.node import Node, node_id
from resh.model.scope import Code, Scope, ScopeReport, Status
from resh.providers.aws.metric import PERIOD, Metric
from resh.providers.aws.metric_data import Question, chunks
from resh.providers.aws.usage import Usage, since
from resh.providers.limiter import Limiter, Place
from resh.providers.pool import Pending, Pool
from resh.providers.session import ReadFailed
from tests.providers.aws.measured import ASKED, CPU, SENT, Measured, Queries, dimension, machine, measure, result, values
from tests.providers.aws.usage_moments import END, NOW
from tests.providers.provider_fakes import Recorder


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
    sink.read["r1", "c_machine/usage"] = NOW - 3600
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
    assert sink.reports["r1", "c_machine/usage"].status is Status.OK


def test_where_nothing_happens_no_value_is_zero() -> None:
    sink = Recorder()
    sink.read["r1", "c_machine/usage"] = NOW - 300  # a window of two periods
    [none] = measure(Measured(r1=values()), [machine("m1")], ASKED, sink=sink).measured
    assert (none.min, none.avg, none.max) == (0, 0, 0)
    sink = Recorder()
    sink.read["r1", "c_machine/usage"] = NOW - 300
    [some] = measure(Measured(r1=values(600)), [machine("m1")], ASKED, sink=sink).measured
    assert (some.min, some.avg, some.max) == (0, 1, 2)


def test_many_resources_take_many_calls_of_500() -> None:
    session = Measured(r1=values(1))
    sink = measure(session, (machine(f"m{n}") for n in range(400)), CPU, SENT)
    assert [len(queries) for queries in session.queries()] == [500, 500, 500, 100]
    assert len({(sample.id, sample.metric) for sample in sink.measured}) == len(sink.measured) == 800
    report = sink.reports["r1", "c_machine/usage"]
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
    assert sink.bad() == {("r1", "c_machine/usage"): status}
    report = sink.reports["r1", "c_machine/usage"]
    assert (report.count, report.code, report.message) == (500, "Code", "because")
    assert len(sink.measured) == 501, "what came before is kept, and the other region is read"
    assert len(sink.found) == 1501


@pytest.mark.parametrize(("code", "status"), [("Forbidden", Status.DENIED), ("InternalError", Status.FAILED)])
def test_an_answer_may_refuse_single_queries(code: str, status: Status) -> None:
    def answer(queries: Queries) -> list[Any]:
        refusal = {**result(queries[0]["Id"], status=code), "Messages": [{"Code": code, "Value": "not this one"}]}
        return [{"MetricDataResults": [refusal]}]

    report = measure(Measured(r1=answer), [machine("m1")], SENT).reports["r1", "c_machine/usage"]
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


# Where calls wait, and kinds that have not been read.


def test_a_call_that_must_wait_is_put_aside_and_goes_on() -> None:
    def waits(queries: Queries) -> list[Any]:
        pending = Pending(Place("1", "r1", "cloudwatch", "cloudwatch:GetMetricData"), 0.01)
        return [pending, pending, *values(300)(queries)]

    nodes = [*(machine(f"m{n}") for n in range(600)), machine("other", "r2")]
    sink = measure(Measured(r1=waits, r2=values(300)), nodes, SENT)
    assert len({sample.id for sample in sink.measured}) == 601
    assert sink.bad() == {}


def test_several_calls_of_a_region_are_under_way_once_one_was_answered() -> None:
    """Of the first that fails all others may tell."""
    arrived, calls = threading.Barrier(3, timeout=30), list[int]()

    def together(queries: Queries) -> list[Any]:
        calls.append(len(queries))
        if len(calls) > 1:
            arrived.wait()
        return values(1)(queries)

    sink = measure(Measured(r1=together), (machine(f"m{n}") for n in range(2000)), SENT, threads=4)
    assert (calls, sink.reports["r1", "c_machine/usage"].count) == ([500] * 4, 2000)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (Status.SKIPPED, "NotDue", "NotAsked"),
        (Status.DENIED, "AccessDenied", "NotAsked"),
        (Status.SKIPPED, "NotInRegion", None),
        (Status.OK, "", None),
    ],
)
def test_a_kind_that_was_not_read_is_not_asked_about(status: Status, code: str, expected: str | None) -> None:
    """What is known of its usage stays as it is."""
    sink = Recorder()
    usage = Usage(Measured(), sink, [SENT], [], NOW)
    usage.sink.scope(ScopeReport(Scope("c", "1", "r1", "c_machine"), status, code=code))
    with Pool(1, Limiter()).guest() as guest:
        usage.measure(guest, Cancel())
    report = sink.reports.get(("r1", "c_machine/usage"))
    assert (report and report.code) == expected


def test_each_kind_has_a_window_of_its_own() -> None:
    """One that is read every six hours would lose five of them otherwise."""
    other = Metric("c_disk", "sent", "C", "Sent", {"Disk": "id"}, "", ("Sum",), 1 / PERIOD)
    scope = Scope("c", "1", "r1", "c_disk")
    disk = Node(node_id("c", "1", "r1", "c_disk", "d1"), "c_disk", scope, "r1", {"id": "d1", "kind": "c_disk"})
    sink, session = Recorder(), Measured(r1=values(1))
    sink.read["r1", "c_machine/usage"] = NOW - 3600
    sink.read["r1", "c_disk/usage"] = NOW - 6 * 3600
    measure(session, [machine("m1"), disk], SENT, other, sink=sink)
    starts = {dimension(params["MetricDataQueries"]): params["StartTime"] for _, _, params in session.asked}
    assert {name: END - start.timestamp() for name, start in starts.items()} == {"Machine": 3600 + PERIOD, "Disk": 6 * 3600 + PERIOD}


def test_an_error_of_one_kind_is_none_of_those_that_were_asked_before() -> None:
    """The first chunks are the disks', whose name comes first."""
    other = Metric("c_disk", "sent", "C", "Sent", {"Disk": "id"}, "", ("Sum",), 1 / PERIOD)
    scope = Scope("c", "1", "r1", "c_disk")
    disks = [Node(node_id("c", "1", "r1", "c_disk", f"d{n}"), "c_disk", scope, "r1", {"id": f"d{n}"}) for n in range(500)]

    def second_fails(queries: Queries) -> list[Any]:
        if dimension(queries) == "Machine":
            raise ReadFailed(Status.DENIED, "cloudwatch:GetMetricData", "Code", "because")
        return values(1)(queries)

    sink = measure(Measured(r1=second_fails), [*disks, machine("m1")], SENT, other)
    assert sink.bad() == {("r1", "c_machine/usage"): Status.DENIED}
    assert sink.reports["r1", "c_disk/usage"].count == 500


def test_what_is_odd_about_a_resource_is_no_dimension() -> None:
    odd = Metric("c_machine", "cpu", "C", "Cpu", {"Machine": "split(id, ':')[0]", "Kind": "to_number(kind)"}, "percent")
    assert measure(Measured(), [machine("m1")], odd).measured == []


def test_nothing_is_asked_in_a_region_that_was_stopped() -> None:
    session = Measured(r1=values(1), r2=values(2))
    sink = measure(session, [machine("m1"), machine("m2", "r2")], SENT, stopped=["r1"])
    assert {region for _, region, _ in session.asked} == {"r2"}
    report = sink.reports["r1", "c_machine/usage"]
    assert (report.status, report.code, report.message) == (Status.FAILED, Code.STOPPED, "stopped by ada")
    assert sink.reports["r2", "c_machine/usage"].status is Status.OK
