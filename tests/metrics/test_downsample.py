"""What thinning out keeps: totals, extremes, gaps, the last values."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.cancel import Cancel
from resh.graph.database import Database
from resh.metrics.downsample import Thinned
from resh.metrics.label_test import equal
from resh.metrics.timeseries import Sample, Span, TimeSeries
from resh.thinning import steps

HOUR, DAY, YEAR = 3600, 86400, 365 * 86400
_NUMBERS = count()
"""Each example has a metric of its own."""
STEPS = steps(["2d=4h", "30d=1d", "180d=3d"])


def write(series: TimeSeries, at: int, values: Mapping[str, float], name: str = "x") -> None:
    series.write(at, {name: [Sample({"account": account}, value) for account, value in values.items()]})


def thin(series: TimeSeries, now: float, keep: float = 5 * YEAR) -> Thinned:
    return series.downsample(now, STEPS, keep, Cancel())


def test_what_is_older_than_two_days_has_a_value_for_each_four_hours(series: TimeSeries) -> None:
    for hour in range(96):
        write(series, hour * HOUR, {"a": hour})
    assert thin(series, 96 * HOUR) == Thinned(12, 48, 0)
    rows = series.range("x", Span(0))
    assert len(rows) == 12 + 48
    assert rows[1] == {"at": "1970-01-01T04:00:00Z", "account": "a", "value": 5.5, "min": 4, "max": 7, "count": 4}
    assert sum(row["value"] * row["count"] for row in rows) == sum(range(96))
    assert thin(series, 96 * HOUR) == Thinned()


def test_five_years_become_three_days_and_keep_their_totals(series: TimeSeries) -> None:
    for at in range(0, YEAR, 12 * HOUR):
        write(series, at, {"a": at // HOUR % 7, "b": 1})
    thin(series, YEAR)
    spans = [row["count"] for row in series.range("x", Span(0, where=equal(account="a")))]
    assert spans[0] == 6
    assert spans[-1] == 1
    assert sum(row["value"] * row["count"] for row in series.range("x", Span(0, where=equal(account="b")))) == pytest.approx(730)


def test_a_total_counts_a_series_that_was_away_as_nothing(series: TimeSeries) -> None:
    write(series, 0, {"a": 8, "b": 1})
    write(series, HOUR, {"b": 1})
    write(series, 10 * DAY, {"b": 1})
    thin(series, 10 * DAY)
    assert [row["value"] for row in series.range("x", Span(0, 9 * DAY, by=()))] == [5]
    assert series.range("x", Span(0, 9 * DAY, where=equal(account="a")))[0]["value"] == 8


def test_a_gap_stays_a_gap_and_an_empty_set_a_zero(series: TimeSeries) -> None:
    write(series, 0, {"a": 1})
    write(series, 8 * HOUR, {})
    write(series, 12 * HOUR, {"a": 1})
    write(series, 10 * DAY, {"a": 1})
    thin(series, 10 * DAY)
    assert [(row["at"][8:13], row["value"]) for row in series.range("x", Span(0, DAY, by=()))] == [("01T00", 1), ("01T08", 0), ("01T12", 1)]


def test_the_last_values_stay_however_old_they_are(series: TimeSeries) -> None:
    write(series, 0, {"a": 1})
    assert thin(series, 20 * YEAR) == Thinned()
    assert series.latest("x") == [{"account": "a", "value": 1}]


def test_what_comes_late_is_added_to_its_slot(series: TimeSeries) -> None:
    write(series, 0, {"a": 2})
    write(series, 10 * DAY, {"a": 1})
    thin(series, 10 * DAY)
    write(series, HOUR, {"a": 4})  # the clock went back
    write(series, 10 * DAY + 1, {"a": 1})
    thin(series, 10 * DAY)
    assert series.range("x", Span(0, DAY)) == [{"at": "1970-01-01T00:00:00Z", "account": "a", "value": 3, "min": 2, "max": 4, "count": 2}]
    assert [row["value"] for row in series.range("x", Span(0, DAY, by=()))] == [3]


def test_what_is_too_old_goes_with_its_series(series: TimeSeries, database: Database) -> None:
    write(series, 0, {"a": 1, "old": 1})
    write(series, 10 * DAY, {"a": 2})
    assert thin(series, 10 * DAY, keep=5 * DAY).forgotten == 1
    assert [row["value"] for row in series.range("x", Span(0))] == [2]
    assert database.reader().execute("SELECT labels FROM series_labels").fetchall() == [('{"account":"a"}',)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.integers(0, 400 * 24), st.dictionaries(st.sampled_from("abc"), st.integers(-1000, 1000), max_size=3), min_size=1, max_size=40
    ),
    st.lists(st.integers(0, 500), max_size=4),
)
def test_counts_sums_and_extremes_are_those_of_the_measurements(
    series: TimeSeries, written: dict[int, dict[str, int]], days: list[int]
) -> None:
    metric = f"m{next(_NUMBERS)}"
    for hour, values in sorted(written.items()):
        write(series, hour * HOUR, values, metric)
    for day in sorted(days):
        thin(series, day * DAY)
    for account in "abc":
        wanted = [values[account] for values in written.values() if account in values]
        rows = series.range(metric, Span(0, where=equal(account=account)))
        counts = [row.get("count", 1) for row in rows]
        assert sum(counts) == len(wanted)
        assert sum(row["value"] * count for row, count in zip(rows, counts, strict=True)) == pytest.approx(sum(wanted))
        lows, highs = ([float(row[extreme if extreme in row else "value"]) for row in rows] for extreme in ("min", "max"))
        assert (min(lows, default=0), max(highs, default=0)) == (min(wanted, default=0), max(wanted, default=0))
