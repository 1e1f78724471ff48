"""One run of a workflow, from its first event to its last. The runner starts it in a thread of its own.

A step is framed by `pre_<step>`, `<step>` and `post_<step>`. At each, the event goes out, then its handlers run in order and are waited
for; at `<step>` the built-in action runs before them. What goes wrong in a step is told and recorded, and ends the run only where the
step says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from resh.cancel import Cancel
from resh.clock import Clock
from resh.durations import format_duration
from resh.errors import Cancelled, ReshError, StateError
from resh.events.event import ERROR, INFO, WARNING, Event, Progress, StepEvent, WorkflowEnded, WorkflowStarted, problem
from resh.state.runs import StepRecord
from resh.workflows.deadline import Abandoned, call_within
from resh.workflows.definition import Action, ActionMaker, RunStatus, Step, StepContext, StepResult, Workflow
from resh.workflows.handle import RunHandle
from resh.workflows.handlers import Handlers, Registration
from resh.workflows.outside import Outside
from resh.workflows.standing import Waiting

if TYPE_CHECKING:
    from resh.events.bus import EventBus
    from resh.state.runs import RunRecord

T = TypeVar("T")
E = TypeVar("E", bound=Event)
ACTION_GRACE = 90.0
"""Seconds for a step to stop once told: longer than one call to a cloud may take."""
HANDLER_GRACE = 10.0
"""For a handler: longer than what it waits for itself."""
PROGRESS_SECONDS = 0.1
"""At most one progress event a path in this time; the first and the last always go out."""
MAX_PROBLEMS = 50
"""That many problems of a step are recorded; all of them are in the log of events."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all runs of a runner share."""

    bus: EventBus
    actions: Mapping[str, Action]
    makers: Mapping[str, ActionMaker]
    handlers: Handlers
    clock: Clock
    save: Callable[[RunRecord], None]
    calling: Callable[[], Waiting | None]
    """The call to a cloud that this process has waited for longest."""


class Run:
    def __init__(self, handle: RunHandle, workflow: Workflow, around: Surroundings, outside: Outside) -> None:
        self._handle = handle
        self._workflow = workflow
        self._around = around
        self._outside = outside
        self._told: dict[tuple[str, ...], float] = {}
        self._result = StepResult()
        self._problems: list[str] = []
        self._handled = True
        self._saving_works = True

    def execute(self) -> None:
        """The whole run; never raises. The record and the events tell how it ended."""
        handle = self._handle
        about = f": {handle.record.about}" if handle.record.about else ""
        self._emit(WorkflowStarted(by=handle.record.by, text=f"{handle.workflow} {handle.id} started by {handle.record.by}{about}"))
        try:
            complete = all(self._step(step) for step in self._workflow.steps)
            status = self._judge(complete)
        except Cancelled as cancelled:
            status = "cancelled"
            self._close_step("cancelled")
            handle.record = replace(handle.record, errors=(cancelled.message,))
        except Exception as error:  # a mistake of ours must not leave the run open for ever
            status = "failed"
            self._problem(error)
            self._close_step("failed")
        handle.record = replace(handle.record, status=status, ended=self._around.clock.now())
        self._save()

    def announce_end(self) -> None:
        """The last event; by now the workflow may be started again."""
        record = self._handle.record
        seconds = record.seconds(record.ended)
        text = f"{record.workflow} {record.id} {record.status} after {format_duration(seconds)}{_reason(record.errors or record.problems)}"
        self._emit(WorkflowEnded(status=record.status, seconds=seconds, severity=_SEVERITY.get(record.status, ERROR), text=text))

    # -- a step --------------------------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> bool:
        """False when nothing may come after it."""
        self._handle.cancelled.check()
        self._open_step(step)
        go_on = self._frame(StepEvent(type=f"pre_{step.name}", step=step.name)) or step.on_error == "continue"
        error = self._work(step) if go_on else None
        if isinstance(error, Abandoned):  # it may still be writing
            self._close_step("failed")
            return False
        fine = self._frame(self._post(step, error))
        self._close_step("failed" if error or not go_on else "partial" if self._problems else "ok")
        return step.on_error == "continue" or (fine and error is None)

    def _work(self, step: Step) -> Exception | None:
        """The step's own event: the built-in action, then those that take part. What the action raised, if it did."""
        event = self._emit(StepEvent(type=step.name, step=step.name))
        error = self._act(step)
        if not isinstance(error, Abandoned):
            self._handlers(event)
        return error

    def _act(self, step: Step) -> Exception | None:
        try:
            self._result = self._call(lambda context: self._action(step)(context), step.name, step.timeout, ACTION_GRACE)
        except Exception as error:
            self._trouble(error)
            return error
        self._problems.extend(self._result.problems)
        return None

    def _action(self, step: Step) -> Action:
        if step.action in self._around.makers:
            return self._around.makers[step.action](self._workflow, step)
        if step.action not in self._around.actions:
            raise ReshError(f"there is no built-in step '{step.action}'")
        return self._around.actions[step.action]

    def _post(self, step: Step, error: Exception | None) -> StepEvent:
        text = self._result.summary if error is None else self._problems[-1]
        severity = ERROR if error else WARNING if self._problems else INFO
        return StepEvent(type=f"post_{step.name}", step=step.name, counts=self._result.counts, text=text, severity=severity)

    def _frame(self, event: StepEvent) -> bool:
        """Whether all handlers of the step succeeded so far."""
        self._handlers(self._emit(event))
        return self._handled

    def _handlers(self, event: StepEvent) -> None:
        for registration in self._around.handlers.of(event):
            self._handle.cancelled.check()
            self._handler(registration, event)
        self._handle.cancelled.check()

    def _handler(self, registration: Registration, event: StepEvent) -> None:
        try:
            self._call(partial(registration.handler, event), registration.name, registration.timeout, HANDLER_GRACE)
        except Exception as error:
            self._handled = False
            self._trouble(error, f"{registration.name} at {event.type}: ")

    def _call(self, function: Callable[[StepContext], T], name: str, seconds: float, grace: float) -> T:
        return call_within(
            lambda cancel: function(RunContext(self._handle, cancel, self._emit, self._progress)),
            name=name,
            seconds=seconds,
            cancel=self._handle.cancelled,
            grace=grace,
            tick=self._look_outside,
        )

    def _trouble(self, error: Exception, where: str = "") -> None:
        """A problem of the step, unless it is how a cancelled run ends."""
        if isinstance(error, Abandoned) or not self._handle.cancelled:
            self._problem(error, where)
        self._handle.cancelled.check()

    # -- the record ----------------------------------------------------------------------------------------------------------------

    def _open_step(self, step: Step) -> None:
        self._result, self._problems, self._handled = StepResult(), [], True
        record = self._handle.record
        if record.steps and record.steps[-1].status == "running":  # the first is stored with the run
            return
        self._handle.record = replace(record, steps=(*record.steps, StepRecord(step.name, self._around.clock.now())))
        self._save()

    def _close_step(self, status: str) -> None:
        record = self._handle.record
        if not record.steps or record.steps[-1].status != "running":
            return
        result, problems = self._result, self._problems[:MAX_PROBLEMS]
        if len(self._problems) > MAX_PROBLEMS:
            problems.append(f"and {len(self._problems) - MAX_PROBLEMS} more")
        step = replace(
            record.steps[-1],
            ended=self._around.clock.now(),
            status=status,
            summary=result.summary,
            counts=result.counts,
            problems=tuple(problems),
        )
        self._handle.record = replace(record, steps=(*record.steps[:-1], step))
        self._handle.tree.update((step.name,), 1, 1)

    def _judge(self, complete: bool) -> RunStatus:
        record = self._handle.record
        if not complete or (record.steps and all(step.status == "failed" for step in record.steps)):
            return "failed"
        return "partial" if record.problems else "ok"

    def _save(self) -> None:
        try:
            self._around.save(self._handle.record)
        except (StateError, TypeError, ValueError) as error:  # the last two: an action counted what JSON cannot hold
            if self._saving_works:
                self._emit(problem(error))
            self._saving_works = False

    # -- what is heard of it -------------------------------------------------------------------------------------------------------

    def _emit(self, event: E) -> E:
        """The event with what it is a part of."""
        event = event.changed(run=self._handle.id, workflow=self._handle.workflow)
        self._around.bus.emit(event)
        return event

    def _problem(self, error: Exception, where: str = "") -> None:
        event = problem(error, where)
        self._problems.append(event.text)
        self._emit(event.changed(text=f"{self._handle.step}: {event.text}"))

    def _progress(self, path: tuple[str, ...], done: int, total: int, text: str) -> None:
        self._handle.tree.update(path, done, total)
        now = self._around.clock.now()
        if 0 < done < total:
            if now - self._told.get(path, 0.0) < PROGRESS_SECONDS:
                return
            self._told[path] = now
        else:
            self._told.pop(path, None)
        self._emit(Progress(path=path, done=done, total=total, text=text))

    def _look_outside(self) -> None:
        """Other processes may ask for the end, and see how far it is."""
        for scope, reason in self._outside.asked():
            self._handle.stop(reason, scope)
        self._outside.tell(self._handle.standing(self._around.calling()))


class RunContext:
    """What an action or a handler gets of its run: `resh.workflows.definition.StepContext`."""

    __slots__ = ("_emit", "_progress", "cancel", "run", "scopes", "selection", "workflow")

    def __init__(
        self, handle: RunHandle, cancel: Cancel, emit: Callable[[Event], object], progress: Callable[[tuple[str, ...], int, int, str], None]
    ) -> None:
        self.run = handle.id
        self.workflow = handle.workflow
        self.cancel = cancel
        self.selection = handle.selection
        self.scopes = handle.scopes
        self._emit = emit
        self._progress = progress

    def progress(self, path: tuple[str, ...], done: int, total: int, text: str = "") -> None:
        self._progress(path, done, total, text)

    def emit(self, event: Event) -> None:
        self._emit(event)


_SEVERITY = {"ok": INFO, "partial": WARNING, "cancelled": WARNING}


def _reason(problems: tuple[str, ...]) -> str:
    if not problems:
        return ""
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f" ({problems[0]}{more})"
