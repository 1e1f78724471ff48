"""What a workflow is: a name and steps in order. Each step is framed by the events `pre_<step>`, `<step>`, `post_<step>`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from resh.cancel import Cancel
from resh.events.event import Event
from resh.providers.selection import Selection

RunStatus = Literal["running", "ok", "partial", "failed", "cancelled", "interrupted"]


@dataclass(frozen=True, slots=True)
class Step:
    """`action` names a built-in step; `timeout` in seconds; after an error the run goes on or stops."""

    name: str
    action: str
    timeout: float = 3 * 3600.0
    on_error: Literal["continue", "stop"] = "continue"


@dataclass(frozen=True, slots=True)
class Workflow:
    name: str
    steps: tuple[Step, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class StepResult:
    """`summary` is one line for people; `counts` are numbers for `history`; `problems` make the run partial."""

    summary: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


class StepContext(Protocol):
    """What a running step may use of its run."""

    run: str
    workflow: str
    cancel: Cancel
    selection: Selection
    """What the run is about; a step that can not do a part of its work does all of it."""

    def progress(self, path: tuple[str, ...], done: int, total: int, text: str = "") -> None: ...

    def emit(self, event: Event) -> None:
        """Emit with this run's id and workflow filled in."""
        ...


class Action(Protocol):
    """A built-in step: `collect.py`, `cleanup_plan.py`, `cleanup.py`, `generate_metrics.py` each make one."""

    def __call__(self, context: StepContext) -> StepResult: ...
