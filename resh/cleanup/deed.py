"""What happens to one planned resource: the guard looks, then something is done about it on the record, or in a dry run nearly so.

    attempt = Attempt(guard, Delete(…), cancel)      # for real: `deletion.py`
    attempt = Attempt(guard, Pretend(), cancel)      # a dry run: the same code with the last call swapped
    attempt(item)                                    # Result

`execute.py` calls it from several threads, for one item from one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from resh.cancel import Cancel
from resh.cleanup.guard import Guard
from resh.cleanup.outcome import Outcome, Result
from resh.cleanup.plan import PlanItem
from resh.errors import CallFailed, Cancelled, ReshError, StateError
from resh.graph.base import Document


class Deed(Protocol):
    def begun(self, item: PlanItem) -> Result | None:
        """What has become of it, when the cloud has accepted it already. Raises CallFailed."""
        ...

    def __call__(self, item: PlanItem, document: Document) -> Result:
        """Do it. Raises ReshError; `Stopped` when it must not be gone on with."""
        ...


class Stopped(ReshError):
    """Something that speaks against a deed turned up in the middle of it."""


@dataclass(frozen=True, slots=True)
class Pretend:
    """Does nothing."""

    outcome: Outcome = Outcome.WOULD_DELETE

    def begun(self, item: PlanItem) -> Result | None:
        return None

    def __call__(self, item: PlanItem, document: Document) -> Result:
        return Result(item, self.outcome)


@dataclass(frozen=True, slots=True)
class Attempt:
    guard: Guard
    deed: Deed
    cancel: Cancel
    tried: set[str] = field(default_factory=set)
    """Whose deed was begun, and has failed."""

    def __call__(self, item: PlanItem) -> Result:
        """Never raises for what one resource does; raises StateError when the journal or the graph cannot be written."""
        try:
            return self.deed.begun(item) or self._look_and_do(item)
        except StateError:
            raise
        except Cancelled as error:
            return Result(item, Outcome.CANCELLED, error.message)
        except Stopped as error:
            return Result(item, Outcome.SKIPPED, error.message)
        except CallFailed as error:
            return Result(item, Outcome.FAILED, _said(error), error.error)
        except ReshError as error:
            return Result(item, Outcome.FAILED, error.message)
        except Exception as error:  # a provider's defect on one resource must not end the others
            return Result(item, Outcome.FAILED, f"{type(error).__name__}: {error}")

    def _look_and_do(self, item: PlanItem) -> Result:
        seen = self._cancelled(item) or self.guard.look(item, again=item.id in self.tried)
        if isinstance(seen, Result):
            return seen
        if cancelled := self._cancelled(item):
            return cancelled
        self.tried.add(item.id)
        return self.deed(item, seen)

    def _cancelled(self, item: PlanItem) -> Result | None:
        return Result(item, Outcome.CANCELLED, self.cancel.reason) if self.cancel else None


def _said(error: CallFailed) -> str:
    return f"{error.operation}: {error.message or error.error}"
