"""What `aggregate` adds up from rows that no search made, value by value: it keeps no rows. Numbers come out as they do of a search.

total = ADDERS["sum"]()
total.add(1.5)
total.result            1.5
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from resh.commands.paths import order

Number = int | float
_OPERATORS: dict[str, Callable[[Any, Any], Number]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": math.fmod,
}  # fmt: skip


def calculated(one: Number | None, sign: str, other: Number | None) -> Number | None:
    """Unknown where an operand is, and where nothing finite comes of it."""
    if one is None or other is None:
        return None
    try:
        return _OPERATORS[sign](one, other)
    except (ZeroDivisionError, OverflowError, ValueError):
        return None


class Adder(Protocol):
    """None is a value that is not known."""

    def add(self, value: Any) -> None: ...

    @property
    def result(self) -> Any: ...


class _Count:
    def __init__(self) -> None:
        self.result = 0

    def add(self, value: Any) -> None:
        self.result += value is not None


class _Sum:
    """Whole numbers exactly, others without losing the small ones beside the large (Neumaier). Of no rows it is 0."""

    def __init__(self) -> None:
        self._rows = self.count = 0
        self._total: Number = 0
        self._lost = 0.0

    def add(self, value: Any) -> None:
        self._rows += 1
        if value is None:
            return
        self.count += 1
        if isinstance(value, int) and isinstance(self._total, int):
            self._total += value
            return
        before, added = float(self._total), float(value)
        self._total = before + added
        larger, smaller = (before, added) if abs(before) >= abs(added) else (added, before)
        self._lost += (larger - self._total) + smaller

    @property
    def result(self) -> Number | None:
        if self._rows and not self.count:
            return None
        return self._total if isinstance(self._total, int) else self._total + self._lost


class _Average:
    def __init__(self) -> None:
        self._sum = _Sum()

    def add(self, value: Any) -> None:
        self._sum.add(value)

    @property
    def result(self) -> float | None:
        total = self._sum.result
        return total / self._sum.count if total is not None and self._sum.count else None


class _Variance:
    """Of all values, not of a sample (Welford)."""

    def __init__(self) -> None:
        self._count = 0
        self._mean = self._squares = 0.0

    def add(self, value: Any) -> None:
        if value is not None:
            self._count += 1
            off = value - self._mean
            self._mean += off / self._count
            self._squares += off * (value - self._mean)

    @property
    def result(self) -> float | None:
        return self._squares / self._count if self._count else None


class _Deviation(_Variance):
    @property
    def result(self) -> float | None:
        variance = super().result
        return None if variance is None else math.sqrt(variance)


class _Least:
    def __init__(self) -> None:
        self.result: Any = None

    def add(self, value: Any) -> None:
        if value is not None and (self.result is None or order(value) < order(self.result)):
            self.result = value


class _Most:
    def __init__(self) -> None:
        self.result: Any = None

    def add(self, value: Any) -> None:
        if value is not None and (self.result is None or order(value) > order(self.result)):
            self.result = value


ADDERS: Mapping[str, Callable[[], Adder]] = {
    "sum": _Sum, "count": _Count, "min": _Least, "max": _Most, "avg": _Average, "stddev": _Deviation, "variance": _Variance,
}  # fmt: skip
