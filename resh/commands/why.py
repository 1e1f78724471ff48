"""`why`: the whole story of one resource and clean-up, in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from resh.cleanup.marking import is_marked, label, name_of
from resh.cleanup.protection import is_phantom, phantom, protection, staleness
from resh.commands.base import BOTH, START, Argument, Command, Context, Rows
from resh.commands.lookup import one_node
from resh.commands.paths import is_node
from resh.errors import UsageError
from resh.graph.base import Document

if TYPE_CHECKING:
    from resh.app import App
    from resh.cleanup.plan import Plan
    from resh.cleanup.policy import Policy

_NAMED = 3


def run(context: Context, rows: Rows, resource: str | None) -> Iterator[str]:
    stories = Stories(context.app)
    if resource:
        yield stories.of(one_node(context, resource))
        return
    if rows is START:
        raise UsageError("why: resource is missing", "give the id or name of a resource")
    for row in rows:
        context.cancel.check()
        document = row if is_node(row) else one_node(context, str(row))
        yield f"{document['kind']} {name_of(document)}: {stories.of(document)}"


class Stories:
    """The plan, and what settings protect, are looked at once for all of them."""

    def __init__(self, app: App) -> None:
        self._app = app

    def of(self, document: Document) -> str:
        if refusal := phantom(document, self._app.kinds):
            return " · ".join([_mark(document), refusal])
        kept = protection(document) or self._policy.protection(document)
        first = self._must_go_first(document)
        parts = [_mark(document), kept or "not protected", staleness(document), self._dependants(first)]
        parts += [self._users(document, first), self._verdict(document)]
        return " · ".join(dict.fromkeys(part for part in parts if part))

    @cached_property
    def _plan(self) -> Plan:
        return self._app.cleanup.plan()

    @cached_property
    def _policy(self) -> Policy:
        return self._app.cleanup.policy()

    @cached_property
    def _verdicts(self) -> Mapping[str, str]:
        plan = self._plan
        found = {refused.item.id: f"held back: {refused.why}" for refused in plan.refused}
        for number, generation in enumerate(plan.generations, start=1):
            found |= {item.id: f"deleted in generation {number} of {len(plan.generations)}" for item in generation}
        return found

    def _must_go_first(self, document: Document) -> list[str]:
        pairs = self._app.graph.neighbours([document["id"]], "delete")
        return sorted(target for source, target in pairs if source == document["id"])

    def _dependants(self, ids: list[str]) -> str:
        """Whatever must be gone before it."""
        return f"needs to go first: {self._named(ids)}" if ids else "nothing depends on it"

    def _users(self, document: Document, first: list[str]) -> str:
        """What names it and would stay: that would miss it."""
        going = {item.id for item in self._plan.items()} if is_marked(document) else set[str]()
        others = {other for _, other in self._app.graph.referrers([document["id"]])} - going - set(first)
        kinds = self._app.kinds
        ids = [id for id in sorted(others) if (node := self._app.graph.node(id)) is not None and not is_phantom(node, kinds)]
        return f"would be missed by {self._named(ids)}" if ids else ""

    def _named(self, ids: list[str]) -> str:
        found = [node for id in ids[:_NAMED] if (node := self._app.graph.node(id)) is not None]
        return ", ".join(map(label, found)) + (f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else "")

    def _verdict(self, document: Document) -> str:
        """What the plan says about it, where that is no refusal of its own."""
        told = protection(document) or staleness(document) or not is_marked(document)
        return "" if told else self._verdicts.get(document["id"], "")


def _mark(document: Document) -> str:
    desired: dict[str, Any] = document.get("desired") or {}
    if not desired.get("clean"):
        return "not marked"
    return f"marked by {desired.get('clean_by') or 'unknown'}: {desired.get('clean_reason') or 'no reason given'}"


WHY = Command(
    "why",
    run,
    "why a resource is marked, protected or held back, and what would miss it",
    BOTH,
    arguments=(Argument("resource", required=False, help="id or name of a resource", complete="id"),),
    help="What would miss it are the resources that name it as something that they use, and that no clean-up deletes with it.",
    examples=(
        ("search /desired.clean = true | why", "one line for everything that is marked"),
        ("search is(role) | why", "what uses each role"),
    ),
)
