"""The step `generate_metrics`: measures the graph and publishes one set of time series.

GenerateMetrics(load(), groups, series, settings, clock)(context).summary      # '30 metrics, 612 series'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resh.clock import Clock
from resh.events.event import Problem
from resh.graph.freshness import Freshness
from resh.metrics.definitions import Definition
from resh.metrics.generate import Generated, Groups, generate
from resh.metrics.timeseries import TimeSeries
from resh.settings import Settings
from resh.workflows.definition import StepContext, StepResult

STEP = "generate_metrics"


@dataclass(frozen=True, slots=True)
class GenerateMetrics:
    """`groups` runs an aggregate search, `freshness` tells how much of the graph is stale."""

    definitions: Sequence[Definition]
    groups: Groups
    series: TimeSeries
    settings: Settings
    clock: Clock
    freshness: Callable[[], Freshness] = Freshness

    def __call__(self, context: StepContext) -> StepResult:
        generated = generate(
            self.definitions,
            self.groups,
            self.series,
            now=self.clock.now(),
            keep=self.settings.seconds("metrics.retention"),
            cancel=context.cancel,
            heard=lambda done, total: context.progress((STEP,), done, total),
        )
        problems = tuple(f"metric {name} failed, its last values stand: {message}" for name, message in generated.failures.items())
        for problem in problems:
            context.emit(Problem(text=problem))
        return StepResult(
            _summary(generated, self.freshness().told(self.clock.now())),
            {"metrics": generated.metrics, "series": generated.series, "failed": len(problems)},
            problems,
        )


def _summary(generated: Generated, stale: str) -> str:
    failed = f", {len(generated.failures)} failed" if generated.failures else ""
    return f"{generated.metrics} metrics, {generated.series} series{failed}{stale and f', {stale}'}"
