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
from functools import cache, partial

from resh.cancel import Cancel
from resh.cleanup.alone import alone
from resh.cleanup.along import Along
from resh.cleanup.brakes import brakes, out_of_hours
from resh.cleanup.deed import Attempt, Pretend, Stopped
from resh.cleanup.deletion import Delete, Wishes
from resh.cleanup.detach import Breaking, Cut, Cutting, Pretended
from resh.cleanup.drift import fingerprint
from resh.cleanup.execute import Pace, execute
from resh.cleanup.guard import Guard
from resh.cleanup.journal import Journal
from resh.cleanup.letting_go import LettingGo
from resh.cleanup.mark_tag import NOTED, MarkTag
from resh.cleanup.marking import label, name_of
from resh.cleanup.notices import Notice, due, told
from resh.cleanup.on_record import Record
from resh.cleanup.outcome import Outcome, Report, Result
from resh.cleanup.plan import MARKED, Period, Plan, PlanItem, Say
from resh.cleanup.planning import make_plan
from resh.cleanup.policy import Policy, account, make_policy, values_of
from resh.cleanup.protection import refusal
from resh.cleanup.quarantine import QUARANTINED, Either, Isolate, Release, is_free, objection, period, period_of
from resh.cleanup.rules.base import Effect, Rule
from resh.cleanup.rules.common import configured
from resh.cleanup.rules.run import RuleRun, apply_rules, hits, is_of_a_rule, signature
from resh.cleanup.rules.survey import Documents, Survey, identity
from resh.cleanup.rules.table import all_rules
from resh.clock import Clock
from resh.errors import ReshError, UsageError
from resh.events.event import (
    CleanupFailed,
    CleanupStopped,
    Event,
    ResourceCleaned,
    ResourceDetached,
    ResourceEmptied,
    ResourceQuarantined,
    ResourceSkipped,
)
from resh.graph.base import Document, GraphStore
from resh.model.kinds import Kinds
from resh.providers.base import Careful, Provider
from resh.providers.counting import carried
from resh.settings import Settings

_TOLD = 10_000
"""After so many deletions in a resource that is emptied people hear of it, and after the last one."""

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

    def plan(self, only: Mapping[str, PlanItem] | None = None) -> Plan:
        """The plan for all that is marked now; `only` for resources of these ids that still are what was planned then."""
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
        by: str = "",
    ) -> Report:
        """Delete what the plan lists, as far as it is still true. `heard` gets (done, total) after each resource.

        `people` stand for the plan, and `by` carries it out, where that is no workflow. Raises ReshError while another one is under way.
        """
        dry_run, results = self.dry_run, list[Result]()
        if stops := self.stops(plan, people):
            emit(CleanupStopped(plan=plan.id, count=len(plan), reasons=stops))
            return Report(plan, dry_run, (), stops)

        def settled(result: Result) -> None:
            results.append(result)
            if not dry_run:
                self._record(result, emit)
            heard(len(results), len(plan))

        if dry_run:
            pretend = Either(Pretend(), Pretend(Outcome.WOULD_QUARANTINE), self.settings)
            return Report(plan, dry_run, self._carried_out(plan, pretend, Pretended(self.providers), cancel, settled))
        people = tuple(dict.fromkeys((*people, *([by] if by else []))))
        with alone(self.journal.path.parent, f"plan {plan.id}{f', run {run}' if run else ''}{f', by {by}' if by else ''}"):
            self.release_freed(emit=emit)
            record = Record(self.store, self.journal, self.clock, plan.id, run, people)
            delete = self._deletion(record, cancel, emit)
            deed = Either(delete, Isolate(record, self.providers, self.settings), self.settings)
            try:
                done = self._carried_out(plan, deed, Cut(record, self.providers, partial(_detached, emit)), cancel, settled)
            finally:
                delete.close()
        return Report(plan, dry_run, done)

    def release(self, document: Document, by: str) -> None:
        """Put what is in quarantine back into service. Raises ReshError."""
        Release(Record(self.store, self.journal, self.clock), self.providers)(document, by)

    def release_freed(self, ids: Collection[str] | None = None, by: str = "", emit: Emit = lambda event: None) -> list[str]:
        """Put back what nobody wants deleted any more, of these or of all; problems in words."""
        problems: list[str] = []
        for document in [one for one in self.documents(QUARANTINED) if is_free(one) and (ids is None or one["id"] in ids)]:
            try:
                self.release(document, by or str(document["metadata"].get("quarantined_by")))
            except ReshError as error:
                problems.append(f"{label(document)} stays in quarantine: {error.message}")
                emit(
                    CleanupFailed(
                        id=document["id"], kind=document["kind"], name=name_of(document), message=error.message, text=problems[-1]
                    )
                )
        return problems

    def _carried_out(self, plan: Plan, deed: Either, cut: Cutting, cancel: Cancel, settled: Callable[[Result], None]) -> tuple[Result, ...]:
        guard, tried = self._guard(plan), set[str]()
        breaking = Breaking(deed.delete, plan, guard, cut, tried, cancel)
        attempt = Attempt(guard, replace(deed, delete=LettingGo(breaking, plan, guard, cut, cancel)), cancel, tried)
        total, each = self.settings.number("cleanup.concurrency"), self.settings.number("cleanup.api_concurrency")
        pace = Pace(total, each, self.settings.seconds("cleanup.wait"), self._lane)
        return execute(plan, carried(attempt), pace, clock=self.clock, cancel=cancel, settled=settled)

    def _lane(self, item: PlanItem) -> str:
        """The API of an account: where many deletions at once are throttled."""
        provider = self.providers[item.cloud]
        return f"{item.cloud}/{item.account}/{provider.api(item.kind) if isinstance(provider, Careful) else item.kind}"

    def _plan(self, policy: Policy, only: Mapping[str, PlanItem] | None) -> Plan:
        marked = [document for document in self.documents(MARKED) if only is None or document["id"] in only]
        now, frozen = self.clock.now(), self.settings.frozen()
        first = partial(period_of, period=cache(partial(period, settings=frozen)))
        objection = self._objection(policy) if only is None else _or_another(self._objection(policy), only, first)
        return make_plan(marked, self.store, self.kinds, self.providers, now, objection, policy.note, first)

    def _policy(self, arns: Sequence[str] = (), *, once: bool = False) -> Policy:
        return make_policy(self.settings, self.documents, self.store, self.clock.now, (*arns, *self.known_as()), once=once)

    def _objection(self, policy: Policy) -> Say:
        """What speaks against a resource by the settings, or because it is in quarantine."""

        def against(document: Document) -> str:
            provider = self.providers.get(identity(document, "cloud"))
            return policy.objection(document) or (objection(document, self.clock.now(), provider) if provider else "")

        return against

    def _guard(self, plan: Plan) -> Guard:
        clouds = [self.providers[cloud] for cloud in {item.cloud for item in plan.items()}]
        arns = [arn for provider in clouds if hasattr(provider, "myself") for arn in provider.myself()]  # a plugin's may have none
        policy, lost, halted = self._policy(arns), self._no_longer_found(plan), self._halted()
        tags = tuple(self.settings.list("cleanup.protected_tags"))
        against = self._objection(policy)
        guard = Guard(self.store, self.kinds, self.providers, lambda node: halted() or against(node) or lost.get(node["id"], ""), tags)
        along = Along(plan, self.store, guard.look, lambda node: refusal(node, self.kinds) or guard.objection(node))
        return replace(guard, objection=lambda node: guard.objection(node) or along.objection(node))

    def _halted(self) -> Callable[[], str]:
        """Why nothing more may be deleted of what was begun: somebody has switched clean-up off, or its hours are over."""
        pretends = self.dry_run

        def halted() -> str:
            if self.dry_run and not pretends:
                return "clean-up was switched off meanwhile"
            return out_of_hours(self.settings, self.clock.now())

        return halted

    def _no_longer_found(self, plan: Plan) -> Mapping[str, str]:
        """What a rule has marked and would mark no more; a rule that is off, or fails, marks nothing."""
        by_rule: dict[str, list[str]] = {}
        for item in plan.items():
            by_rule.setdefault(item.by, []).append(item.id)
        survey, rules = self.survey(), {signature(rule): rule for rule in self.rules if rule.effect is Effect.MARK}
        lost: dict[str, str] = {}
        for by, ids in by_rule.items():
            if by in rules:
                found = _found(rules[by], survey)
                lost |= {id: f"the {by} finds it no longer" for id in ids if id not in found}
            elif is_of_a_rule(by):
                lost |= dict.fromkeys(ids, f"there is no {by} any more")
        return lost

    def _deletion(self, record: Record, cancel: Cancel, emit: Emit) -> Delete:
        halted = self._halted()

        def busy(item: PlanItem, gone: int) -> None:
            if why := halted():
                raise Stopped(why)
            if gone and (gone % _TOLD == 0 or gone % 1000):
                text = f"{item} in {item.account}/{item.region} is being emptied: {gone:,} deleted in it"
                emit(ResourceEmptied(id=item.id, kind=item.kind, name=item.name, count=gone, text=text))

        settings = self.settings
        wishes = Wishes(settings.flag("cleanup.snapshot_before_delete"), settings.flag("cleanup.empty_buckets"), busy)
        return Delete(record, self.providers, wishes, cancel)

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
        where = f"{item} in {item.account}/{item.region}"
        if result.outcome is Outcome.QUARANTINED:
            text = f"put {where} in quarantine {result.why}: {item.reason}"
            emit(ResourceQuarantined(id=item.id, kind=item.kind, name=item.name, text=text))
        elif result.outcome is Outcome.DELETED:
            text = f"deleted {where}: {item.reason}"
            emit(ResourceCleaned(id=item.id, kind=item.kind, name=item.name, text=text))
        elif result.outcome in (Outcome.SKIPPED, Outcome.HELD):
            text = f"left {where}: {result.why}"
            emit(ResourceSkipped(id=item.id, kind=item.kind, name=item.name, why=result.why, text=text))
        elif result.outcome is Outcome.FAILED:
            text = f"could not delete {where}: {result.why}"
            emit(CleanupFailed(id=item.id, kind=item.kind, name=item.name, message=result.why, text=text))


def _detached(emit: Emit, item: PlanItem, others: Sequence[PlanItem]) -> None:
    text = f"{item} in {item.account}/{item.region} let go of {', '.join(map(str, others))}: {item.reason}"
    emit(ResourceDetached(id=item.id, kind=item.kind, name=item.name, others=tuple(other.rid for other in others), text=text))


def _or_another(objection: Say, planned: Mapping[str, PlanItem], first: Period) -> Say:
    """The objection, or that something else would happen to the resource than was planned, or to another one."""

    def either(document: Document) -> str:
        item = planned[document["id"]]
        if why := objection(document):
            return why
        if fingerprint(document.get("reported") or {}) != item.fingerprint:
            return "changed since it was planned"
        if item.quarantine and not first(document):
            return "it was to be put in quarantine, and would be deleted now"
        return ""

    return either


def _found(rule: Rule, survey: Survey) -> frozenset[str]:
    if not configured(rule.name, survey.settings).enabled:
        return frozenset()
    try:
        return frozenset(hit.document["id"] for hit in hits(rule, survey))
    except Exception:  # what a rule cannot say any more counts for nothing
        return frozenset()
