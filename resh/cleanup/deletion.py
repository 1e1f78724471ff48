"""Deletes one resource for real: the journal before the first call, the journal after the last; what is to be kept is kept first.

    delete = Delete(record, providers, Wishes(snapshots=True), cancel)
    delete(item, document)        # Result: deleted; being deleted, where the cloud takes its time
    delete.begun(item)            # None, or what has become of the latter
    delete.close()                # at the end: what waited for its snapshot was not deleted

A deletion is one entry of the journal, whatever calls it takes; `calls` are those, with the ids by which the cloud knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from resh.cancel import Cancel
from resh.cleanup.deed import Stopped
from resh.cleanup.journal import Entry
from resh.cleanup.keeping import Keeping, Kept
from resh.cleanup.marking import is_marked
from resh.cleanup.on_record import Record
from resh.cleanup.outcome import SNAPSHOT_PENDING, Outcome, Result
from resh.cleanup.plan import PlanItem
from resh.cleanup.protection import protection
from resh.errors import CallFailed, GaveUp
from resh.graph.base import Document
from resh.providers.base import Care, Careful, Provider


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done besides: keep last snapshots; empty what is full, of which `busy` hears how much has gone."""

    snapshots: bool = False
    empty: bool = False
    busy: Callable[[PlanItem, int], None] = lambda item, gone: None


@dataclass(frozen=True, slots=True)
class Delete:
    record: Record
    providers: Mapping[str, Provider]
    wishes: Wishes
    cancel: Cancel
    accepted: dict[str, tuple[Entry, Document]] = field(default_factory=dict)
    waiting: dict[str, Entry] = field(default_factory=dict)
    """Whose last snapshot is not complete."""
    kept: dict[str, Kept] = field(default_factory=dict)

    def begun(self, item: PlanItem) -> Result | None:
        if item.id not in self.accepted:
            return None
        entry, document = self.accepted[item.id]
        try:
            going = self._is_going(item, document)
        except GaveUp as error:
            del self.accepted[item.id]
            self.record.finish(entry, "failed", code=error.error, message=error.message)
            raise
        if going:
            return Result(item, Outcome.GOING, "the cloud has accepted its deletion")
        del self.accepted[item.id]
        self.record.finish(entry, "deleted")
        return Result(item, Outcome.DELETED)

    def __call__(self, item: PlanItem, document: Document) -> Result:
        entry = self.waiting.pop(item.id, None) or self.record.start(document, item.reason, item.by, monthly_cost=item.monthly_cost)
        with self.record.calls(entry) as calls:
            if pending := self._pending(item, document, entry):
                self.waiting[item.id] = entry
                return Result(item, Outcome.FAILED, f"its last snapshot is not complete: {', '.join(pending)}", SNAPSHOT_PENDING)
            self._delete(item, document)
            going = self._is_going(item, document)
        if going:
            self.record.journal.accept(entry, calls)
            self.accepted[item.id] = (entry, document)
            return Result(item, Outcome.GOING, "the cloud has accepted its deletion")
        self.record.finish(entry, "deleted", calls)
        return Result(item, Outcome.DELETED)

    def close(self) -> None:
        """Nothing is waited for any more."""
        for entry in self.waiting.values():
            self.record.finish(entry, "failed", code=SNAPSHOT_PENDING, message="its last snapshot was not complete")
        self.waiting.clear()

    def _pending(self, item: PlanItem, document: Document, entry: Entry) -> list[str]:
        """Last snapshots that are not complete."""
        if not self.wishes.snapshots:
            return []
        keeping = Keeping(self.providers, self.record.store)
        if item.id not in self.kept:
            self.kept[item.id] = keeping.begin(item, document, self.record.clock.now())
            self.record.journal.note(entry, snapshots=self.kept[item.id].ids)
        return keeping.pending(self.kept[item.id])

    def _delete(self, item: PlanItem, document: Document) -> None:
        provider = self.providers[item.cloud]
        if not isinstance(provider, Careful):
            provider.delete(document)
            return

        def go_on(gone: int) -> None:
            self.wishes.busy(item, gone)
            self.cancel.check()
            self._still_wanted(item)

        kept = self.kept.get(item.id)
        provider.delete_with(document, Care(kept.name if kept else "", self.wishes.empty, go_on))

    def _still_wanted(self, item: PlanItem) -> None:
        """Emptying takes long enough for a person to press unclean or protect."""
        document = self.record.store.node(item.id)
        if document is None or not is_marked(document):
            raise Stopped("no longer marked")
        if why := protection(document):
            raise Stopped(why)

    def _is_going(self, item: PlanItem, document: Document) -> bool:
        """What cannot be looked for has not gone, as far as anybody knows. Raises GaveUp."""
        provider = self.providers[item.cloud]
        try:
            return isinstance(provider, Careful) and provider.is_going(document)
        except GaveUp:
            raise
        except CallFailed:
            return True
