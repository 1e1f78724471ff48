"""Everything about clean-up in one object: rules, the plan, its execution. The workflow steps and the commands use it.

    cleanup = Cleanup(store, documents, kinds, providers, settings, clock, Journal(home / "journal.jsonl"))
    cleanup.apply_rules(cancel)
    plan = cleanup.plan()
    report = cleanup.execute(plan, run="01a7", cancel=cancel, emit=bus.emit)

Without `cleanup.enabled`, or with `cleanup.dry_run`, `execute` deletes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resh.cancel import Cancel
from resh.cleanup.deed import Attempt, Deed, Delete, pretend
from resh.cleanup.execute import execute
from resh.cleanup.guard import Guard
from resh.cleanup.journal import Journal
from resh.cleanup.outcome import Outcome, Report, Result
from resh.cleanup.plan import MARKED, Plan, make_plan
from resh.cleanup.rules.base import Documents, Rule
from resh.cleanup.rules.run import RuleRun, apply_rules
from resh.cleanup.rules.table import RULES
from resh.clock import Clock
from resh.events.event import CleanupFailed, Event, ResourceCleaned
from resh.graph.base import GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Provider
from resh.providers.counting import carried
from resh.settings import Settings

Emit = Callable[[Event], object]
Heard = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cleanup:
    """`documents` runs a search and yields node documents; `providers` are known by the id of their cloud."""

    store: GraphStore
    documents: Documents
    kinds: Kinds
    providers: Mapping[str, Provider]
    settings: Settings
    clock: Clock
    journal: Journal
    rules: tuple[Rule, ...] = RULES

    @property
    def dry_run(self) -> bool:
        """Whether an execution would only say what it would delete."""
        return not self.settings.flag("cleanup.enabled") or self.settings.flag("cleanup.dry_run")

    def apply_rules(self, cancel: Cancel) -> list[RuleRun]:
        """Let every rule that is switched on mark what it finds, and take back what it finds no longer."""
        return apply_rules(self.rules, self.store, self.kinds, self.documents, self.settings, self.clock.now(), cancel)

    def plan(self) -> Plan:
        """The plan for all that is marked now."""
        return make_plan(self.documents(MARKED), self.store, self.kinds, self.providers, self.clock.now())

    def execute(self, plan: Plan, *, run: str, cancel: Cancel, emit: Emit, heard: Heard = lambda done, total: None) -> Report:
        """Delete what the plan lists, as far as it is still true. `heard` gets (done, total) after each resource."""
        dry_run = self.dry_run
        results: list[Result] = []

        def settled(result: Result) -> None:
            results.append(result)
            if not dry_run:
                self._record(result, emit)
            heard(len(results), len(plan))

        attempt = Attempt(Guard(self.store, self.kinds, self.providers), self._deed(plan, run, dry_run), cancel)
        concurrency = self.settings.number("cleanup.concurrency")
        return Report(
            plan, dry_run, execute(plan, carried(attempt), concurrency=concurrency, clock=self.clock, cancel=cancel, settled=settled)
        )

    def _deed(self, plan: Plan, run: str, dry_run: bool) -> Deed:
        return pretend if dry_run else Delete(self.store, self.providers, self.journal, self.clock, plan.id, run)

    def _record(self, result: Result, emit: Emit) -> None:
        """Bring the graph up to date and tell the world."""
        item = result.item
        if result.outcome in (Outcome.DELETED, Outcome.GONE):
            self.store.remove(item.id, by=item.by)
        if result.outcome is Outcome.DELETED:
            text = f"deleted {item} in {item.account}/{item.region}: {item.reason}"
            emit(ResourceCleaned(id=item.id, kind=item.kind, name=item.name, text=text))
        elif result.outcome is Outcome.FAILED:
            text = f"could not delete {item} in {item.account}/{item.region}: {result.why}"
            emit(CleanupFailed(id=item.id, kind=item.kind, name=item.name, message=result.why, text=text))
