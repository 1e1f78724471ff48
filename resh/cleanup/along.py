"""The last look at what a resource goes along with (a rule's `cascade`): when that stays after all, this stays, too.

    along = Along(plan, store, guard.look, objection)
    along.objection(document)        # 'goes along with aws_vpc vpc-0f3a (web), which is skipped: changed since it was planned'

What takes others along goes last. So it is looked at once before the first of them goes, with all that a deletion would ask, and in the
graph before each of them: whoever protects it in the middle saves the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from resh.cleanup.marking import goes_with, is_marked
from resh.cleanup.outcome import Result
from resh.cleanup.plan import Plan, PlanItem, Say
from resh.graph.base import Document, GraphStore

Look = Callable[[PlanItem], Document | Result]


class Along:
    def __init__(self, plan: Plan, store: GraphStore, look: Look, objection: Say) -> None:
        self._items: Mapping[str, PlanItem] = {item.id: item for item in plan.items()}
        self._store, self._look, self._objection = store, look, objection
        self._seen: dict[str, Document | Result] = {}
        self._lock = Lock()

    def objection(self, document: Document) -> str:
        """Why the resource must stay; empty where one of those that it goes along with may go. Raises what a look at them raises."""
        why = ""
        for root in goes_with(document):
            stays = self._stays(root)
            if not stays:
                return ""
            why = why or stays
        return why

    def _stays(self, root: str) -> str:
        item = self._items.get(root)
        if item is None:
            return "what it goes along with is not to be deleted"
        with self._lock:
            if root not in self._seen:
                self._seen[root] = self._look(item)
            seen = self._seen[root]
        if isinstance(seen, Result):
            return f"goes along with {item}, which is {seen.outcome}{f': {seen.why}' if seen.why else ''}"
        why = self._now(root)
        return f"goes along with {item}, which stays: {why}" if why else ""

    def _now(self, root: str) -> str:
        document = self._store.node(root)
        if document is None:
            return "no longer in the graph"
        return self._objection(document) if is_marked(document) else "no longer marked"
