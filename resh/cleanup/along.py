"""The last look at what a resource goes along with (a rule's `cascade`): when that stays after all, this stays, too.

    along = Along(store, plan, guard.look)
    along.objection(document)        # 'goes along with aws_vpc vpc-0f3a (web), which is skipped: changed since it was planned'

What takes others along goes last. So it is looked at once before the first of them goes, with all that a deletion would ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from resh.cleanup.marking import goes_with
from resh.cleanup.outcome import Result
from resh.cleanup.plan import Plan, PlanItem
from resh.graph.base import Document

Look = Callable[[PlanItem], Document | Result]


class Along:
    def __init__(self, plan: Plan, look: Look) -> None:
        self._items: Mapping[str, PlanItem] = {item.id: item for item in plan.items()}
        self._look = look
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
        if not isinstance(seen, Result):
            return ""
        return f"goes along with {item}, which is {seen.outcome}{f': {seen.why}' if seen.why else ''}"
