"""All events by name, what Resoto calls them included, and what the fields of each mean.

    from_payload({"type": "workflow_started", "run": "01a7", …})     WorkflowStarted(run="01a7", …)
    names({"metrics": ("generate_metrics",)})                        {"workflow_started": "A run began", "pre_generate_metrics": …}
    fields(Login)                                                    {"user": ("str", "who"), …}

Types with a name in them are not listed: `start_<workflow>_workflow`, and the events of a step, `pre_<step>`, `<step>`, `post_<step>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, get_args, get_type_hints

from resh.events.alerts import AlertFired, AlertResolved
from resh.events.changes import GraphMergeCompleted, ResourceCreated, ResourceDeleted, ResourceUpdated
from resh.events.event import (
    AccountMerged,
    CleanupFailed,
    CleanupMarked,
    CleanupStopped,
    CleanupWarning,
    Event,
    Problem,
    Progress,
    ResourceCleaned,
    ResourceDetached,
    ResourceEmptied,
    ResourceQuarantined,
    ResourceSkipped,
    ScopeFailed,
    StartRequested,
    StepEvent,
    WorkflowEnded,
    WorkflowSkipped,
    WorkflowStarted,
)
from resh.events.jobs import JobEnded, JobSkipped, JobStarted
from resh.events.people import BackgroundEnded, ConfigDeleted, ConfigUpdated, Login, Logout, Message, UserChanged

EVENTS: dict[str, type[Event]] = {
    cls().type: cls
    for cls in (
        WorkflowStarted,
        WorkflowEnded,
        WorkflowSkipped,
        Progress,
        ScopeFailed,
        AccountMerged,
        ResourceCreated,
        ResourceUpdated,
        ResourceDeleted,
        GraphMergeCompleted,
        CleanupMarked,
        CleanupStopped,
        CleanupWarning,
        ResourceCleaned,
        ResourceDetached,
        ResourceEmptied,
        ResourceQuarantined,
        ResourceSkipped,
        CleanupFailed,
        ConfigUpdated,
        ConfigDeleted,
        JobStarted,
        JobEnded,
        JobSkipped,
        AlertFired,
        AlertResolved,
        Login,
        Logout,
        Message,
        UserChanged,
        BackgroundEnded,
        Problem,
    )
}
OTHER_NAMES: Mapping[str, str] = {other: name for name, cls in EVENTS.items() for other in cls.also}
"""Resoto's name -> ours."""
_START = re.compile(r"start_.+_workflow")


def names(workflows: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Every name of an event with what it says, also those of these workflows and their steps."""
    found = {name: about(cls) for name, cls in EVENTS.items()}
    found |= {f"start_{workflow}_workflow": f"asks for a run of {workflow}" for workflow in workflows}
    for step in dict.fromkeys(chain.from_iterable(workflows.values())):
        found |= {f"pre_{step}": f"{step} begins", step: f"{step} works", f"post_{step}": f"{step} has ended"}
    return found


def about(cls: type[Event]) -> str:
    return (cls.__doc__ or "").partition("\n")[0].rstrip(".")


def fields(cls: type[Event], own: bool = True) -> dict[str, tuple[str, str]]:
    """Name -> (type, what it means) of the fields that only this event has, or of all."""
    of_all, hints = (get_type_hints(one, include_extras=True) for one in (Event, cls))
    hints |= of_all  # a type redeclares its name and its severity, which mean what they always do
    wanted = (name for name in cls._fields if not (own and name in Event._fields))
    return {name: (_type(get_args(hints[name])[0]), get_args(hints[name])[1]) for name in wanted}


def _type(kind: Any) -> str:
    """As JSON has it."""
    names = {str: "text", int: "number", float: "number"}
    return names.get(kind, "list" if "tuple" in str(kind) else "object")


def event_class(name: str) -> type[Event]:
    return EVENTS.get(name) or (StartRequested if _START.fullmatch(name) else StepEvent)


def from_payload(payload: dict[str, Any]) -> Event:
    """The event of a stored line; fields that this version does not know are left out."""
    cls = event_class(payload.get("type", ""))
    known = set(cls._fields)
    return cls(**{key: value for key, value in payload.items() if key in known})
