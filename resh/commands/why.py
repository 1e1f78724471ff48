"""`why`: the whole story of one resource and clean-up, in a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resh.cleanup.marking import is_marked, label, name_of
from resh.cleanup.protection import phantom, protection, staleness
from resh.commands.base import BOTH, START, Argument, Command, Context, Rows
from resh.commands.lookup import one_node
from resh.commands.paths import is_node
from resh.errors import UsageError
from resh.graph.base import Document

_NAMED = 3


def run(context: Context, rows: Rows, resource: str | None) -> Iterator[str]:
    if resource:
        yield _story(context, one_node(context, resource))
        return
    if rows is START:
        raise UsageError("why: resource is missing", "give the id or name of a resource")
    for row in rows:
        document = row if is_node(row) else one_node(context, str(row))
        yield f"{document['kind']} {name_of(document)}: {_story(context, document)}"


def _story(context: Context, document: Document) -> str:
    parts = [_mark(document)]
    if refusal := phantom(document, context.app.kinds):
        return " · ".join([*parts, refusal])
    parts += [protection(document) or "not protected", staleness(document), _dependants(context, document), _held_back(context, document)]
    return " · ".join(part for part in parts if part)


def _mark(document: Document) -> str:
    desired: dict[str, Any] = document.get("desired") or {}
    if not desired.get("clean"):
        return "not marked"
    return f"marked by {desired.get('clean_by') or 'unknown'}: {desired.get('clean_reason') or 'no reason given'}"


def _dependants(context: Context, document: Document) -> str:
    """Whatever must be gone before it."""
    graph = context.app.graph
    ids = sorted(target for source, target in graph.neighbours([document["id"]], "delete") if source == document["id"])
    if not ids:
        return "nothing depends on it"
    found = [node for id in ids[:_NAMED] if (node := graph.node(id)) is not None]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"needs to go first: {', '.join(label(node) for node in found)}{more}"


def _held_back(context: Context, document: Document) -> str:
    """What the plan says about a marked resource, where that is no refusal of its own."""
    if not is_marked(document) or protection(document) or staleness(document):
        return ""
    plan = context.app.cleanup.plan()
    for refused in plan.refused:
        if refused.item.id == document["id"]:
            return f"held back: {refused.why}"
    for number, generation in enumerate(plan.generations, start=1):
        if any(item.id == document["id"] for item in generation):
            return f"deleted in generation {number} of {len(plan.generations)}"
    return ""


WHY = Command(
    "why",
    run,
    "why a resource is marked, protected or held back",
    BOTH,
    arguments=(Argument("resource", required=False, help="id or name of a resource", complete="id"),),
    examples=(("search /desired.clean = true | why", "one line for everything that is marked"),),
)
