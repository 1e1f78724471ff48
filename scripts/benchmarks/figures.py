"""One measured budget: what, the ratio, the limit, and what it was measured against."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`measured` and `reference` in `unit`; the ratio is measured ÷ reference. `at_least` turns the budget round (throughput)."""

    what: str
    measured: float
    reference: float
    budget: float
    against: str
    unit: str = "ms"
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.measured / self.reference

    @property
    def kept(self) -> bool:
        return self.ratio >= self.budget if self.at_least else self.ratio <= self.budget

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        numbers = f"{self.measured:,.4g} {self.unit} ÷ {self.reference:,.4g} {self.unit}"
        return f"{'ok  ' if self.kept else 'OVER'} {self.ratio:7.3f} {sign} {self.budget:<5g} {self.what}: {numbers} ({self.against})"


def median_ms(work: Callable[[], object], runs: int = 15) -> float:
    """Median wall milliseconds of `work`, after one run that does not count."""
    work()
    return statistics.median(_ms(work) for _ in range(runs))


def paired_ms(first: Callable[[], object], second: Callable[[], object], runs: int = 15) -> tuple[float, float]:
    """Medians of both, run in turn, so that a drift of the machine meets both."""
    first(), second()
    pairs = [(_ms(first), _ms(second)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
