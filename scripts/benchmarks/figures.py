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


def median_cpu_ms(work: Callable[[], object], runs: int = 15) -> float:
    """The same in processor time of this thread."""
    work()
    return statistics.median(_ms(work, time.thread_time) for _ in range(runs))


def paired_ms(first: Callable[[], object], second: Callable[[], object], runs: int = 15) -> tuple[float, float]:
    """Medians of both, run in turn, so that a drift of the machine meets both."""
    return _paired(first, second, runs, time.perf_counter)


def paired_cpu_ms(first: Callable[[], object], second: Callable[[], object], runs: int = 9) -> tuple[float, float]:
    """The same in processor time of this thread: what else the machine does counts less."""
    return _paired(first, second, runs, time.thread_time)


Clock = Callable[[], float]


def _paired(first: Callable[[], object], second: Callable[[], object], runs: int, clock: Clock) -> tuple[float, float]:
    first(), second()
    pairs = [(_ms(first, clock), _ms(second, clock)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _ms(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    start = clock()
    work()
    return (clock() - start) * 1000
