"""`cleanup plan`, `plans`, `drop`, `approve` and `apply`: a plan is drawn up, looked at, made smaller, and carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from resh.cleanup.drawing import draw, extent
from resh.cleanup.exports import csv_lines, dot_lines
from resh.cleanup.exports import rows as plan_rows
from resh.cleanup.outcome import Outcome, Report, Result
from resh.cleanup.plan import Plan
from resh.cleanup.rules.base import Effect, Rule
from resh.cleanup.rules.common import configured
from resh.cleanup.shelf import Person, Stored, without
from resh.clock import iso
from resh.commands.base import Argument, Command, Context, Option, Role, Row, Rows
from resh.errors import ReshError, UsageError
from resh.render.json import compact
from resh.text import one_line


def run_plan(context: Context, rows: Rows, json: bool, csv: bool, dot: bool) -> Rows:
    app = context.app
    context.freshness = app.graph.freshness()
    plan, people = app.cleanup.plan(), tuple[str, ...]()
    if len(plan):
        app.plans.prune(app.clock.now() - app.settings.seconds("cleanup.plan_expiry"))
        people = app.plans.put(_of(context, plan)).people
    if json or csv or dot:
        yield from map(compact, plan_rows(plan)) if json else csv_lines(plan) if csv else dot_lines(plan)
        return
    yield from draw(plan, app.kinds, context.columns)
    yield from (f"stopped: {why}" for why in app.cleanup.stops(plan, people))
    if not app.settings.flag("cleanup.enabled"):
        yield "clean-up is off: config set cleanup.enabled true"
    elif app.cleanup.dry_run:
        yield "clean-up only says what it would delete: config set cleanup.dry_run false"


def run_plans(context: Context, rows: Rows) -> Rows:
    for stored in context.app.plans.all(context.sink.note):
        plan = stored.plan
        yield {
            "id": plan.id,
            "created": iso(plan.created),
            "by": stored.by.name,
            "approved": ", ".join(dict.fromkeys(person.name for person in stored.approved)),
            "deletions": len(plan),
            "refused": len(plan.refused),
            "monthly_cost": round(plan.monthly_cost, 2),
            "expired": _expired(context, plan),
        }


def run_drop(context: Context, rows: Rows, plan: str, resources: tuple[str, ...]) -> Iterator[str]:
    app = context.app
    stored = app.plans.get(plan)
    wanted = {item.id for item in stored.plan.items() if {item.id, item.rid, item.name} & set(resources)}
    known = {name for item in stored.plan.items() for name in (item.id, item.rid, item.name)}
    if unknown := next((name for name in resources if name not in known), ""):
        raise UsageError(f"'{unknown}' is not in the plan {plan}", "cleanup plans --json has their ids")
    smaller = without(stored.plan, wanted)
    app.plans.put(_of(context, smaller))
    yield from draw(smaller, app.kinds, context.columns)


def run_approve(context: Context, rows: Rows, plan: str) -> Iterator[str]:
    shelf, me = context.app.plans, Person(context.user, context.key)
    _still_good(context, shelf.get(plan).plan)
    stored = shelf.approve(plan, me)
    wanted, people = context.app.settings.number("cleanup.approvals"), stored.people
    yield f"plan {stored.plan.id}: {extent(stored.plan)}; {len(people)} of {wanted} stand for it: {', '.join(sorted(people))}"
    if me.name not in people:
        context.sink.note(f"{me.name} does not count: somebody else stands for it with the same key, or at this machine too")


def run_apply(context: Context, rows: Rows, plan: str) -> Rows:
    app = context.app
    stored = app.plans.get(plan)
    _still_good(context, stored.plan)
    if not app.settings.flag("cleanup.enabled"):
        raise ReshError("clean-up is off", "config set cleanup.enabled true")
    still = replace(app.cleanup.plan({item.id: item for item in stored.plan.items()}), id=stored.plan.id)
    if not app.cleanup.dry_run:
        agreed(context, still)
    report = app.cleanup.execute(still, run="", cancel=context.cancel, emit=app.bus.emit, people=stored.people, by=context.user)
    if report.stopped:
        raise ReshError(f"plan {plan} is stopped, nothing was deleted: {'; '.join(report.stopped)}", "make it smaller with cleanup drop")
    if not report.dry_run:
        app.plans.remove(stored.plan.id)
    yield from _told(stored.plan, still, report)
    if report.of(Outcome.FAILED) or report.of(Outcome.HELD):
        context.status = 3


def agree_to_clean(context: Context) -> None:
    """Before a workflow that deletes for good what is marked."""
    cleanup = context.app.cleanup
    if not cleanup.dry_run:
        plan = cleanup.plan()
        if len(plan):
            agreed(context, plan, ", and what rules mark now" if any(_is_on(context, rule) for rule in cleanup.rules) else "")
        else:
            context.confirm("What rules mark now is deleted for good: go on?")


def _is_on(context: Context, rule: Rule) -> bool:
    return rule.effect is Effect.MARK and configured(rule.name, context.app.settings).enabled


def agreed(context: Context, plan: Plan, more: str = "") -> None:
    """At the prompt the person types the name of each account; a script has said --yes."""
    accounts = Counter((item.account, item.account_name) for item in plan.items())
    names = Counter(name for _, name in accounts)
    for (id, name), count in sorted(accounts.items()):
        typed = name if names[name] == 1 and _is_typed_easily(name) else id
        what, where = ("name", name) if typed == name else ("id", f"{id} ({one_line(name)})" if name else id)
        question = f"plan {plan.id}: {extent(plan)}{more}; {count} in {where}. To delete them for good, type the {what} of the account:"
        context.confirm(question, typed)


def _is_typed_easily(name: str) -> bool:
    return bool(name) and name == one_line(name).strip()


def _told(stored: Plan, still: Plan, report: Report) -> Iterator[Row]:
    """What became of everything that the plan listed when it was drawn up."""
    for result in report.results:
        yield _row(result)
    refused = {one.item.id: one.why for one in still.refused}
    done = {item.id for item in still.items()}
    for item in stored.items():
        if item.id not in done:
            yield _row(Result(item, Outcome.SKIPPED, refused.get(item.id, "no longer marked")))


def _row(result: Result) -> Row:
    item = result.item
    return {
        "outcome": str(result.outcome),
        "kind": item.kind,
        "id": item.rid,
        "name": item.name,
        "region": item.region,
        "why": result.why,
        "node_id": item.id,
    }


def _of(context: Context, plan: Plan) -> Stored:
    """As drawn up by whoever types."""
    return Stored(plan, Person(context.user, context.key), stands=context.role >= Role.operator)


def _still_good(context: Context, plan: Plan) -> None:
    if _expired(context, plan):
        raise ReshError(f"plan {plan.id} has expired", "cleanup plan draws up a new one")


def _expired(context: Context, plan: Plan) -> bool:
    return context.app.clock.now() - plan.created > context.app.settings.seconds("cleanup.plan_expiry")


_PLAN = Argument("plan", help="id of a plan, or last", complete="plan")

PLANNING = (
    Command(
        "plan",
        run_plan,
        "what the next clean-up deletes, in order, and what not and why",
        options=(
            Option("json", help="a line of JSON for each resource"),
            Option("csv", help="a table for spreadsheets"),
            Option("dot", help="a graph for Graphviz: arrows lead from what must go first"),
        ),
        help="The plan is kept under its id for cleanup.plan_expiry, so that it can be made smaller, approved and applied.",
        examples=(("cleanup plan", "a tree"),),
    ),
    Command("plans", run_plans, "plans that wait", examples=(("cleanup plans", "none, or those of today"),)),
    Command(
        "drop",
        run_drop,
        "take resources out of a plan, which gets a new id",
        role=Role.operator,
        arguments=(_PLAN, Argument("resources", many=True, help="their ids or names", complete="free")),
        help="What waits for them is refused then.",
        examples=(("cleanup plan | count; cleanup drop last scratch-old", "a smaller plan"),),
    ),
    Command(
        "approve",
        run_approve,
        "stand for a plan that somebody else drew up",
        role=Role.operator,
        arguments=(_PLAN,),
        examples=(("cleanup plan | count; cleanup approve last", "one more stands for it"),),
    ),
    Command(
        "apply",
        run_apply,
        "delete what a plan lists, as far as it is still marked, unchanged and allowed",
        role=Role.admin,
        arguments=(_PLAN,),
        examples=(("cleanup plan | count; yes=true cleanup apply last", "as far as settings allow"),),
        help="It never deletes more than the plan lists. In a dry run it does everything but the last call.",
    ),
)
