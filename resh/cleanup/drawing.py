"""A plan as people read it: a tree by account and region in deletion order, with reasons; then what is refused, then totals.

draw(plan, kinds)
# plan 4f1d02a99c3e: 6 would be deleted in 2 generations: 4 volumes, 2 instances
# aws/123456789012 (demo)
# └─ eu-west-1
#    ├─ 1  aws_ec2_instance i-0aa1 (web)      expired 3 d ago    rule expired · 10 d old · owner ada
#    └─ 2  aws_ec2_volume vol-0f3a (scratch)  available, …       rule volumes · 92 d old · 40.00 USD a month
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from resh.cleanup.plan import Plan, PlanItem
from resh.cleanup.rules.base import age
from resh.cleanup.wording import counted, plural
from resh.durations import format_duration, is_time, parse_time
from resh.model.kinds import Kinds
from resh.text import one_line, pad, width

Numbered = tuple[int, PlanItem]
WIDEST = 80
"""Columns that line up; what is longer sticks out alone, rather than pushing the others away."""


def draw(plan: Plan, kinds: Kinds) -> list[str]:
    """The plan line by line; no text from a cloud breaks out of its line to look like another one."""
    return [headline(plan, kinds), *_tree(plan), *_cycles(plan), *_holds(plan), *_refused(plan)]


def headline(plan: Plan, kinds: Kinds) -> str:
    if not len(plan) and not plan.refused:
        return f"plan {plan.id}: nothing is marked"
    what = f": {counted((item.kind for item in plan.items()), kinds)}" if len(plan) else ""
    refused = f"; {len(plan.refused)} refused" if plan.refused else ""
    return f"plan {plan.id}: {extent(plan)}{what}{refused}"


def extent(plan: Plan) -> str:
    """`6 would be deleted in 2 generations`, how many of them not yet, and what that saves where prices are known."""
    later = f", {plan.isolated} of them after a quarantine" if plan.isolated else ""
    saving = f", saving {plan.monthly_cost:.2f} USD a month" if plan.monthly_cost else ""
    return f"{len(plan)} would be deleted in {plural(len(plan.generations), 'generation')}{later}{saving}"


def _tree(plan: Plan) -> Iterator[str]:
    items = [(number, item) for number, generation in enumerate(plan.generations, 1) for item in generation]
    items.sort(key=lambda pair: (_account(pair[1]), pair[1].region))
    columns = _widest(str(item) for _, item in items)
    reasons = _widest(item.reason for _, item in items)
    for account, of_account in groupby(items, key=lambda pair: _account(pair[1])):
        yield one_line(account)
        regions = [(region, list(members)) for region, members in groupby(of_account, key=lambda pair: pair[1].region)]
        for region, members in regions:
            last = region == regions[-1][0]
            yield f"{'└─' if last else '├─'} {one_line(region)}"
            yield from _members(members, "   " if last else "│  ", columns, reasons, plan.created)


def _members(members: list[Numbered], indent: str, columns: int, reasons: int, now: float) -> Iterator[str]:
    for place, (number, item) in enumerate(members, 1):
        branch = "└─" if place == len(members) else "├─"
        what, reason = pad(one_line(str(item)), columns), pad(one_line(item.reason), reasons)
        yield f"{indent}{branch} {number}  {what}  {reason}  {one_line(_rest(item, now))}"


def _rest(item: PlanItem, now: float) -> str:
    """Who wants it gone, how old it is, whose, what it costs, what to think of: as far as there is anything to say."""
    old = f"{age(max(now - parse_time(item.born, now), 0))} old" if is_time(item.born) else ""
    cost = "" if item.monthly_cost is None else f"{item.monthly_cost:.2f} USD a month"
    first = f"in quarantine for {format_duration(item.quarantine)} first" if item.quarantine else ""
    return " · ".join(part for part in (item.by, old, item.owner and f"owner {item.owner}", cost, first, item.note) if part)


def _widest(texts: Iterable[str]) -> int:
    return min(WIDEST, max((width(one_line(text)) for text in texts), default=0))


def _cycles(plan: Plan) -> Iterator[str]:
    """Each with what is done before the first of it is deleted."""
    items = {item.id: item for item in plan.items()}
    if plan.cycles:
        yield "cycles"
    for place, cycle in enumerate(plan.cycles, 1):
        last = place == len(plan.cycles)
        yield f"{'└─' if last else '├─'} {one_line(f'{cycle.text}: broken by {cycle.call} before the first of them is deleted')}"
        for number, (id, others) in enumerate(cycle.cuts, 1):
            branch = f"{'   ' if last else '│  '}{'└─' if number == len(cycle.cuts) else '├─'}"
            names = ", ".join(items[other].name for other in others)
            yield f"{branch} {one_line(f'{items[id]} lets go of {names}')}"


def _holds(plan: Plan) -> Iterator[str]:
    """What names resources of the plan and goes with another one."""
    items = {item.id: item for item in plan.items()}
    if plan.holds:
        yield "in the way, and no part of the plan"
    for place, hold in enumerate(plan.holds, 1):
        branch = "└─" if place == len(plan.holds) else "├─"
        names = ", ".join(sorted(items[other].name for other in hold.others))
        yield f"{branch} {one_line(f'{hold.holder} lets go of {names} by {hold.call}: it goes with {items[hold.home]}')}"


def _refused(plan: Plan) -> Iterator[str]:
    if plan.refused:
        yield "refused"
    for place, refused in enumerate(plan.refused, 1):
        branch = "└─" if place == len(plan.refused) else "├─"
        yield f"{branch} {one_line(f'{refused.item} in {_account(refused.item)} {refused.item.region}: {refused.why}')}"


def _account(item: PlanItem) -> str:
    named = item.account_name and item.account_name != item.account
    return f"{item.cloud}/{item.account} ({item.account_name})" if named else f"{item.cloud}/{item.account}"
