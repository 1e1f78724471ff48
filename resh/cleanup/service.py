"""Everything about clean-up in one object: rules, the plan, its execution. The workflow steps and the commands use it.

    cleanup = Cleanup(store, documents, kinds, providers, settings, clock, Journal(home / "journal.jsonl"))
    cleanup.apply_rules(cancel)
    plan = cleanup.plan()
    report = cleanup.execute(plan, run="01a7", cancel=cancel, emit=bus.emit)

Without `cleanup.enabled`, or with `cleanup.dry_run`, `execute` deletes nothing. Nor does it when the plan as a whole is above a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from resh.cancel import Cancel
from resh.cleanup.along import Along
from resh.cleanup.brakes import brakes
from resh.cleanup.deed import Attempt, Deed, Delete, pretend
from resh.cleanup.drift import fingerprint
from resh.cleanup.execute import execute
from resh.cleanup.guard import Guard
from resh.cleanup.journal import Journal
from resh.cleanup.mark_tag import NOTED, MarkTag
from resh.cleanup.notices import Notice, due, told
from resh.cleanup.outcome import Outcome, Report, Result
from resh.cleanup.plan import MARKED, Plan, Say, make_plan
from resh.cleanup.policy import Policy, account, make_policy, values_of
from resh.cleanup.protection import refusal
from resh.cleanup.rules.base import Effect, Rule
from resh.cleanup.rules.common import configured
from resh.cleanup.rules.run import RuleRun, apply_rules, hits, signature
from resh.cleanup.rules.survey import Documents, Survey
from resh.cleanup.rules.table import all_rules
from resh.clock import Clock
from resh.errors import ReshError, UsageError
from resh.events.event import CleanupFailed, CleanupStopped, Event, ResourceCleaned
from resh.graph.base import Document, GraphStore
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
    rules_of: Callable[[Settings], tuple[Rule, ...]] = all_rules
    known_as: Callable[[], Sequence[str]] = tuple
    """Who clouds took us for lately, without asking them."""

    @property
    def dry_run(self) -> bool:
        """Whether an execution would only say what it would delete."""
        return not self.settings.flag("cleanup.enabled") or self.settings.flag("cleanup.dry_run")

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.rules_of(self.settings)

    def survey(self) -> Survey:
        """What rules see now."""
        return Survey(self.documents, self.store, self.kinds, self.settings, self.clock.now())

    def apply_rules(self, cancel: Cancel) -> list[RuleRun]:
        """Let every rule that is switched on do what it does to what it finds, and take back what it finds no longer."""
        return apply_rules(self.rules, self.survey(), self._tag, cancel)

    def notices(self) -> list[Notice]:
        """What must be told of grace periods now. A dry run deletes nothing, and tells nobody that something will be deleted."""
        if self.dry_run:
            return []
        policy, now = self.policy(), self.clock.now()
        threatened = (node for node in self.documents(MARKED) if not (refusal(node, self.kinds) or policy.prohibition(node)))
        return due(threatened, now, self.settings.seconds("cleanup.warn_before"))

    def told(self, notice: Notice) -> None:
        told(self.store, notice, self.clock.now())

    def settle_tags(self, cancel: Cancel) -> list[str]:
        """Let the cloud say what is marked, and what no longer; problems in words."""
        return self.mark_tag.settle(self.documents(MARKED), self.documents(NOTED), cancel)

    @property
    def mark_tag(self) -> MarkTag:
        return MarkTag(self.store, self._change_tag, self.settings.text("cleanup.mark_tag"), self.settings.number("cleanup.concurrency"))

    def policy(self) -> Policy:
        """What the settings forbid now; no cloud is asked."""
        return self._policy(once=True)

    def plan(self, only: Mapping[str, str] | None = None) -> Plan:
        """The plan for all that is marked now; `only` for resources of these ids that still have these fingerprints."""
        return self._plan(self.policy(), only)

    def stops(self, plan: Plan, people: Collection[str] = ()) -> tuple[str, ...]:
        """What would stop the plan as a whole if it were carried out now, and these people stood for it."""
        return (*brakes(plan, self.store, self.kinds, self.settings, self.clock.now()), *self._unapproved(plan, people))

    def _unapproved(self, plan: Plan, people: Collection[str]) -> Iterator[str]:
        wanted, have = self.settings.number("cleanup.approvals"), len(set(people))
        if wanted > 1 and have < wanted and len(plan) and not self.dry_run:
            yield f"{have} of {wanted} people stand for it: cleanup approve, then cleanup apply"

    def execute(
        self,
        plan: Plan,
        *,
        run: str,
        cancel: Cancel,
        emit: Emit,
        heard: Heard = lambda done, total: None,
        people: Collection[str] = (),
    ) -> Report:
        """Delete what the plan lists, as far as it is still true. `heard` gets (done, total) after each resource."""
        dry_run, results = self.dry_run, list[Result]()
        if stops := self.stops(plan, people):
            emit(CleanupStopped(plan=plan.id, count=len(plan), reasons=stops))
            return Report(plan, dry_run, (), stops)

        def settled(result: Result) -> None:
            results.append(result)
            if not dry_run:
                self._record(result, emit)
            heard(len(results), len(plan))

        attempt = Attempt(self._guard(plan), self._deed(plan, run, dry_run), cancel)
        concurrency = self.settings.number("cleanup.concurrency")
        return Report(
            plan, dry_run, execute(plan, carried(attempt), concurrency=concurrency, clock=self.clock, cancel=cancel, settled=settled)
        )

    def _plan(self, policy: Policy, only: Mapping[str, str] | None) -> Plan:
        marked = [document for document in self.documents(MARKED) if only is None or document["id"] in only]
        now = self.clock.now()
        return make_plan(marked, self.store, self.kinds, self.providers, now, _or_changed(policy.objection, only), policy.note)

    def _policy(self, arns: Sequence[str] = (), *, once: bool = False) -> Policy:
        return make_policy(self.settings, self.documents, self.store, self.clock.now, (*arns, *self.known_as()), once=once)

    def _guard(self, plan: Plan) -> Guard:
        clouds = [self.providers[cloud] for cloud in {item.cloud for item in plan.items()}]
        arns = [arn for provider in clouds if hasattr(provider, "myself") for arn in provider.myself()]  # a plugin's may have none
        policy, lost = self._policy(arns), self._no_longer_found(plan)
        tags = tuple(self.settings.list("cleanup.protected_tags"))
        guard = Guard(self.store, self.kinds, self.providers, lambda node: policy.objection(node) or lost.get(node["id"], ""), tags)
        along = Along(plan, self.store, guard.look, lambda node: refusal(node, self.kinds) or guard.objection(node))
        return replace(guard, objection=lambda node: guard.objection(node) or along.objection(node))

    def _no_longer_found(self, plan: Plan) -> Mapping[str, str]:
        """What a rule has marked and would mark no more; a rule that is off, or fails, marks nothing."""
        by_rule: dict[str, list[str]] = {}
        for item in plan.items():
            by_rule.setdefault(item.by, []).append(item.id)
        lost: dict[str, str] = {}
        survey = self.survey()
        for rule in self.rules:
            ids = by_rule.get(signature(rule))
            if ids and rule.effect is Effect.MARK:
                found = _found(rule, survey)
                lost |= {id: f"the {signature(rule)} finds it no longer" for id in ids if id not in found}
        return lost

    def _deed(self, plan: Plan, run: str, dry_run: bool) -> Deed:
        return pretend if dry_run else Delete(self.store, self.providers, self.journal, self.clock, plan.id, run)

    def _tag(self, document: Document, key: str, value: str) -> str:
        """Set a tag for a rule, where something may be deleted as well."""
        if self.dry_run:
            return ""
        if why := account(document, values_of(self.settings)):
            return why
        try:
            self.providers[document["ancestors"]["cloud"]["reported"]["id"]].tag(document, key, value)
        except ReshError as error:
            return error.message
        return ""

    def _change_tag(self, document: Document, key: str, value: str | None) -> None:
        provider = self.providers[document["ancestors"]["cloud"]["reported"]["id"]]
        if value is None:
            provider.untag(document, key)
        elif self.dry_run:
            raise UsageError("a dry run changes nothing")
        elif why := account(document, values_of(self.settings)):
            raise UsageError(why)
        else:
            provider.tag(document, key, value)

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


def _or_changed(objection: Say, only: Mapping[str, str] | None) -> Say:
    """The objection, or that the resource is not as it was in another plan."""
    if only is None:
        return objection

    def either(document: Document) -> str:
        same = fingerprint(document.get("reported") or {}) == only[document["id"]]
        return objection(document) or ("" if same else "changed since it was planned")

    return either


def _found(rule: Rule, survey: Survey) -> frozenset[str]:
    if not configured(rule.name, survey.settings).enabled:
        return frozenset()
    try:
        return frozenset(hit.document["id"] for hit in hits(rule, survey))
    except Exception:  # what a rule cannot say any more counts for nothing
        return frozenset()
