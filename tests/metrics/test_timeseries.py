from __future__ import annotations

import pytest

from resh.graph.database import Database
from resh.metrics.label_test import equal
from resh.metrics.timeseries import Published, Sample, Span, TimeSeries

DAY = 86400


def samples(**values: float) -> list[Sample]:
    return [Sample({"account": account}, value) for account, value in values.items()]


def test_before_the_first_write_there_is_nothing(series: TimeSeries) -> None:
    assert (series.names(), series.latest("x"), series.range("x", Span(0)), series.published()) == ([], [], [], [])


def test_latest_is_the_last_set(series: TimeSeries) -> None:
    series.write(100, {"volumes_total": samples(a=1, b=2)})
    series.write(200, {"volumes_total": samples(b=2.5, c=3), "others_total": samples(a=1)})
    assert series.latest("volumes_total") == [{"account": "b", "value": 2.5}, {"account": "c", "value": 3}]
    assert series.published() == [Published("others_total", 200, 200, 0, 1), Published("volumes_total", 200, 100, 0, 2)]


def test_a_metric_that_is_left_out_keeps_its_values_and_an_empty_one_loses_them(series: TimeSeries) -> None:
    series.write(100, {"kept": samples(a=1), "emptied": samples(a=1)})
    series.write(200, {"emptied": []})
    assert series.latest("kept") == [{"account": "a", "value": 1}]
    assert series.latest("emptied") == []
    assert series.names() == ["emptied", "kept"]


def test_a_range_tells_the_times_and_leaves_gaps(series: TimeSeries) -> None:
    for at in (100, 200, 400):
        series.write(at, {"x": samples(a=at)})
    assert series.range("x", Span(150)) == [
        {"at": "1970-01-01T00:03:20Z", "account": "a", "value": 200},
        {"at": "1970-01-01T00:06:40Z", "account": "a", "value": 400},
    ]
    assert [row["value"] for row in series.range("x", Span(0, until=200))] == [100, 200]


def test_groups_are_sums_and_the_total_of_nothing_is_zero(series: TimeSeries) -> None:
    two = [Sample({"account": "a", "type": "x"}, 1), Sample({"account": "a", "type": "y"}, 2), Sample({"account": "b", "type": "x"}, 4)]
    series.write(100, {"x": two})
    series.write(200, {"x": []})
    assert series.latest("x", by=["account"]) == []
    assert [row["value"] for row in series.range("x", Span(0, by=()))] == [7, 0]
    assert [(row["account"], row["value"]) for row in series.range("x", Span(0, by=["account"]))] == [("a", 3), ("b", 4)]
    assert [row["value"] for row in series.range("x", Span(0, where=equal(type="x"), by=()))] == [5, 0]


def test_slots_are_averages_and_their_groups_count_what_was_missing(series: TimeSeries) -> None:
    series.write(3600, {"x": samples(a=10, b=1)})
    series.write(5400, {"x": samples(b=3)})
    assert [
        (row["account"], row["value"], row["min"], row["max"], row["count"]) for row in series.range("x", Span(0, granularity=3600))
    ] == [
        ("a", 10, 10, 10, 1),
        ("b", 2, 1, 3, 2),
    ]
    assert [row["value"] for row in series.range("x", Span(0, by=(), granularity=3600))] == [7]


def test_a_second_write_in_the_same_second_replaces_the_first(series: TimeSeries) -> None:
    series.write(100.2, {"x": samples(a=1, b=1)})
    series.write(100.9, {"x": samples(a=2)})
    assert series.latest("x") == [{"account": "a", "value": 2}]
    assert len(series.range("x", Span(0))) == 1


def test_a_clock_that_jumps_back_counts_nothing_twice(series: TimeSeries) -> None:
    series.write(500, {"x": samples(a=1, b=1)})
    series.write(400, {"x": samples(a=2)})
    assert series.latest("x") == [{"account": "a", "value": 2}]


def test_a_set_is_published_whole_or_not_at_all(series: TimeSeries) -> None:
    series.write(100, {"x": samples(a=1), "y": samples(a=1)})
    with pytest.raises(Exception, match="unsupported operand"):
        series.write(200, {"x": samples(a=2), "y": [Sample({"account": "a"}, object())]})  # type: ignore[arg-type]
    assert series.latest("x") == series.latest("y") == [{"account": "a", "value": 1}]
    assert len(series.range("x", Span(0))) == 1


def test_more_series_than_a_chunk_holds_are_found_one_by_one(series: TimeSeries) -> None:
    series.write(100, {"x": samples(**{f"a{n}": n for n in range(1000)}), "y": samples(a=1)})
    assert series.range("x", Span(0, where=equal(account="a777"))) == [{"at": "1970-01-01T00:01:40Z", "account": "a777", "value": 777}]
    assert [row["value"] for row in series.latest("x", by=())] == [sum(range(1000))]
    assert series.published()[0].series == 1000


def test_another_process_sees_the_set(series: TimeSeries, database: Database) -> None:
    series.write(100, {"x": samples(a=1)})
    other = Database(database.path)
    assert TimeSeries(other).latest("x") == [{"account": "a", "value": 1}]
    other.close()


def test_values_of_an_older_resh_are_taken_over(series: TimeSeries, database: Database) -> None:
    with database.write() as connection:
        connection.execute(
            "CREATE TABLE metric (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL, labels TEXT NOT NULL, UNIQUE (name, labels));"
            "CREATE TABLE series_value (series INTEGER, at INTEGER, value NUMERIC, PRIMARY KEY (series, at)) WITHOUT ROWID;"
            "INSERT INTO metric VALUES ('x', 200);"
            """INSERT INTO series VALUES (1, 'x', '{"account":"a"}'), (2, 'x', '{"account":"b"}');"""
            "INSERT INTO series_value VALUES (1, 100, 1), (2, 100, 2.5), (1, 200, 3)"
        )
    assert [(row["account"], row["value"]) for row in series.range("x", Span(0))] == [("a", 1), ("b", 2.5), ("a", 3)]
    assert series.latest("x") == [{"account": "a", "value": 3}]
