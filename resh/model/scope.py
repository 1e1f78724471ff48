"""A scope is the unit of truth: one kind in one region of one account. Only a scope that was read completely may lose resources."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from resh.record import Record


class Scope(NamedTuple):
    cloud: str
    account: str
    region: str
    kind: str

    def __str__(self) -> str:
        return "/".join(self)


def usage_of(kind: str) -> str:
    """Stands for the kind in the scope that tells how asking for the usage of its resources ended."""
    return f"{kind}/usage"


class Status(StrEnum):
    OK = "ok"
    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    SKIPPED = "skipped"
    HELD = "held"
    """It was read, and so much is gone that it waits for confirmation."""

    @property
    def is_bad(self) -> bool:
        """Whether something that should be known is not."""
        return self not in (Status.OK, Status.SKIPPED)


class Code(StrEnum):
    """Why resh itself did not read a scope, or did not believe what it read; other codes are the cloud's."""

    NOT_COLLECTED = "NotCollected"
    NOT_CONFIGURED = "NotConfigured"
    NOT_REACHED = "NotReached"
    NOT_DUE = "NotDue"
    NOT_ASKED = "NotAsked"
    CAPPED = "Capped"
    SHRUNK = "Shrunk"
    STOPPED = "Stopped"


class ScopeReport(Record):
    """How reading one scope ended. `operation`, `code` and `message` are the cloud's own words about the call that failed."""

    scope: Scope
    status: Status
    count: int = 0
    operation: str = ""
    code: str = ""
    message: str = ""

    def __str__(self) -> str:
        why = f" ({self.operation}: {self.message or self.code})" if self.operation else ""
        return f"{self.status}: {self.scope}{why}"
