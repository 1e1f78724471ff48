from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.graph.database import Database
from resh.metrics.timeseries import Published, Sample, TimeSeries

DAY = 86400


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "graph.sqlite3")
    yield database
    database.close()


@pytest.fixture
def series(database: Database) -> TimeSeries:
    return TimeSeries(database)


def samples(**values: float) -> list[Sample]:
    return [Sample({"account": account}, value) for account, value in values.items()]


def test_before_the_first_write_there_is_nothing(series: TimeSeries) -> None:
    assert (series.names(), series.latest("x"), series.range("x", 0), series.published()) == ([], [], [], [])


def test_latest_is_the_last_set(series: TimeSeries) -> None:
    series.write(100, {"volumes_total": samples(a=1, b=2)})
    series.write(200, {"volumes_total": samples(b=2.5, c=3), "others_total": samples(a=1)})
    assert series.latest("volumes_total") == [{"account": "b", "value": 2.5}, {"account": "c", "value": 3}]
    assert series.published() == [Published("others_total", 200, 1), Published("volumes_total", 200, 2)]


def test_a_metric_that_is_left_out_keeps_its_values_and_an_empty_one_loses_them(series: TimeSeries) -> None:
    series.write(100, {"kept": samples(a=1), "emptied": samples(a=1)})
    series.write(200, {"emptied": []})
    assert series.latest("kept") == [{"account": "a", "value": 1}]
    assert series.latest("emptied") == []
    assert series.names() == ["emptied", "kept"]


def test_a_range_tells_the_times_and_leaves_gaps(series: TimeSeries) -> None:
    for at in (100, 200, 400):
        series.write(at, {"x": samples(a=at)})
    assert series.range("x", 150) == [
        {"at": "1970-01-01T00:03:20Z", "account": "a", "value": 200},
        {"at": "1970-01-01T00:06:40Z", "account": "a", "value": 400},
    ]
    assert [row["value"] for row in series.range("x", 0, until=200)] == [100, 200]


def test_a_second_write_in_the_same_second_replaces_the_first(series: TimeSeries) -> None:
    series.write(100.2, {"x": samples(a=1, b=1)})
    series.write(100.9, {"x": samples(a=2)})
    assert series.latest("x") == [{"account": "a", "value": 2}]
    assert len(series.range("x", 0)) == 1


def test_a_clock_that_jumps_back_counts_nothing_twice(series: TimeSeries) -> None:
    series.write(500, {"x": samples(a=1, b=1)})
    series.write(400, {"x": samples(a=2)})
    assert series.latest("x") == [{"account": "a", "value": 2}]


def test_old_values_and_series_without_values_go(series: TimeSeries, database: Database) -> None:
    series.write(0, {"x": samples(a=1, old=1)})
    series.write(10 * DAY, {"x": samples(a=2)}, keep=5 * DAY)
    assert [row["value"] for row in series.range("x", 0)] == [2]
    assert database.reader().execute("SELECT count(*) FROM series").fetchall() == [(1,)]


def test_a_set_is_published_whole_or_not_at_all(series: TimeSeries) -> None:
    series.write(100, {"x": samples(a=1), "y": samples(a=1)})
    with pytest.raises(TypeError):
        series.write(200, {"x": samples(a=2), "y": [Sample({"account": "a"}, object())]})  # type: ignore[arg-type]
    assert series.latest("x") == series.latest("y") == [{"account": "a", "value": 1}]
    assert len(series.range("x", 0)) == 1


def test_another_process_sees_the_set(series: TimeSeries, database: Database) -> None:
    series.write(100, {"x": samples(a=1)})
    other = Database(database.path)
    assert TimeSeries(other).latest("x") == [{"account": "a", "value": 1}]
    other.close()
