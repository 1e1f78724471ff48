"""Calls, steps and runs of all processes, counted up from what each leaves behind when it ends.

    calls = Calls(tables.calls)
    calls.follow()                          # whatever is new since it was asked before
    calls.results                           # {("ec2", "ok"): 412, ("ec2", "throttled"): 3}

Counts begin with the last collect, or with the runs that are remembered, and only grow while this process lives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from resh.observed import Durations, Labels
from resh.state.calls import CallCount, CallCounts
from resh.state.runs import RunRecord

_RUNNING = "running"


class Calls:
    def __init__(self, calls: CallCounts) -> None:
        self._calls = calls
        self._sizes: dict[str, int] | None = None
        self._read: Counter[str] = Counter()
        """How many accounts of a run are counted."""
        self.results: Counter[Labels] = Counter()
        self.repeated: Counter[Labels] = Counter()
        self.durations: dict[Labels, Durations] = {}

    def follow(self) -> None:
        sizes = self._calls.sizes()
        before = {run: size for run, size in sizes.items() if run not in self._calls.runs()[:1]} if self._sizes is None else self._sizes
        for run in [run for run, size in sizes.items() if before.get(run) != size]:
            for account in islice(self._calls.of(run), self._read[run], None):
                self._read[run] += 1
                for count in account.counts:
                    self._add(count)
        self._sizes = sizes

    def _add(self, count: CallCount) -> None:
        service = count.operation.partition(":")[0]
        errors = sum(count.errors.values())
        results = {"throttled": count.throttled, "error": errors, "ok": max(0, count.calls - errors - count.throttled)}
        self.results.update({(service, result): number for result, number in results.items() if number})
        self.repeated[service,] += count.repeated
        durations = self.durations.setdefault((service,), Durations())
        for seconds, number in count.lasted():
            durations.add(seconds, number)


class Runs:
    def __init__(self, runs: Callable[[], Iterable[RunRecord]]) -> None:
        self._runs = runs
        self._seen: set[tuple[str, int]] = set()
        """Steps, and runs as a whole: step -1."""
        self.ended: Counter[Labels] = Counter()
        self.durations: dict[Labels, Durations] = {}

    def follow(self) -> None:
        seen = set()
        for run in self._runs():
            for number, step in enumerate(run.steps):
                if step.ended:
                    seen.add((run.id, number))
                    if (run.id, number) not in self._seen:
                        self.durations.setdefault((step.name,), Durations()).add(step.ended - step.started)
            if run.status != _RUNNING:
                seen.add((run.id, -1))
                self.ended[run.workflow, run.status] += (run.id, -1) not in self._seen
        self._seen = seen
