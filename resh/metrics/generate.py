"""Runs the searches of all metrics and publishes what they give as one set. The step `generate_metrics` and `metrics run` call it.

    generated = Generator(app.groups, own.rows, series).generate(definitions, now=clock.now(), cancel=cancel)
    generated.metrics, generated.series, generated.failures     # 52, 612, {'cores_total': 'there is no kind …'}

A metric whose search fails keeps its last good values and is reported; the others stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from math import isfinite
from operator import add
from typing import Any

from resh.cancel import Cancel
from resh.errors import BadValue, Cancelled, ReshError
from resh.metrics.definitions import Definition
from resh.metrics.timeseries import Sample, TimeSeries
from resh.search import parse

MOST_SERIES = 10_000
_THREADS = 4
_TAKEN = ("at", "value", "min", "max", "count")
"""What rows of values tell beside labels: a label of that name would hide it, or be lost."""

Rows = Iterable[Mapping[str, Any]]
Groups = Callable[[str, Cancel], Rows]
"""Runs an aggregate search: rows `{"group": {name: value}, function name: value}`."""
Source = Callable[[str], Rows]
"""The same rows of one of the sources that are no searches."""
Heard = Callable[[int, int], None]
Join = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Generated:
    """How many metrics and series were published; `failures` are messages by metric."""

    metrics: int
    series: int
    failures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Generator:
    groups: Groups
    source: Source
    series: TimeSeries

    def generate(
        self,
        definitions: Sequence[Definition],
        *,
        now: float,
        cancel: Cancel,
        most: int = MOST_SERIES,
        heard: Heard = lambda done, total: None,
    ) -> Generated:
        """Measure everything, then publish it in one transaction. `heard` gets (done, total) after each metric."""
        values: dict[str, list[Sample]] = {}
        failures: dict[str, str] = {}
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="metric") as pool:
            asked = {pool.submit(self.measure, definition, cancel, most): definition.name for definition in definitions}
            for done, answer in enumerate(as_completed(asked), 1):
                _take(answer, asked[answer], values, failures)
                heard(done, len(asked))
        cancel.check()
        if values:
            self.series.write(now, {name: values[name] for name in sorted(values)})
        return Generated(len(values), sum(map(len, values.values())), dict(sorted(failures.items())))

    def measure(self, definition: Definition, cancel: Cancel, most: int = MOST_SERIES) -> list[Sample]:
        """The metric's values now. Raises BadValue for a search that is no aggregate with one function, and for too many series."""
        cancel.check()
        join = _joining(definition) if definition.search else add
        values: dict[tuple[tuple[str, str], ...], int | float] = {}
        for row in self.source(definition.source) if definition.source else self.groups(definition.search, cancel):
            if (value := _value(definition, row)) is not None:
                labels = tuple((name, _label(label)) for name, label in row["group"].items())
                values[labels] = join(values[labels], value) if labels in values else value  # null and "" are two groups and one label
            if len(values) > most:
                hint = "group by fewer properties, or raise metrics.max_series"
                raise BadValue(f"metric '{definition.name}': it has more than {most} series", hint)
        return [Sample(dict(labels), value) for labels, value in values.items()]


def _take(answer: Future[list[Sample]], name: str, values: dict[str, list[Sample]], failures: dict[str, str]) -> None:
    try:
        values[name] = answer.result()
    except Cancelled:  # whoever asked is told when all have ended
        return
    except ReshError as error:
        failures[name] = error.message
    except Exception as error:  # one broken search must not cost the other metrics
        failures[name] = f"{type(error).__name__}: {error}"


def _joining(definition: Definition) -> Join:
    """What makes one value of two groups that read alike. Raises BadValue for a search that gives no values by labels."""
    aggregate = parse(definition.search).aggregate
    if aggregate is None or len(aggregate.measures) != 1:
        hint = "write it like aggregate(account: sum(1)): is(volume)"
        raise BadValue(f"metric '{definition.name}': its search must be an aggregate with one function", hint)
    labels = Counter(group.output for group in aggregate.groups)
    for label, count in labels.items():
        if label in _TAKEN or count > 1:
            told = "two labels are" if count > 1 else "no label can be"
            raise BadValue(f"metric '{definition.name}': {told} called '{label}'", f"give it another name: … as other_{label}")
    joins: dict[str, Join] = {"min": min, "max": max, "avg": _middle}
    return joins.get(aggregate.measures[0].function, add)


def _middle(one: float, other: float) -> float:
    return (one + other) / 2


def _value(definition: Definition, row: Mapping[str, Any]) -> int | float | None:
    (value,) = (row[name] for name in row if name != "group")
    if value is None:  # a sum over nothing
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadValue(f"metric '{definition.name}': '{value}' is not a number")
    return value


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
