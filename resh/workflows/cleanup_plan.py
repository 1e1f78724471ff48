"""The step `cleanup_plan`: rules mark what nobody needs, and the plan for all that is marked is drawn up. Nothing is deleted here.

CleanupPlan(cleanup)(context).summary      # '6 marked: 4 volumes, 2 instances (2 new); dry run: 6 would be deleted in 2 generations'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from resh.cleanup.drawing import extent
from resh.cleanup.notices import Notice
from resh.cleanup.plan import Plan
from resh.cleanup.rules.run import RuleRun
from resh.cleanup.service import Cleanup
from resh.cleanup.wording import counted
from resh.clock import iso
from resh.errors import ReshError
from resh.events.event import CleanupMarked, CleanupWarning, Problem
from resh.workflows.definition import StepContext, StepResult

Tell = Callable[[Notice], None]
"""Sends people a message, if they want any. Raises ReshError."""


def nobody(notice: Notice) -> None: ...


@dataclass(frozen=True, slots=True)
class CleanupPlan:
    cleanup: Cleanup
    tell: Tell = nobody

    def __call__(self, context: StepContext) -> StepResult:
        runs = self.cleanup.apply_rules(context.cancel)
        for run in runs:
            _tell(run, context)
        problems = [*(_problem(run) for run in runs if run.error), *self._announce(context)]
        plan = self.cleanup.plan()
        return StepResult("; ".join(self._summary(plan, runs)), _counts(plan, runs), tuple(problems))

    def _announce(self, context: StepContext) -> Iterator[str]:
        """Tell people of grace periods; who could not be told is told at the next run, and nothing is deleted until then."""
        for notice in self.cleanup.notices():
            context.cancel.check()
            try:
                self.tell(notice)
            except ReshError as error:
                yield f"cleanup.warn_target: {error.message}"
                continue
            self.cleanup.told(notice)
            if notice.warns:
                context.emit(CleanupWarning(by=notice.by, count=len(notice.documents), not_before=iso(notice.until)))
        yield from self.cleanup.settle_tags(context.cancel)

    def _summary(self, plan: Plan, runs: Sequence[RuleRun]) -> Iterator[str]:
        kinds = [item.kind for item in plan.items()] + [refused.item.kind for refused in plan.refused]
        new = sum(run.marked for run in runs)
        what = f": {counted(kinds, self.cleanup.kinds)}" if kinds else ""
        yield f"{len(kinds)} marked{what}" + (f" ({new} new)" if new else "")
        if len(plan):
            yield f"dry run: {extent(plan)}" if self.cleanup.dry_run else f"{len(plan)} to delete"
        if plan.refused:
            yield f"{len(plan.refused)} refused"
        if stale := self.cleanup.store.freshness().told(self.cleanup.clock.now()):
            yield stale


def _tell(run: RuleRun, context: StepContext) -> None:
    if run.error:
        context.emit(Problem(text=_problem(run)))
    if run.marked:
        not_before = iso(run.not_before) if run.not_before else ""
        context.emit(CleanupMarked(rule=run.rule, count=run.marked, not_before=not_before))
    if run.protected or run.tagged:
        done = f"protected {run.protected}" if run.protected else f"set the tag of {run.tagged}"
        context.emit(CleanupMarked(rule=run.rule, count=run.protected or run.tagged, text=f"rule {run.rule} {done}"))


def _problem(run: RuleRun) -> str:
    return f"rule {run.rule} failed: {run.error}"


def _counts(plan: Plan, runs: Sequence[RuleRun]) -> dict[str, int]:
    return {
        "marked": len(plan) + len(plan.refused),
        "new": sum(run.marked for run in runs),
        "withdrawn": sum(run.withdrawn for run in runs),
        "planned": len(plan),
        "generations": len(plan.generations),
        "refused": len(plan.refused),
    }
