"""Right before a planned resource goes, what names it and goes with another planned one lets go of it (`holds.py` finds these).

    deed = LettingGo(Breaking(…), plan, guard, Cut(record, providers), cancel)
    deed(item, document)          # what holds the item, or a member of its cycle, lets go; then it is deleted

Nothing is cut before the guard has looked at what the holder goes with, nor of what something else uses, too. Each cut is an entry of the
journal of its own.
"""

from __future__ import annotations

from threading import Lock

from resh.cancel import Cancel
from resh.cleanup.deed import Deed, Stopped
from resh.cleanup.detach import Cutting, detaching
from resh.cleanup.guard import Guard
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import Hold, Plan, PlanItem
from resh.cleanup.protection import refusal
from resh.errors import CallFailed
from resh.graph.base import Document


class LettingGo:
    def __init__(self, deed: Deed, plan: Plan, guard: Guard, cut: Cutting, cancel: Cancel) -> None:
        self._deed, self._guard, self._cut, self._cancel = deed, guard, cut, cancel
        self._items = {item.id: item for item in plan.items()}
        self._together = {id: cycle.members for cycle in plan.cycles for id in cycle.members}
        self._planned = {item.rid for item in plan.items()}
        self._holds: dict[str, list[Hold]] = {}
        for hold in plan.holds:
            for id in hold.others:
                self._holds.setdefault(id, []).append(hold)
        self._done: set[tuple[str, str]] = set()
        self._lock = Lock()

    def begun(self, item: PlanItem) -> Result | None:
        return self._deed.begun(item)

    def __call__(self, item: PlanItem, document: Document) -> Result:
        together = self._together.get(item.id, (item.id,))
        if any(id in self._holds for id in together):
            with self._lock:
                for id in together:
                    self._free(self._items[id], item)
        return self._deed(item, document)

    def _free(self, held: PlanItem, item: PlanItem) -> None:
        """Make all that holds it let go; `item` has been looked at, members of its cycle may have gone or have to stay."""
        holds = [hold for hold in self._holds.get(held.id, ()) if (hold.holder.id, held.id) not in self._done]
        if not holds or (held is not item and isinstance(self._guard.look(held), Result)):
            return
        holders = {hold.holder.id: self._holder(hold) for hold in holds}
        self._is_free(held, {hold.holder.rid for hold in holds})
        for hold in holds:
            if document := holders[hold.holder.id]:
                self._cancel.check()
                self._cut(hold.holder, document, [held])
            self._done.add((hold.holder.id, held.id))

    def _holder(self, hold: Hold) -> Document | None:
        """None when it has gone with its home. Raises Stopped when one of them stays."""
        home = self._items[hold.home]
        seen = self._guard.look(home)
        if isinstance(seen, Result):
            if seen.outcome is Outcome.GONE:
                return None
            raise Stopped(f"{hold.holder} names it and goes with {home}, which is {seen.outcome}: {seen.why}")
        document = self._guard.store.node(hold.holder.id)
        if document is None:
            raise Stopped(f"{hold.holder} names it, and is no longer in the graph")
        if why := refusal(document, self._guard.kinds):
            raise Stopped(f"{hold.holder} names it, and stays as it is: {why}")
        return document

    def _is_free(self, held: PlanItem, holders: set[str]) -> None:
        """Raises CallFailed, for a reason that may pass, while something else uses it: its cloud would refuse the deletion."""
        document = self._guard.store.node(held.id)
        users = detaching(self._guard.providers, held).users(document) if document else ()
        if other := next((user for user in users if user not in holders | self._planned), ""):
            raise CallFailed("cleanup", "InUse", f"{other} uses {held}: nothing that names it is cut")
