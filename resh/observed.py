"""How long things take in this process, and how often they happen, for whoever tells monitoring. `App.observed` is there where metrics are
served, and nothing is counted elsewhere.

    observed = Observed()
    observed.took("command", 0.2, "search")
    observed.counted("status", "0")
    observed.durations("command")           # {("search",): Durations}
    observed.numbers("status")              # {("0",): 1}
"""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from threading import Lock

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
"""Seconds, from a key of a prompt to the collect of an organisation."""
Labels = tuple[str, ...]


class Durations:
    """How many took no longer than each of BOUNDS and longer than the one before; the last ones took longer than all."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float, count: int = 1) -> None:
        """That many took so long each."""
        self.counts[bisect_left(BOUNDS, seconds)] += count
        self.seconds += seconds * count

    def __copy__(self) -> Durations:
        found = Durations()
        found.counts, found.seconds = [*self.counts], self.seconds
        return found


class Observed:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._durations: dict[str, dict[Labels, Durations]] = {}
        self._numbers: dict[str, dict[Labels, int]] = {}

    def took(self, what: str, seconds: float, *labels: str) -> None:
        with self._lock:
            self._durations.setdefault(what, {}).setdefault(labels, Durations()).add(seconds)

    def counted(self, what: str, *labels: str) -> None:
        with self._lock:
            numbers = self._numbers.setdefault(what, {})
            numbers[labels] = numbers.get(labels, 0) + 1

    def durations(self, what: str) -> dict[Labels, Durations]:
        """As of now."""
        with self._lock:
            return {labels: copy(found) for labels, found in self._durations.get(what, {}).items()}

    def numbers(self, what: str) -> dict[Labels, int]:
        with self._lock:
            return dict(self._numbers.get(what, {}))
