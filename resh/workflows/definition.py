"""What a workflow is: a name and steps in order. Each step is framed by the events `pre_<step>`, `<step>`, `post_<step>`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol

from resh.cancel import Cancel
from resh.events.event import Event
from resh.providers.selection import Selection
from resh.record import Record
from resh.workflows.scopes import Scopes

RunStatus = Literal["running", "ok", "partial", "failed", "cancelled", "interrupted"]


OnError = Literal["continue", "stop"]
WhenRunning = Literal["skip", "wait", "replace", "parallel"]


class Author(Record):
    """Who wrote a workflow: its command lines do what this user may do."""

    user: str
    role: str
    local: bool
    env: Mapping[str, str] = MappingProxyType({})


class Step(Record):
    """`action` names a built-in step, or is `run` (the command line `what`), `wait` (for the event `what`) or `emit` (nothing but its
    events); `timeout` in seconds; after an error the run goes on or stops."""

    name: str
    action: str
    timeout: float = 3 * 3600.0
    on_error: OnError = "continue"
    what: str = ""


class Workflow(Record):
    """`schedule` (as of `resh.timing`), `event` (as of `resh.events.trigger`) and `at_start` of a shell start it, while it is `enabled`.
    `when_running` says what becomes of a start while it runs. `author` is who wrote it, None for a built-in one."""

    name: str
    steps: tuple[Step, ...]
    description: str = ""
    schedule: str = ""
    event: str = ""
    at_start: bool = False
    when_running: WhenRunning = "skip"
    enabled: bool = True
    author: Author | None = None


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

    scopes: Scopes
    """What of it may be stopped alone: a step that can end a part of its work asks here."""

    def progress(self, path: tuple[str, ...], done: int, total: int, text: str = "") -> None: ...

    def emit(self, event: Event) -> None:
        """Emit with this run's id and workflow filled in."""
        ...


class Action(Protocol):
    """A built-in step: `collect.py`, `cleanup_plan.py`, `cleanup.py`, `generate_metrics.py` each make one."""

    def __call__(self, context: StepContext) -> StepResult: ...


ActionMaker = Callable[[Workflow, Step], Action]
"""Makes the action of a step that is more than a name: `own_steps.py`."""
