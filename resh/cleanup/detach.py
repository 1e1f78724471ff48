"""Breaks the cycles of a plan: right before the first deletion of one, some of its members let go of others, by a call of their cloud.

    deed = Breaking(delete, plan, guard, Cut(record, providers), tried, cancel)
    deed(item, document)          # breaks the cycle of the item, if it is in one and nobody has yet, then deletes

Nothing is cut before the guard has looked at every member, nor while anything but another member uses one, of which the graph may not know
yet, nor once one of them may not go any more: then all stay. Each cut is an entry
of the journal of its own, which knows what was cut before the call is made. A dry run is the same with `Pretended` cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from resh.cancel import Cancel
from resh.cleanup.deed import Deed, Stopped
from resh.cleanup.guard import Guard
from resh.cleanup.journal import DETACH
from resh.cleanup.on_record import Record
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import Cycle, Plan, PlanItem
from resh.errors import CallFailed, UsageError
from resh.graph.base import Document
from resh.providers.base import Detaching, Provider


class Cutting(Protocol):
    def __call__(self, item: PlanItem, document: Document, others: Sequence[PlanItem]) -> None:
        """Let the one go of the others. Raises ReshError."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """On the record; `told` hears what let go of which others."""

    record: Record
    providers: Mapping[str, Provider]
    told: Callable[[PlanItem, Sequence[PlanItem]], None] = lambda item, others: None

    def __call__(self, item: PlanItem, document: Document, others: Sequence[PlanItem]) -> None:
        provider = detaching(self.providers, item)
        entry = self.record.start(document, item.reason, item.by, deed=DETACH)
        with self.record.calls(entry) as calls:
            ties = provider.ties(document, _rids(others))
            self.record.journal.note(entry, ties=list(ties))
            provider.detach(document, ties)
        self.record.finish(entry, "detached", calls)
        if ties:
            self.told(item, others)


@dataclass(frozen=True, slots=True)
class Pretended:
    """Looks for what would be cut, and leaves it."""

    providers: Mapping[str, Provider]

    def __call__(self, item: PlanItem, document: Document, others: Sequence[PlanItem]) -> None:
        detaching(self.providers, item).ties(document, _rids(others))


def detaching(providers: Mapping[str, Provider], item: PlanItem) -> Detaching:
    """Its cloud. Raises UsageError when that knows no such calls."""
    provider: object = providers[item.cloud]
    if not isinstance(provider, Detaching):
        raise UsageError(f"nobody knows how {item} lets go of others")
    return provider


def _rids(items: Sequence[PlanItem]) -> frozenset[str]:
    return frozenset(item.rid for item in items)


class Breaking:
    """A deed: the deletion of what may be in a cycle. `tried` are those whose deed was begun: what is cut counts as such."""

    def __init__(self, deed: Deed, plan: Plan, guard: Guard, cut: Cutting, tried: set[str], cancel: Cancel) -> None:
        self._deed, self._guard, self._cut, self._cancel = deed, guard, cut, cancel
        self._items = {item.id: item for item in plan.items()}
        self._cycles = {id: cycle for cycle in plan.cycles for id in cycle.members}
        self._locks = {cycle.members: Lock() for cycle in plan.cycles}
        self._broken: set[tuple[str, ...]] = set()
        self._tried = tried
        self._begun: set[str] = set()
        self._done: set[str] = set()

    def begun(self, item: PlanItem) -> Result | None:
        return self._deed.begun(item)

    def __call__(self, item: PlanItem, document: Document) -> Result:
        cycle = self._cycles.get(item.id)
        seen = self._ready(item, cycle) if cycle else None
        return seen if isinstance(seen, Result) else self._deed(item, seen or document)

    def _ready(self, item: PlanItem, cycle: Cycle) -> Document | Result | None:
        """The item once more, if its cycle had to be broken for it: that takes long enough for a person to press unclean or protect."""
        with self._locks[cycle.members]:
            if cycle.members in self._broken:
                return None
            if item.id not in self._begun:
                self._tried.discard(item.id)  # nothing has happened to it yet
            self._break(item, cycle)
            self._broken.add(cycle.members)
            seen = self._guard.look(item, again=item.id in self._tried)
            self._tried.add(item.id)
            return seen

    def _break(self, item: PlanItem, cycle: Cycle) -> None:
        there = [self._items[id] for id in cycle.members if id == item.id or self._is_there(self._items[id])]
        left = {member.id for member in there}
        rids = _rids(there)
        for member in there:
            self._is_free(member, rids, cycle)
        for id, others in cycle.cuts:
            wanted = [self._items[other] for other in others if other in left]
            if id in left and id not in self._done and wanted:
                self._cancel.check()
                documents = {member.id: self._still(member) for member in there}
                self._begun.add(id)
                self._tried.add(id)
                self._cut(self._items[id], documents[id], wanted)
                self._done.add(id)

    def _is_there(self, member: PlanItem) -> bool:
        """Whether it has not gone by itself. Raises Stopped when it may not go."""
        if self._guard.store.node(member.id) is None:
            return False
        seen = self._guard.look(member, again=member.id in self._tried)
        if isinstance(seen, Result) and seen.outcome is not Outcome.GONE:
            raise _stays(member, seen)
        return not isinstance(seen, Result)

    def _is_free(self, member: PlanItem, rids: frozenset[str], cycle: Cycle) -> None:
        """Raises CallFailed, for a reason that may pass, while something else uses it."""
        users = detaching(self._guard.providers, member).users(self._still(member))
        if other := next((user for user in users if user not in rids), ""):
            raise CallFailed(cycle.call, "InUse", f"{other} uses {member}, which is in a cycle: nothing of that is cut")

    def _still(self, member: PlanItem) -> Document:
        """As the graph has it now."""
        seen = self._guard.in_graph(member)
        if isinstance(seen, Result):
            raise _stays(member, seen)
        return seen


def _stays(member: PlanItem, seen: Result) -> Stopped:
    return Stopped(f"in a cycle with {member}, which is {seen.outcome}: {seen.why}")
