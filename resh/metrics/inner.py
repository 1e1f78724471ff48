"""How resh itself does, for monitoring: calls of clouds, steps and runs, commands and searches, what waits, who is here. Told when asked,
and not kept.

    list(Inner(observed, calls, runs, queues, running, visits.all).families())

Commands and searches are those of this process, everything else is that of all processes of the state folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from itertools import accumulate
from threading import Lock
from typing import Any

from resh.metrics.exposition import PREFIX, Distribution, Family
from resh.metrics.happened import Calls, Runs
from resh.observed import BOUNDS, Durations, Labels, Observed


@dataclass(frozen=True, slots=True)
class Inner:
    observed: Observed
    calls: Calls
    runs: Runs
    queues: Mapping[str, Callable[[], int]]
    running: Callable[[], Sized]
    visits: Callable[[], Iterable[Mapping[str, Any]]]
    _following: Lock = field(default_factory=Lock)

    def families(self) -> Iterator[Family]:
        with self._following:  # two that ask at the same time must not count the same twice
            self.calls.follow()
            self.runs.follow()
        yield from self._calls()
        yield _distributed("step_duration_seconds", "How long steps of workflows took", self.runs.durations, "step")
        yield _counted("workflow_runs_total", "Runs that have ended", self.runs.ended, "workflow", "status")
        yield _gauge("workflows_running", "Workflows under way, in whichever process", {(): len(self.running())})
        commands, searches = self.observed.durations("command"), self.observed.durations("search")
        yield _distributed("command_duration_seconds", "How long lines of commands took, by their first command", commands, "command")
        yield _counted("commands_total", "Lines that ended with this exit status", self.observed.numbers("status"), "status")
        yield _distributed("search_duration_seconds", "How long searches took until their first result", searches)
        depths: dict[Labels, float] = {(name,): depth() for name, depth in self.queues.items()}
        yield _gauge("queue_depth", "Jobs and workflows that wait for their turn here, parts of steps that are not done", depths, "queue")
        sessions: Counter[Labels] = Counter({("terminal",): 0, ("ssh",): 0})
        sessions.update((str(visit.get("via", "")),) for visit in self.visits())
        yield _gauge("sessions", "People at prompts, of whichever process", sessions, "via")

    def _calls(self) -> Iterator[Family]:
        yield _counted("api_calls_total", "Attempts of calls to clouds", self.calls.results, "service", "result")
        yield _counted("api_calls_repeated_total", "Those that were not the first attempt", self.calls.repeated, "service")
        yield _distributed("api_call_duration_seconds", "How long calls took", self.calls.durations, "service")


def _gauge(name: str, help: str, values: Mapping[Labels, float], *labels: str) -> Family:
    return _family(name, help, "gauge", values, labels)


def _counted(name: str, help: str, values: Mapping[Labels, float], *labels: str) -> Family:
    return _family(name, help, "counter", values, labels)


def _distributed(name: str, help: str, values: Mapping[Labels, Durations], *labels: str) -> Family:
    return _family(name, help, "histogram", {key: _distribution(durations) for key, durations in values.items()}, labels)


def _family(name: str, help: str, type: str, values: Mapping[Labels, Any], labels: Labels) -> Family:
    return Family(PREFIX + name, help, type, [(dict(zip(labels, key, strict=True)), value) for key, value in sorted(values.items())])


def _distribution(durations: Durations) -> Distribution:
    bounds = (*(str(float(bound)) for bound in BOUNDS), "+Inf")
    return Distribution(tuple(zip(bounds, accumulate(durations.counts), strict=True)), durations.seconds)
