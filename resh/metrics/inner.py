"""How resh itself does, for monitoring: calls of the last collect, runs under way, sessions. Told when asked, and not kept.

list(Inner(calls, runner.running, visits.all).families())
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass

from resh.metrics.exposition import PREFIX, Family
from resh.state.calls import CallCount, CallCounts

_OK, _THROTTLED, _ERROR = "ok", "throttled", "error"


@dataclass(frozen=True, slots=True)
class Inner:
    calls: CallCounts
    running: Callable[[], Sized]
    sessions: Callable[[], Sized]

    def families(self) -> Iterator[Family]:
        yield from self._calls()
        yield _family("workflows_running", "Workflows under way, in whichever process", {(): float(len(self.running()))})
        yield _family("sessions", "People at prompts, of whichever process", {(): float(len(self.sessions()))})

    def _calls(self) -> Iterator[Family]:
        results: Counter[tuple[str, ...]] = Counter()
        seconds: dict[tuple[str, ...], float] = {}
        repeated: Counter[tuple[str, ...]] = Counter()
        for count in self._last():
            service = count.operation.partition(":")[0]
            errors = sum(count.errors.values())
            results[service, _THROTTLED] += count.throttled
            results[service, _ERROR] += errors
            results[service, _OK] += max(0, count.calls - errors - count.throttled)
            seconds[service,] = seconds.get((service,), 0.0) + count.seconds
            repeated[service,] += count.repeated
        yield _family("collect_calls", "Calls of the last collect", {key: n for key, n in results.items() if n}, "service", "result")
        yield _family("collect_call_seconds", "How long the calls of the last collect took together", seconds, "service")
        yield _family("collect_calls_repeated", "Calls of the last collect that were not the first attempt", repeated, "service")

    def _last(self) -> Iterator[CallCount]:
        for run in self.calls.runs()[:1]:
            for account in self.calls.of(run):
                yield from account.counts


def _family(name: str, help: str, values: Mapping[tuple[str, ...], float], *labels: str) -> Family:
    samples = [(dict(zip(labels, key, strict=True)), float(value)) for key, value in sorted(values.items())]
    return Family(PREFIX + name, help, "gauge", samples)
