"""Groups are read from the sums of each moment, and give what adding up the series gives."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.cancel import Cancel
from resh.graph.database import Database
from resh.metrics.label_test import equal
from resh.metrics.timeseries import Sample, Span, TimeSeries
from resh.thinning import steps

HOUR, DAY = 3600, 86400
STEPS = steps(["2d=4h", "30d=1d"])
_NUMBERS = count()
"""Each example has a metric of its own."""
_LABELS = st.fixed_dictionaries({}, optional={"region": st.sampled_from("ab"), "type": st.sampled_from("xyz")})
_SETS = st.lists(st.tuples(_LABELS, st.integers(-1000, 1000)), max_size=5, unique_by=lambda one: tuple(sorted(one[0].items())))


def forget(database: Database) -> None:
    with database.write() as connection:
        connection.execute("UPDATE series_moment SET sums = NULL")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(0, 60 * 24), _SETS, min_size=1, max_size=20), st.lists(st.integers(0, 90), max_size=3))
def test_they_say_what_the_series_say(series: TimeSeries, database: Database, written: dict[int, Any], days: list[int]) -> None:
    metric = f"m{next(_NUMBERS)}"
    for hour, values in sorted(written.items()):
        series.write(hour * HOUR, {metric: [Sample(labels, value) for labels, value in values]})
    for day in sorted(days):
        series.downsample(day * DAY, STEPS, 1000 * DAY, Cancel())
    spans = [Span(0, by=()), Span(0, by=["region"]), Span(0, by=["region"], granularity=DAY)]
    spans += [Span(0, where=equal(type="x"), by=()), Span(0, where=equal(type=""), by=["type"])]
    answers = [series.range(metric, span) for span in spans]
    forget(database)
    for span, answer in zip(spans, answers, strict=True):
        rows = series.range(metric, span)
        assert [{**row, "value": pytest.approx(row["value"])} for row in rows] == answer


def test_a_group_of_one_label_reads_no_series(series: TimeSeries, database: Database) -> None:
    series.write(100, {"x": [Sample({"region": "a", "type": "y"}, 1), Sample({"region": "a", "type": "z"}, 2)]})
    with database.write() as connection:
        connection.execute("DELETE FROM series_points")
    assert series.latest("x", by=["region"]) == [{"region": "a", "value": 3}]
    assert series.latest("x", equal(type="z"), by=()) == [{"value": 2}]
    assert series.latest("x", by=["region", "type"]) == []


def test_a_label_that_comes_up_later_is_empty_before(series: TimeSeries) -> None:
    series.write(100, {"x": [Sample({"region": "a"}, 1)]})
    series.write(200, {"x": [Sample({"region": "a", "type": "y"}, 2)]})
    assert [(row["type"], row["value"]) for row in series.range("x", Span(0, by=["type"]))] == [("", 1), ("y", 2)]
    assert [row["value"] for row in series.range("x", Span(0, by=["region"]))] == [1, 2]


def test_values_of_a_resh_without_sums_are_read_from_their_series(series: TimeSeries, database: Database) -> None:
    series.write(100, {"x": [Sample({"region": "a"}, 1), Sample({"region": "b"}, 2)]})
    with database.write() as connection:
        connection.execute("DROP TABLE series_sum; ALTER TABLE series_moment DROP COLUMN sums")
    assert series.range("x", Span(0, by=["region"])) == [
        {"at": "1970-01-01T00:01:40Z", "region": "a", "value": 1},
        {"at": "1970-01-01T00:01:40Z", "region": "b", "value": 2},
    ]
    series.write(200, {"x": [Sample({"region": "b"}, 4)]})
    assert [row["value"] for row in series.range("x", Span(0, by=()))] == [3, 4]
    series.downsample(90 * DAY, STEPS, 1000 * DAY, Cancel())
    assert [row["value"] for row in series.range("x", Span(0, by=()))] == [3, 4]


def test_sums_that_nothing_has_any_more_go(series: TimeSeries, database: Database) -> None:
    series.write(0, {"x": [Sample({"region": "gone"}, 1)]})
    series.write(10 * DAY, {"x": [Sample({"region": "a"}, 1)]})
    series.downsample(10 * DAY, STEPS, 5 * DAY, Cancel())
    assert database.reader().execute("SELECT value FROM series_sum ORDER BY value").fetchall() == [("",), ("a",)]
