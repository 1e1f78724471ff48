"""When volumes and databases were last used: asked of CloudWatch by the day, and never forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from resh.model.scope import Status
from resh.providers.aws.metric import PERIOD, Metric
from resh.providers.aws.usage import Usage
from resh.providers.session import ReadFailed
from tests.providers.aws.measured import SENT, Measured, Queries, machine, measure, values
from tests.providers.aws.usage_moments import MIDNIGHT, NOW, day
from tests.providers.provider_fakes import Recorder

READ = Metric("c_machine", "atime", "C", "Reads", {"Machine": "id"}, "", ("Sum",))
WRITTEN = Metric("c_machine", "mtime", "C", "Writes", {"Machine": "id"}, "", ("Sum",))


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
    assert sink.bad() == {("r1", "c_machine/usage"): Status.THROTTLED}
    assert len(session.asked) == 1


def test_nodes_are_handed_on_at_once_with_what_is_known() -> None:
    """A large account must not wait in memory until CloudWatch has answered."""
    sink, node = Recorder(), machine("m1")
    sink.times[node.id] = {"atime": day(4)}
    Usage(Measured(), sink, [SENT], [READ], NOW).sink.nodes([node])
    assert times(sink) == {"atime": day(4)}


def test_times_that_come_late_amend_their_nodes_only() -> None:
    sink, nodes = Recorder(), [machine("m1"), machine("m2")]
    sink.times[nodes[0].id] = {"atime": day(0)}
    session = Measured(r1=days((0, 1)))
    measure(session, nodes, SENT, sink=sink, uses=[READ])
    assert [sorted(amended) for amended in sink.amended] == [[nodes[1].id]]
