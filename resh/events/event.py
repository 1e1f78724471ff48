"""Events: what happened, when, in which run. Each type is a class, declared once: its fields with their types and what they mean, how
severe it is, and the line that people see when whoever emits it has no better words.

    bus.emit(StepEvent(type="pre_collect", run="01a7", workflow="collect_and_cleanup"))
    bus.emit(CleanupMarked(rule="expired", count=2))        # text: 'rule expired marked 2'

`seq` is 0 until the log has numbered the event. `table.py` lists all types by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from resh.errors import ReshError
from resh.record import Record

DEBUG, INFO, WARNING, ERROR = "debug", "info", "warning", "error"
SEVERITIES = (DEBUG, INFO, WARNING, ERROR)
"""From what is only kept to what needs somebody: `debug` stays away from prompts."""


class Event(Record):
    """The fields that all events have."""

    type: Annotated[str, "the name that jobs hook into and people mute"]
    run: Annotated[str, "id of the run, empty outside of one"] = ""
    workflow: Annotated[str, "the workflow that runs"] = ""
    at: Annotated[float, "seconds since 1970"] = 0.0
    seq: Annotated[int, "its number in the log, 0 when it is not stored"] = 0
    severity: Annotated[str, "debug, info, warning or error"] = INFO
    text: Annotated[str, "the line that people see"] = ""

    ephemeral: ClassVar[bool] = False
    """Shown, never stored."""
    also: ClassVar[tuple[str, ...]] = ()
    """What Resoto calls it."""

    def payload(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def line(self) -> str:
        """What people read when the event came without a text."""
        return ""


class WorkflowStarted(Event):
    """A run began."""

    type: str = "workflow_started"
    by: Annotated[str, "the user, or schedule"] = ""

    also: ClassVar[tuple[str, ...]] = ("task_started", "task_start")

    def line(self) -> str:
        return f"{self.workflow} {self.run} started by {self.by}"


class WorkflowEnded(Event):
    """A run is over."""

    type: str = "workflow_ended"
    status: Annotated[str, "ok, partial, failed, cancelled or interrupted"] = "ok"
    seconds: Annotated[float, "how long it took"] = 0.0

    also: ClassVar[tuple[str, ...]] = ("task_end",)

    def line(self) -> str:
        return f"{self.workflow} {self.run} {self.status} after {self.seconds:.1f} s"


class WorkflowSkipped(Event):
    """A schedule was due while the workflow was still running."""

    type: str = "workflow_skipped"
    severity: str = WARNING

    def line(self) -> str:
        return f"{self.workflow} is still running"


class StartRequested(Event):
    """Asks for a run of a workflow that has this trigger."""

    by: Annotated[str, "the user, or the job"] = ""

    def line(self) -> str:
        return f"asked for by {self.by}" if self.by else ""


class StepEvent(Event):
    """A step begins, works, has ended; handlers of these run before the run goes on."""

    step: Annotated[str, "name of the step"] = ""
    counts: Annotated[Mapping[str, Any], "the results of the step (post only)"] = MappingProxyType({})

    def payload(self) -> dict[str, Any]:
        return {**self.__dict__, "counts": dict(self.counts)}


class Progress(Event):
    """How far a step is; shown, never stored."""

    type: str = "progress"
    path: Annotated[tuple[str, ...], 'what it is about, such as ["collect", "aws", "123456789012", "eu-west-1"]'] = ()
    done: Annotated[int, "how many of them are done"] = 0
    total: Annotated[int, "how many there are"] = 0

    ephemeral: ClassVar[bool] = True


class ScopeFailed(Event):
    """A kind in a region of an account could not be read, or was held."""

    type: str = "scope_failed"
    severity: str = WARNING
    scope: Annotated[str, "such as aws/123456789012/eu-west-1/aws_ec2_volume; the account, where several are summed up"] = ""
    status: Annotated[str, "denied, throttled, failed or held"] = ""
    operation: Annotated[str, "the call that did not succeed, such as ec2:DescribeVolumes"] = ""
    code: Annotated[str, "the cloud's code of the error"] = ""
    message: Annotated[str, "the cloud's own words"] = ""

    def line(self) -> str:
        return f"{self.status}: {self.scope}{f' ({self.message})' if self.message else ''}"


class AccountMerged(Event):
    """What a collect found of an account is in the graph."""

    type: str = "account_merged"
    cloud: Annotated[str, "such as aws"] = ""
    account: Annotated[str, "id of the account"] = ""
    created: Annotated[int, "resources that are new"] = 0
    updated: Annotated[int, "resources that changed"] = 0
    deleted: Annotated[int, "resources that are gone"] = 0
    stale: Annotated[int, "resources that could not be read"] = 0

    def line(self) -> str:
        return f"{self.cloud}/{self.account}: +{self.created} ~{self.updated} -{self.deleted}"


class CleanupMarked(Event):
    """A rule, a job or a person marked resources for the next clean-up."""

    type: str = "cleanup_marked"
    rule: Annotated[str, "the rule, empty for a person"] = ""
    count: Annotated[int, "how many resources"] = 0
    by: Annotated[str, "the user, empty for a rule"] = ""
    reason: Annotated[str, "why, in the words of the user"] = ""
    not_before: Annotated[str, "when they may be deleted, empty: at once"] = ""

    def line(self) -> str:
        who = f"rule {self.rule}" if self.rule else self.by
        grace = f", to be deleted from {self.not_before} on" if self.not_before else ""
        return f"{who} marked {self.count}{grace}{f': {self.reason}' if self.reason else ''}"


class CleanupWarning(Event):
    """A grace period is nearly over: what was marked will be deleted."""

    type: str = "cleanup_warning"
    severity: str = WARNING
    by: Annotated[str, "who marked it: a rule, a job or a user"] = ""
    count: Annotated[int, "how many resources"] = 0
    not_before: Annotated[str, "from when on they are deleted"] = ""

    def line(self) -> str:
        return f"{self.count} marked by {self.by} will be deleted from {self.not_before} on"


class CleanupStopped(Event):
    """A plan was above a limit: nothing of it was deleted."""

    type: str = "cleanup_stopped"
    severity: str = WARNING
    plan: Annotated[str, "id of the plan"] = ""
    count: Annotated[int, "how many resources it would have deleted"] = 0
    reasons: Annotated[tuple[str, ...], "what stopped it"] = ()

    def line(self) -> str:
        return f"plan {self.plan} stopped: {'; '.join(self.reasons)}"


class OfResource(Event):
    """About one resource."""

    id: Annotated[str, "the node's id"] = ""
    kind: Annotated[str, "its kind"] = ""
    name: Annotated[str, "its name"] = ""


class ResourceCleaned(OfResource):
    """A resource was deleted in its cloud."""

    type: str = "resource_cleaned"

    def line(self) -> str:
        return f"deleted {self.kind} {self.name or self.id}"


class ResourceQuarantined(OfResource):
    """A resource was put out of service, to be deleted later."""

    type: str = "resource_quarantined"

    def line(self) -> str:
        return f"put {self.kind} {self.name or self.id} in quarantine"


class ResourceDetached(OfResource):
    """A resource was made to let go of others, so that these can be deleted."""

    type: str = "resource_detached"
    others: Annotated[tuple[str, ...], "ids of what it named, as the cloud calls them"] = ()

    def line(self) -> str:
        return f"{self.kind} {self.name or self.id} let go of {', '.join(self.others)}"


class ResourceEmptied(OfResource):
    """What is in a resource is being deleted, so that it can be deleted itself."""

    type: str = "resource_emptied"
    count: Annotated[int, "how much of it has gone until now"] = 0

    def line(self) -> str:
        return f"{self.kind} {self.name or self.id}: {self.count:,} deleted in it"


class ResourceSkipped(OfResource):
    """A resource of a plan was not deleted after all."""

    type: str = "resource_skipped"
    why: Annotated[str, "what kept it"] = ""

    def line(self) -> str:
        return f"left {self.kind} {self.name or self.id}: {self.why}"


class CleanupFailed(OfResource):
    """A resource could not be deleted."""

    type: str = "cleanup_failed"
    severity: str = ERROR
    message: Annotated[str, "the cloud's own words"] = ""

    def line(self) -> str:
        return f"could not delete {self.kind} {self.name or self.id}: {self.message}"


class Problem(Event):
    """Something went wrong outside one resource: an account, a rule, a handler."""

    type: str = "error"
    severity: str = ERROR
    detail: Annotated[str, "the traceback of an unexpected error"] = ""


def problem(error: BaseException, where: str = "") -> Problem:
    """What an exception is to people: its message and hint in one line; an unexpected one keeps its traceback."""
    if isinstance(error, ReshError):
        return Problem(text=f"{where}{error.message}{f' ({error.hint})' if error.hint else ''}")
    from traceback import format_exception

    return Problem(text=f"{where}{type(error).__name__}: {error}", detail="".join(format_exception(error)))
