"""The step `generate_metrics`: measures the graph, publishes one set of time series, and thins out old ones.

GenerateMetrics(lambda: app.metrics, app.generator, settings, clock)(context).summary      # '52 metrics, 612 series'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resh.clock import Clock
from resh.errors import ReshError
from resh.events.event import Problem
from resh.graph.freshness import Freshness
from resh.metrics.definitions import Definition
from resh.metrics.generate import Generated, Generator
from resh.metrics.watch import Watch
from resh.settings import Settings
from resh.thinning import steps
from resh.workflows.definition import StepContext, StepResult

STEP = "generate_metrics"


@dataclass(frozen=True, slots=True)
class GenerateMetrics:
    """`freshness` tells how much of the graph is stale."""

    definitions: Callable[[], Sequence[Definition]]
    generator: Generator
    settings: Settings
    clock: Clock
    freshness: Callable[[], Freshness] = Freshness
    watch: Watch | None = None

    def __call__(self, context: StepContext) -> StepResult:
        settings, now = self.settings, self.clock.now()
        generated = self.generator.generate(
            self.definitions(),
            now=now,
            cancel=context.cancel,
            most=settings.number("metrics.max_series"),
            heard=lambda done, total: context.progress((STEP,), done, total),
        )
        thinned_by = steps(settings.list("metrics.downsample"))
        self.generator.series.downsample(now, thinned_by, settings.seconds("metrics.retention"), context.cancel)
        problems = tuple(f"metric {name} failed, its last values stand: {message}" for name, message in generated.failures.items())
        problems += self._pushed(now)
        if self.watch:
            problems += self.watch.look(now, context.emit)
        for problem in problems:
            context.emit(Problem(text=problem))
        return StepResult(
            _summary(generated, self.freshness().told(self.clock.now())),
            {"metrics": generated.metrics, "series": generated.series, "failed": len(generated.failures)},
            problems,
        )

    def _pushed(self, now: float) -> tuple[str, ...]:
        """Send what stands now to where the settings say; what went wrong."""
        text = self.settings.text
        if not text("metrics.push.url"):
            return ()
        from resh.metrics.exposition import families
        from resh.metrics.push import Target, push

        target = Target(text("metrics.push.url"), text("metrics.push.format"), text("metrics.push.token"))
        try:
            push(target, families(self.generator.series, self.definitions()), now)
        except ReshError as error:
            return (error.message,)
        return ()


def _summary(generated: Generated, stale: str) -> str:
    failed = f", {len(generated.failures)} failed" if generated.failures else ""
    return f"{generated.metrics} metrics, {generated.series} series{failed}{stale and f', {stale}'}"
