"""The last look at what a resource goes along with (a rule's `cascade`): when that stays after all, this stays, too.

    along = Along(plan, store, guard.look, objection)
    along.objection(document)        # 'goes along with aws_vpc vpc-0f3a (web), which is skipped: changed since it was planned'

What takes others along goes last. So it is looked at once before the first of them goes, with all that a deletion would ask, and in the
graph before each of them: whoever protects it in the middle saves the rest. Into quarantine it goes first, and so all that goes along with
it is looked at before: all of that goes there, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from resh.cleanup.marking import goes_with, is_marked
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import Plan, PlanItem, Say
from resh.cleanup.quarantine import is_free, is_isolated
from resh.graph.base import Document, GraphStore

Look = Callable[[PlanItem], Document | Result]


class Along:
    def __init__(self, plan: Plan, store: GraphStore, look: Look, objection: Say) -> None:
        self._items: Mapping[str, PlanItem] = {item.id: item for item in plan.items()}
        self._store, self._look, self._objection = store, look, objection
        self._seen: dict[str, Document | Result] = {}
        self._lock = Lock()
        self._followers: dict[str, list[PlanItem]] = {}
        for item in plan.items():
            for root in item.along if item.quarantine else ():
                self._followers.setdefault(root, []).append(item)

    def objection(self, document: Document) -> str:
        """Why the resource must stay; empty where one of those that it goes along with may go. Raises what a look at them raises."""
        return self._without_roots(document) or self._without_followers(document["id"])

    def _without_followers(self, root: str) -> str:
        """Why it may not be put in quarantine: something that would go there along with it stays."""
        if root not in self._items or not self._items[root].quarantine:
            return ""
        for item in self._followers.get(root, ()):
            seen = self._seen_once(item)
            if isinstance(seen, Result) and seen.outcome is not Outcome.GONE:
                return f"{item} would go along with it, and is {seen.outcome}: {seen.why}"
        return ""

    def _seen_once(self, item: PlanItem) -> Document | Result:
        with self._lock:
            if item.id not in self._seen:
                self._seen[item.id] = self._look(item)
            return self._seen[item.id]

    def _without_roots(self, document: Document) -> str:
        why = ""
        for root in goes_with(document):
            stays = self._stays(document["id"], root)
            if not stays:
                return ""
            why = why or stays
        return why

    def _stays(self, id: str, root: str) -> str:
        item = self._items.get(root)
        if item is None:
            return "what it goes along with is not to be deleted"
        if id in self._items and self._items[id].quarantine and item.quarantine and self._is_isolated(root):
            return ""
        seen = self._seen_once(item)
        if isinstance(seen, Result):
            return f"goes along with {item}, which is {seen.outcome}{f': {seen.why}' if seen.why else ''}"
        why = self._now(root)
        return f"goes along with {item}, which stays: {why}" if why else ""

    def _is_isolated(self, root: str) -> bool:
        """Whether it went into quarantine before, and is wanted there."""
        document = self._store.node(root)
        return document is not None and is_isolated(document) and not is_free(document)

    def _now(self, root: str) -> str:
        document = self._store.node(root)
        if document is None:
            return "no longer in the graph"
        return self._objection(document) if is_marked(document) else "no longer marked"
