"""What became of each resource of a plan, one by one and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from resh.cleanup.plan import Plan, PlanItem


class Outcome(StrEnum):
    """`gone`: someone else had deleted it; `skipped`: the guard objected; `held`: something that must go first did not.

    `going`: the cloud has accepted the deletion, and the resource was still there when it was last looked for.
    """

    DELETED = "deleted"
    WOULD_DELETE = "would be deleted"
    QUARANTINED = "put in quarantine"
    WOULD_QUARANTINE = "would be put in quarantine"
    GONE = "gone"
    GOING = "being deleted"
    SKIPPED = "skipped"
    FAILED = "failed"
    HELD = "held back"
    CANCELLED = "cancelled"

    @property
    def is_out_of_the_way(self) -> bool:
        """Whether what waits for the resource may go on."""
        return self in (Outcome.DELETED, Outcome.WOULD_DELETE, Outcome.GONE)

    @property
    def is_isolated(self) -> bool:
        """Whether what goes into quarantine along with the resource may follow."""
        return self in (Outcome.QUARANTINED, Outcome.WOULD_QUARANTINE)


SNAPSHOT_PENDING = "SnapshotPending"
"""The code of what is not deleted yet because its last snapshot is not complete."""


@dataclass(frozen=True, slots=True)
class Result:
    """`why` is for people; `code` is the cloud's error code when a call failed."""

    item: PlanItem
    outcome: Outcome
    why: str = ""
    code: str = ""

    @property
    def waits(self) -> bool:
        """Whether the cloud is at work: there is nothing to do but to look again."""
        return self.outcome is Outcome.GOING or self.code == SNAPSHOT_PENDING


@dataclass(frozen=True, slots=True)
class Report:
    """What one execution of a plan did."""

    plan: Plan
    dry_run: bool
    results: tuple[Result, ...]
    stopped: tuple[str, ...] = ()
    """What stopped the plan as a whole: then nothing was looked at."""

    def counts(self) -> Mapping[Outcome, int]:
        return Counter(result.outcome for result in self.results)

    def of(self, outcome: Outcome) -> list[Result]:
        return [result for result in self.results if result.outcome is outcome]
