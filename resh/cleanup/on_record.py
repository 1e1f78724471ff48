"""What is done about a resource is done on the record: the journal before the first call, the journal after the last.

entry = record.start(item, document)
with record.calls(entry) as calls:          # what fails in it is a failure of the entry
    provider.delete(document)
record.finish(entry, "deleted", calls)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from resh.cleanup.journal import DELETE, Entry, Journal, Transcript
from resh.clock import Clock, iso
from resh.errors import CallFailed
from resh.graph.base import Document, GraphStore
from resh.model.edge import EDGE_TYPES
from resh.providers.counting import also_heard_by


@dataclass(frozen=True, slots=True)
class Record:
    """`plan` and `run` are those that it is done for, if there are any; `people` stand for the plan, or carry it out by hand."""

    store: GraphStore
    journal: Journal
    clock: Clock
    plan: str = ""
    run: str = ""
    people: tuple[str, ...] = ()

    def start(self, document: Document, reason: str, by: str, *, deed: str = DELETE, monthly_cost: float | None = None) -> Entry:
        edges = [(*pair, type_) for type_ in EDGE_TYPES for pair in self.store.neighbours([document["id"]], type_)]
        at = iso(self.clock.now())
        entry = Entry(document, edges, self.plan, self.run, reason, by, at, deed=deed, monthly_cost=monthly_cost, people=self.people)
        self.journal.start(entry)
        return entry

    @contextmanager
    def calls(self, entry: Entry) -> Iterator[Transcript]:
        """The calls in it."""
        calls = Transcript()
        try:
            with also_heard_by(calls):
                yield calls
        except Exception as error:
            code = error.error if isinstance(error, CallFailed) else type(error).__name__
            self.journal.finish(entry, "failed", self.clock.now(), code=code, message=str(error), calls=calls)
            raise

    def finish(self, entry: Entry, result: str, calls: Transcript | None = None, *, code: str = "", message: str = "") -> None:
        self.journal.finish(entry, result, self.clock.now(), code=code, message=message, calls=calls)
