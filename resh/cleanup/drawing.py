"""A plan as people read it: a tree by account and region in deletion order, with reasons; then what is refused, then totals.

draw(plan, kinds, columns=150)
# plan 4f1d02a99c3e: 6 would be deleted in 2 generations: 4 volumes, 2 instances
# aws/123456789012 (demo)
# └─ eu-west-1
#    ├─ 1  aws_ec2_instance i-0aa1 (web)      expired 3 d ago    rule expired · 10 d old · owner ada
#    └─ 2  aws_ec2_volume vol-0f3a (scratch)  available, …       rule volumes · 92 d old · 40.00 USD a month
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from resh.cleanup.layout import Layout
from resh.cleanup.plan import Plan, PlanItem
from resh.cleanup.wording import counted, plural
from resh.model.kinds import Kinds
from resh.text import fold, one_line

Numbered = tuple[int, PlanItem]


def draw(plan: Plan, kinds: Kinds, columns: int | None = None) -> list[str]:
    """The plan line by line, none wider than `columns`; no text from a cloud breaks out of its line to look like another one."""
    return [*fold(headline(plan, kinds), columns, "", "  "), *_tree(plan, columns), *_cuts(plan, columns), *_refused(plan, columns)]


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


def _tree(plan: Plan, columns: int | None) -> Iterator[str]:
    items = [(number, item) for number, generation in enumerate(plan.generations, 1) for item in generation]
    items.sort(key=lambda pair: (_account(pair[1]), pair[1].region))
    layout = Layout.of((item for _, item in items), plan.created, columns)
    for account, of_account in groupby(items, key=lambda pair: _account(pair[1])):
        yield from fold(one_line(account), columns)
        regions = [(region, list(members)) for region, members in groupby(of_account, key=lambda pair: pair[1].region)]
        for region, members in regions:
            last = region == regions[-1][0]
            yield f"{'└─' if last else '├─'} {one_line(region)}"
            yield from _members(members, "   " if last else "│  ", layout)


def _members(members: list[Numbered], indent: str, layout: Layout) -> Iterator[str]:
    for place, (number, item) in enumerate(members, 1):
        last = place == len(members)
        under = " " * (len(str(number)) + 2)
        yield from layout.lines(item, f"{indent}{'└─' if last else '├─'} {number}  ", f"{indent}{'  ' if last else '│ '} {under}")


def _cuts(plan: Plan, columns: int | None) -> Iterator[str]:
    """What is cut before something is deleted: in cycles, and of what only goes with others."""
    items = {item.id: item for item in plan.items()}
    cycles = [
        (
            f"{cycle.text}: broken by {cycle.call} before the first of them is deleted",
            [f"{items[id]} lets go of {', '.join(items[other].name for other in others)}" for id, others in cycle.cuts],
        )
        for cycle in plan.cycles
    ]
    yield from _listed("cycles", cycles, columns)
    holds = [
        f"{hold.holder} lets go of {', '.join(sorted(items[id].name for id in hold.others))} by {hold.call}: goes with {items[hold.home]}"
        for hold in plan.holds
    ]
    yield from _listed("in the way, and no part of the plan", [(text, []) for text in holds], columns)


def _refused(plan: Plan, columns: int | None) -> Iterator[str]:
    texts = [f"{refused.item} in {_account(refused.item)} {refused.item.region}: {refused.why}" for refused in plan.refused]
    return _listed("refused", [(text, []) for text in texts], columns)


def _listed(title: str, entries: Sequence[tuple[str, Sequence[str]]], columns: int | None) -> Iterator[str]:
    """Below a title; each entry with what stands below it."""
    if entries:
        yield title
    for place, (text, below) in enumerate(entries, 1):
        last = place == len(entries)
        indent = "   " if last else "│  "
        yield from fold(one_line(text), columns, f"{'└─' if last else '├─'} ", f"{indent}{'│  ' if below else '  '}")
        for number, inner in enumerate(below, 1):
            end = number == len(below)
            yield from fold(one_line(inner), columns, f"{indent}{'└─' if end else '├─'} ", f"{indent}{'   ' if end else '│  '}  ")


def _account(item: PlanItem) -> str:
    named = item.account_name and item.account_name != item.account
    return f"{item.cloud}/{item.account} ({item.account_name})" if named else f"{item.cloud}/{item.account}"
