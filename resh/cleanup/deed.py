"""What happens to one planned resource: the guard looks, then it is deleted on the record, or in a dry run nearly so.

    attempt = Attempt(guard, delete, cancel)         # for real
    attempt = Attempt(guard, pretend, cancel)        # a dry run: the same code with the last call swapped
    attempt(item)                                    # Result

`execute.py` calls it from several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resh.cancel import Cancel
from resh.cleanup.guard import Guard
from resh.cleanup.journal import Entry, Journal
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import PlanItem
from resh.clock import Clock, iso
from resh.errors import CallFailed, ReshError, StateError
from resh.graph.base import Document, GraphStore
from resh.model.edge import EDGE_TYPES
from resh.providers.base import Provider

Deed = Callable[[PlanItem, Document], Result]


@dataclass(frozen=True, slots=True)
class Attempt:
    guard: Guard
    deed: Deed
    cancel: Cancel

    def __call__(self, item: PlanItem) -> Result:
        """Never raises for what one resource does; raises StateError when the journal or the graph cannot be written."""
        try:
            return self._look_and_do(item)
        except StateError:
            raise
        except CallFailed as error:
            return Result(item, Outcome.FAILED, _said(error), error.error)
        except ReshError as error:
            return Result(item, Outcome.FAILED, error.message)
        except Exception as error:  # a provider's defect on one resource must not end the others
            return Result(item, Outcome.FAILED, f"{type(error).__name__}: {error}")

    def _look_and_do(self, item: PlanItem) -> Result:
        seen = self._cancelled(item) or self.guard.look(item)
        if isinstance(seen, Result):
            return seen
        return self._cancelled(item) or self.deed(item, seen)

    def _cancelled(self, item: PlanItem) -> Result | None:
        return Result(item, Outcome.CANCELLED, self.cancel.reason) if self.cancel else None


def pretend(item: PlanItem, document: Document) -> Result:
    return Result(item, Outcome.WOULD_DELETE)


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes for real: the journal before the call, the journal after it."""

    store: GraphStore
    providers: Mapping[str, Provider]
    journal: Journal
    clock: Clock
    plan: str
    run: str

    def __call__(self, item: PlanItem, document: Document) -> Result:
        edges = [(*pair, type_) for type_ in EDGE_TYPES for pair in self.store.neighbours([item.id], type_)]
        entry = Entry(document, edges, self.plan, self.run, item.reason, item.by, iso(self.clock.now()), monthly_cost=item.monthly_cost)
        self.journal.start(entry)
        try:
            self.providers[item.cloud].delete(document)
        except Exception as error:
            code = error.error if isinstance(error, CallFailed) else type(error).__name__
            self.journal.finish(entry, "failed", self.clock.now(), code=code, message=str(error))
            raise
        self.journal.finish(entry, "deleted", self.clock.now())
        return Result(item, Outcome.DELETED)


def _said(error: CallFailed) -> str:
    return f"{error.operation}: {error.message or error.error}"
