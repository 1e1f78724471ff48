"""The condition of an alert: a metric, perhaps by labels, against a number or against what it was.

    condition = parse("volumes_monthly_cost_estimate by account > 1.2 * avg(7d)")
    condition.readings(series, now)      # [Reading(group={'account': 'demo'}, value=130, limit=120, holds=True)]

A group that was not there in the period has no limit, and does not hold.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import NamedTuple

from resh.durations import is_duration, parse_duration
from resh.errors import SyntaxProblem
from resh.metrics.slots import Row
from resh.metrics.timeseries import Span, TimeSeries

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[list[float]], float]] = {"avg": fmean, "min": min, "max": max}
_NUMBER = r"-?\d+(?:\.\d+)?"
_PARTS = (
    ("a metric", re.compile(r"\s*([A-Za-z_]\w*)")),
    ("by and labels, or a comparison", re.compile(r"\s*(?:by\s+(\w+(?:\s*,\s*\w+)*))?")),
    (f"one of {' '.join(_OPERATORS)}", re.compile(rf"\s*({'|'.join(map(re.escape, _OPERATORS))})")),
    ("a number, or one * avg(7d)", re.compile(rf"\s*(?:({_NUMBER})(?:\s*\*\s*(?=[a-z]))?)?(?:(avg|min|max)\(\s*([^()]+?)\s*\))?\s*$")),
)
_HINT = "write it like 'volumes_total by account > 1.2 * avg(7d)' or 'scopes_failed_total > 0'"


class Reading(NamedTuple):
    group: Mapping[str, str]
    value: float
    limit: float | None
    holds: bool


class Condition(NamedTuple):
    """The value against `factor`, or against `factor` times `function` of the `seconds` before."""

    metric: str
    by: tuple[str, ...]
    comparison: str
    factor: float
    function: str = ""
    seconds: float = 0.0

    def readings(self, series: TimeSeries, now: float) -> list[Reading]:
        """One for each group that the last write has."""
        before = self._before(series, now) if self.function else {}
        return [self._reading(row, before) for row in series.latest(self.metric, by=self.by)]

    def _reading(self, row: Row, before: Mapping[tuple[str, ...], list[float]]) -> Reading:
        key = tuple(row[label] for label in self.by)
        values = before.get(key, [])
        limit = self.factor * _FUNCTIONS[self.function](values) if values else None if self.function else self.factor
        holds = limit is not None and _OPERATORS[self.comparison](row["value"], limit)
        return Reading(dict(zip(self.by, key, strict=True)), row["value"], limit, holds)

    def _before(self, series: TimeSeries, now: float) -> dict[tuple[str, ...], list[float]]:
        """Values of the period, without those that are held against them."""
        written = {published.name: published.at for published in series.published()}
        found: dict[tuple[str, ...], list[float]] = {}
        for row in series.range(self.metric, Span(now - self.seconds, written.get(self.metric, now) - 1, by=self.by)):
            found.setdefault(tuple(row[label] for label in self.by), []).append(row["value"])
        return found


def parse(text: str) -> Condition:
    """Raises SyntaxProblem with the place of what does not fit."""
    at, found = 0, []
    for wanted, pattern in _PARTS:
        part = pattern.match(text, at)
        if part is None or (pattern is _PARTS[-1][1] and not (part[1] or part[2])):
            at += len(text[at:]) - len(text[at:].lstrip())
            raise SyntaxProblem(f"'{text[at:]}' does not fit: expected {wanted}", text, at, (wanted,), _HINT)
        found.append(part)
        at = part.end()
    metric, by, comparison, limit = found
    if limit[3] and not is_duration(limit[3]):
        raise SyntaxProblem(f"'{limit[3]}' is not a duration", text, limit.start(3), ("a duration",), "write it like 7d")
    return Condition(
        metric[1],
        tuple(re.split(r"\s*,\s*", by[1])) if by[1] else (),
        comparison[1],
        float(limit[1] or 1),
        limit[2] or "",
        parse_duration(limit[3]) if limit[3] else 0.0,
    )
