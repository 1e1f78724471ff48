"""A plan for other programs: rows, a table of comma-separated values, a graph for Graphviz."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from resh.cleanup.plan import Plan, PlanItem

_COLUMNS = (
    "plan", "generation", "cloud", "account", "account_name", "region", "kind", "rid", "name", "owner", "born", "reason", "by",
    "monthly_cost", "quarantine", "note", "refused", "cycle", "id",
)  # fmt: skip


def rows(plan: Plan) -> Iterator[dict[str, Any]]:
    """What is deleted, in order, then what is refused: `refused` says why, and its generation is 0; `cycle` what is cut before."""
    for number, generation in enumerate(plan.generations, 1):
        for item in generation:
            yield _row(plan, number, item, "")
    for refused in plan.refused:
        yield _row(plan, 0, refused.item, refused.why)


def csv_lines(plan: Plan) -> Iterator[str]:
    for values in (_COLUMNS, *([row[name] for name in _COLUMNS] for row in rows(plan))):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(_harmless(value) for value in values)
        yield line.getvalue()


def dot_lines(plan: Plan) -> Iterator[str]:
    """An arrow leads from what must go first; a dotted one is a dependency that is cut before."""
    yield "digraph cleanup {"
    yield "  rankdir=LR; node [shape=box];"
    for item in plan.items():
        yield f"  {_quoted(item.id)} [label={_quoted(f'{item.kind} {item.name}')}, tooltip={_quoted(item.reason)}];"
        yield from (f"  {_quoted(other)} -> {_quoted(item.id)};" for other in item.after)
    for id, others in (cut for cycle in plan.cycles for cut in cycle.cuts):
        yield from (f"  {_quoted(id)} -> {_quoted(other)} [style=dotted];" for other in others)
    for hold in plan.holds:
        yield f"  {_quoted(hold.holder.id)} [label={_quoted(f'{hold.holder.kind} {hold.holder.name}')}, style=dotted];"
        yield from (f"  {_quoted(hold.holder.id)} -> {_quoted(other)} [style=dotted];" for other in hold.others)
    for refused in plan.refused:
        label = f"{refused.item.kind} {refused.item.name}"
        yield f"  {_quoted(refused.item.id)} [label={_quoted(label)}, tooltip={_quoted(refused.why)}, style=dashed];"
    yield "}"


def _row(plan: Plan, number: int, item: PlanItem, why: str) -> dict[str, Any]:
    cut = [f"{cycle.text}: {cycle.call}" for cycle in plan.cycles if item.id in cycle.members]
    cut += [f"{hold.holder} lets go of it: {hold.call}" for hold in plan.holds if item.id in hold.others]
    lists = {"after": list(item.after), "along": list(item.along)}
    return {"plan": plan.id, "generation": number, "refused": why, **asdict(item), **lists, "cycle": "; ".join(cut)}


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _harmless(value: Any) -> Any:
    """Text of clouds must be no formula to a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
