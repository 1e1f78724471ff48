"""Events: what happened, when, in which run. Each type is a class; its fields are the payload, its `text` the line that people see.

    bus.emit(StepEvent(type="pre_collect", run="01a7", workflow="collect_and_cleanup"))

`seq` is 0 until the log has numbered the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from resh.errors import ReshError
from resh.record import Record

INFO, WARNING, ERROR = "info", "warning", "error"


class Event(Record):
    """`type` is the name that jobs hook into and people mute; `at` epoch seconds (the bus fills it in)."""

    type: str
    run: str = ""
    workflow: str = ""
    at: float = 0.0
    seq: int = 0
    severity: str = INFO
    text: str = ""

    ephemeral: ClassVar[bool] = False

    def payload(self) -> dict[str, Any]:
        return dict(self.__dict__)


class WorkflowStarted(Event):
    type: str = "workflow_started"
    by: str = ""


class WorkflowEnded(Event):
    """`status` is ok, partial, failed, cancelled or interrupted; `seconds` the run's duration."""

    type: str = "workflow_ended"
    status: str = "ok"
    seconds: float = 0.0


class WorkflowSkipped(Event):
    """A schedule was due while the workflow was still running."""

    type: str = "workflow_skipped"
    severity: str = WARNING


class StepEvent(Event):
    """`pre_<step>`, `<step>`, `post_<step>`: handlers of these run before the step goes on. `counts` are the step's results (post only)."""

    step: str = ""
    counts: Mapping[str, Any] = MappingProxyType({})

    def payload(self) -> dict[str, Any]:
        return {**self.__dict__, "counts": dict(self.counts)}


class Progress(Event):
    """How far a step is; shown, never stored. `path` such as ("collect", "aws", "123456789012", "eu-west-1")."""

    type: str = "progress"
    path: tuple[str, ...] = ()
    done: int = 0
    total: int = 0

    ephemeral: ClassVar[bool] = True


class ScopeFailed(Event):
    type: str = "scope_failed"
    severity: str = WARNING
    scope: str = ""
    status: str = ""
    operation: str = ""
    code: str = ""
    message: str = ""


class AccountMerged(Event):
    type: str = "account_merged"
    cloud: str = ""
    account: str = ""
    created: int = 0
    updated: int = 0
    deleted: int = 0
    stale: int = 0


class CleanupMarked(Event):
    type: str = "cleanup_marked"
    rule: str = ""
    count: int = 0


class ResourceCleaned(Event):
    type: str = "resource_cleaned"
    id: str = ""
    kind: str = ""
    name: str = ""


class CleanupFailed(Event):
    type: str = "cleanup_failed"
    severity: str = ERROR
    id: str = ""
    kind: str = ""
    name: str = ""
    message: str = ""


class Problem(Event):
    """Something went wrong outside one resource: an account, a rule, a handler. `detail` is the traceback of an unexpected error."""

    type: str = "error"
    severity: str = ERROR
    detail: str = ""


def problem(error: Exception, where: str = "") -> Problem:
    """What an exception is to people: its message and hint in one line; an unexpected one keeps its traceback."""
    if isinstance(error, ReshError):
        return Problem(text=f"{where}{error.message}{f' ({error.hint})' if error.hint else ''}")
    from traceback import format_exception

    return Problem(text=f"{where}{type(error).__name__}: {error}", detail="".join(format_exception(error)))


_CLASSES: dict[str, type[Event]] = {
    cls().type: cls
    for cls in (
        WorkflowStarted,
        WorkflowEnded,
        WorkflowSkipped,
        Progress,
        ScopeFailed,
        AccountMerged,
        CleanupMarked,
        ResourceCleaned,
        CleanupFailed,
        Problem,
    )
}


def from_payload(payload: dict[str, Any]) -> Event:
    """The event of a stored line; fields that this version does not know are left out."""
    cls = _CLASSES.get(payload.get("type", ""), StepEvent)
    known = set(cls._fields)
    return cls(**{key: value for key, value in payload.items() if key in known})
