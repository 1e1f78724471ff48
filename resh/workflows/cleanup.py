"""The step `cleanup`: carries out the plan, or says what it would do.

CleanupStep(cleanup)(context).summary
# 'cleanup is off: 6 marked', 'dry run: 6 would be deleted in 2 generations', '6 deleted, 1 failed, 2 skipped'
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resh.cleanup.outcome import Outcome, Report
from resh.cleanup.plan import Plan
from resh.cleanup.service import Cleanup
from resh.cleanup.wording import plural
from resh.events.event import problem
from resh.providers.counting import Counting
from resh.state.calls import CallCounts
from resh.workflows.definition import StepContext, StepResult

STEP = "cleanup"


@dataclass(frozen=True, slots=True)
class CleanupStep:
    cleanup: Cleanup
    counts: CallCounts

    def __call__(self, context: StepContext) -> StepResult:
        plan = self.cleanup.plan()
        if not self.cleanup.settings.flag("cleanup.enabled"):
            return StepResult(f"cleanup is off: {len(plan) + len(plan.refused)} marked", _planned(plan))
        report, problems = self._executed(plan, context)
        counts = {**_planned(plan), **{str(outcome).replace(" ", "_"): count for outcome, count in report.counts().items()}}
        return StepResult(_summary(report), counts, (*_problems(report), *problems))

    def _executed(self, plan: Plan, context: StepContext) -> tuple[Report, list[str]]:
        """With what went wrong beside it: its calls are counted, however it ends."""
        counting, problems = Counting(STEP), list[str]()
        try:
            with counting:
                report = self.cleanup.execute(
                    plan,
                    run=context.run,
                    cancel=context.cancel,
                    emit=context.emit,
                    heard=lambda done, total: context.progress((STEP,), done, total),
                )
        finally:
            if error := counting.keep(self.counts, context.run, self.cleanup.store.accounts):
                event = problem(error, "calls: ")
                context.emit(event)
                problems.append(event.text)
        return report, problems


def _planned(plan: Plan) -> dict[str, int | str]:
    return {"plan": plan.id, "planned": len(plan), "refused": len(plan.refused), "generations": len(plan.generations)}


def _summary(report: Report) -> str:
    """What was done, in the order in which people want to know."""
    if report.stopped:
        return f"stopped, nothing was deleted: {'; '.join(report.stopped)}"
    counts = report.counts()
    rest = [f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome] and outcome is not Outcome.WOULD_DELETE]
    if report.plan.refused:
        rest.append(f"{len(report.plan.refused)} refused")
    if report.dry_run:
        would = counts[Outcome.WOULD_DELETE]
        generations = plural(len(report.plan.generations), "generation")
        return ", ".join([f"dry run: {would} would be deleted in {generations}", *rest])
    return ", ".join(rest) or "nothing to delete"


def _problems(report: Report) -> Iterator[str]:
    yield from report.stopped
    for result in (*report.of(Outcome.FAILED), *report.of(Outcome.HELD)):
        yield f"{result.item}: {result.why}"
