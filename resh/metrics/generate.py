"""Runs the searches of all metrics and publishes what they give as one set. The step `generate_metrics` calls it.

    generated = generate(load(), groups, series, now=clock.now(), keep=settings.seconds("metrics.retention"), cancel=cancel)
    generated.metrics, generated.series, generated.failures     # 44, 612, {'cores_total': 'there is no kind …'}

A metric whose search fails keeps its last good values and is reported; the others stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from resh.cancel import Cancel
from resh.errors import BadValue, Cancelled, ReshError
from resh.metrics.definitions import Definition
from resh.metrics.timeseries import Sample, TimeSeries

Groups = Callable[[str], Iterable[Mapping[str, Any]]]
"""Runs an aggregate search: rows `{"group": {name: value}, function name: value}`."""
Heard = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """How many metrics and series were published; `failures` are messages by metric."""

    metrics: int
    series: int
    failures: Mapping[str, str]


def generate(
    definitions: Sequence[Definition],
    groups: Groups,
    series: TimeSeries,
    *,
    now: float,
    keep: float,
    cancel: Cancel,
    heard: Heard = lambda done, total: None,
) -> Generated:
    """Measure everything, then publish it in one transaction. `heard` gets (done, total) after each metric."""
    values: dict[str, list[Sample]] = {}
    failures: dict[str, str] = {}
    for done, definition in enumerate(definitions, 1):
        cancel.check()
        try:
            values[definition.name] = measure(definition, groups)
        except Cancelled:
            raise
        except ReshError as error:
            failures[definition.name] = error.message
        except Exception as error:  # one broken search must not cost the other metrics
            failures[definition.name] = f"{type(error).__name__}: {error}"
        heard(done, len(definitions))
    cancel.check()
    series.write(now, values, keep=keep)
    return Generated(len(values), sum(map(len, values.values())), failures)


def measure(definition: Definition, groups: Groups) -> list[Sample]:
    """The metric's values now. Raises BadValue for a search that is no aggregate with one function."""
    values: dict[tuple[tuple[str, str], ...], int | float] = {}
    for row in groups(definition.search):
        if (value := _value(definition, row)) is not None:
            labels = tuple((name, _label(label)) for name, label in row["group"].items())
            values[labels] = values.get(labels, 0) + value  # null and "" are two groups and one label
    return [Sample(dict(labels), value) for labels, value in values.items()]


def _value(definition: Definition, row: Mapping[str, Any]) -> int | float | None:
    group, functions = row.get("group"), [name for name in row if name != "group"]
    if not isinstance(group, Mapping) or len(functions) != 1:
        raise BadValue(
            f"metric '{definition.name}': its search must be an aggregate with one function", "aggregate(account: sum(1)): is(volume)"
        )
    value = row[functions[0]]
    if value is None:  # a sum over nothing
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadValue(f"metric '{definition.name}': '{value}' is not a number")
    return value


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
