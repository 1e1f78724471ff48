from __future__ import annotations

import pytest

from resh.errors import SyntaxProblem
from resh.metrics.condition import Condition, Reading, parse
from resh.metrics.timeseries import Sample, TimeSeries

DAY = 86400


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("x_total > 3", Condition("x_total", (), ">", 3.0)),
        ("x_total by account, region <= 2.5", Condition("x_total", ("account", "region"), "<=", 2.5)),
        ("x by account > 1.2 * avg(7d)", Condition("x", ("account",), ">", 1.2, "avg", 7 * DAY)),
        ("x != max(12h)", Condition("x", (), "!=", 1.0, "max", DAY / 2)),
        ("x<-1", Condition("x", (), "<", -1.0)),
    ],
)
def test_what_a_condition_says(text: str, condition: Condition) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 0),
        ("3 > x", 0),
        ("x", 1),
        ("x by > 3", 2),
        ("x > ", 4),
        ("x > y", 4),
        ("x > 2 * 3", 4),
        ("x > avg()", 4),
        ("x > avg(soon)", 8),
        ("x > 3 or y", 4),
    ],
)
def test_what_does_not_fit_has_its_place(text: str, place: int) -> None:
    with pytest.raises(SyntaxProblem) as error:
        parse(text)
    assert error.value.position == place


def test_values_are_held_against_those_before(series: TimeSeries) -> None:
    for day, values in ((1, {"a": 10, "b": 1}), (2, {"a": 20, "b": 1}), (3, {"a": 18, "b": 3, "new": 9})):
        series.write(day * DAY, {"x": [Sample({"account": account}, value) for account, value in values.items()]})
    assert parse("x by account > 1.2 * avg(7d)").readings(series, 3 * DAY) == [
        Reading({"account": "a"}, 18, 18.0, False),
        Reading({"account": "b"}, 3, 1.2, True),
        Reading({"account": "new"}, 9, None, False),
    ]
    assert parse("x > 29").readings(series, 3 * DAY) == [Reading({}, 30, 29.0, True)]
