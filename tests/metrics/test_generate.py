from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import BadValue, Cancelled, UnknownKind
from resh.metrics.definitions import Definition
from resh.metrics.generate import Generated, Generator
from resh.metrics.timeseries import Span, TimeSeries

CORES = Definition("cores_total", "Cores", 'aggregate(account: sum(1)): "cores"')
VOLUMES = Definition("volumes_total", "Volumes", 'aggregate(account: sum(1)): "volumes"')
Answers = dict[str, list[dict[str, Any]] | Exception]


def row(value: object, **group: object) -> dict[str, Any]:
    return {"group": group, "n": value}


def run(series: TimeSeries, answers: Answers, now: float = 100, cancel: Cancel | None = None) -> Generated:
    def groups(text: str, cancel: Cancel) -> Iterable[Mapping[str, Any]]:
        answer = answers[text.rpartition(" ")[2].strip('"')]
        if isinstance(answer, Exception):
            raise answer
        return answer

    generator = Generator(groups, lambda source: [row(7, source=source)], series)
    return generator.generate((CORES, VOLUMES), now=now, cancel=Cancel() if cancel is None else cancel, most=3)


def test_all_metrics_are_published(series: TimeSeries) -> None:
    generated = run(series, {"cores": [row(4, account="a")], "volumes": [row(2, account="a"), row(1, account="b")]})
    assert generated == Generated(2, 3, {})
    assert series.latest("cores_total") == [{"account": "a", "value": 4}]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (UnknownKind("there is no kind 'volum'"), "there is no kind 'volum'"),
        (ZeroDivisionError("modulo by zero"), "ZeroDivisionError: modulo by zero"),
        ([row("many", account="a")], "metric 'volumes_total': 'many' is not a number"),
        ([row(float("nan"), account="a")], "metric 'volumes_total': 'nan' is not a number"),
        ([row(True, account="a")], "metric 'volumes_total': 'True' is not a number"),
        ([row(n, account=n) for n in range(4)], "metric 'volumes_total': it has more than 3 series"),
    ],
)
def test_a_failing_search_keeps_its_values_and_costs_no_other(series: TimeSeries, answer: Any, message: str) -> None:
    run(series, {"cores": [row(4, account="a")], "volumes": [row(2, account="a")]})
    generated = run(series, {"cores": [row(8, account="a")], "volumes": answer}, now=200)
    assert generated == Generated(1, 1, {"volumes_total": message})
    assert series.latest("cores_total") == [{"account": "a", "value": 8}]
    assert series.latest("volumes_total") == [{"account": "a", "value": 2}]
    assert len(series.range("volumes_total", Span(0))) == 1


def test_labels_are_text_and_groups_that_read_alike_are_one(series: TimeSeries) -> None:
    run(series, {"cores": [row(1, type=None), row(2, type=""), row(3, type=True), row(None, type="x")], "volumes": []})
    assert series.latest("cores_total") == [{"type": "", "value": 3}, {"type": "true", "value": 3}]


@pytest.mark.parametrize(("function", "value"), [("sum", 6), ("count", 6), ("min", 2), ("max", 4), ("avg", 3)])
def test_groups_that_read_alike_are_one_as_the_function_says(series: TimeSeries, function: str, value: float) -> None:
    generator = Generator(lambda text, cancel: [row(2, type=None), row(4, type="")], lambda source: [], series)
    (sample,) = generator.measure(Definition("x", "X", f"aggregate(type: {function}(age)): all"), Cancel())
    assert sample.value == value


@pytest.mark.parametrize(
    ("groups", "message"),
    [("kind as at", "no label can be called 'at'"), ("name as count", "'count'"), ("kind as x, name as x", "two labels are called 'x'")],
)
def test_labels_have_names_of_their_own(series: TimeSeries, groups: str, message: str) -> None:
    generator = Generator(lambda text, cancel: pytest.fail("it ran"), lambda source: [], series)
    with pytest.raises(BadValue, match=message):
        generator.measure(Definition("x", "X", f"aggregate({groups}: sum(1)): all"), Cancel())


def test_a_cancelled_generation_publishes_nothing(series: TimeSeries) -> None:
    cancel = Cancel()

    def stops() -> Iterator[dict[str, Any]]:
        cancel.set("stopped by ada")
        yield row(1)

    with pytest.raises(Cancelled):
        run(series, {"cores": [row(4)], "volumes": stops()}, cancel=cancel)  # type: ignore[dict-item]
    assert series.names() == []


def test_a_source_is_no_search(series: TimeSeries) -> None:
    definition = Definition("scopes_failed_total", "Scopes", source="scopes")
    generator = Generator(lambda text, cancel: [], lambda source: [row(7, source=source)], series)
    assert generator.generate([definition], now=100, cancel=Cancel()) == Generated(1, 1)
    assert series.latest("scopes_failed_total") == [{"source": "scopes", "value": 7}]


@pytest.mark.parametrize("search", ["is(volume)", "aggregate(account: sum(1), max(age)): is(volume)"])
def test_a_search_that_is_no_aggregate_with_one_function_never_runs(series: TimeSeries, search: str) -> None:
    generator = Generator(lambda text, cancel: pytest.fail("it ran"), lambda source: [], series)
    with pytest.raises(BadValue, match="metric 'x': its search must be an aggregate with one function"):
        generator.measure(Definition("x", "X", search), Cancel())
