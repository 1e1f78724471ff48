"""Starts workflows, one thread a run, and knows what runs: here and in the other processes of the state folder.

    runner = Runner(BUILT_IN, actions, bus, tables.runs, clock, home)
    handle = runner.start("collect_and_cleanup", by="ada")      # AlreadyRunning when it runs, here or elsewhere
    runner.stop("01a7", by="ada")                               # here or elsewhere; scope="aws/123456789012" ends that alone

While a workflow runs, its process holds a lock that is labelled with the run (`claims.py`); files beside it tell the other processes how
far it is, and the run what they ask of it (`outside.py`). Making a runner closes the runs whose process is gone as interrupted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING

from resh.clock import Clock
from resh.errors import AlreadyRunning, ReshError, UsageError
from resh.events.event import ERROR, WorkflowEnded, problem
from resh.lock import Claim
from resh.providers.selection import EVERYTHING, Selection
from resh.state.pending import Pending, Start
from resh.state.runs import RunRecord, Runs
from resh.text import did_you_mean
from resh.workflows.again import Again
from resh.workflows.claims import Claims
from resh.workflows.definition import Action, ActionMaker, Workflow
from resh.workflows.handle import RunHandle
from resh.workflows.handlers import JOBS, Handler, Handlers, Source
from resh.workflows.run import Run, Surroundings
from resh.workflows.standing import Standing, Waiting, part

if TYPE_CHECKING:
    from resh.events.bus import EventBus

CLOSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Running:
    """A run under way. `handle` is None when another process has it; then only the record tells where it is."""

    record: RunRecord
    handle: RunHandle | None

    @property
    def here(self) -> bool:
        return self.handle is not None

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def workflow(self) -> str:
        return self.record.workflow

    @property
    def step(self) -> str:
        return self.record.steps[-1].name if self.record.steps else ""


class Runner:
    def __init__(
        self,
        definitions: Mapping[str, Workflow],
        actions: Mapping[str, Action],
        bus: EventBus,
        runs: Runs,
        clock: Clock,
        home: Path,
        *,
        history: Callable[[], int] = lambda: 500,
        makers: Mapping[str, ActionMaker] = MappingProxyType({}),
        calling: Callable[[], Waiting | None] = lambda: None,
    ) -> None:
        """`makers` make the actions of steps that are more than a name; `calling` tells the oldest call in flight."""
        self.definitions = definitions
        self._bus, self._runs, self._clock = bus, runs, clock
        self._claims = Claims(home / "locks")
        self._handlers = Handlers()
        self._again = Again(self._not_started, Pending(home / "locks"))
        self._around = Surroundings(bus, actions, makers, self._handlers, clock, lambda record: runs.save(record, keep=history()), calling)
        self._lock = threading.Lock()
        self._handles: dict[str, RunHandle] = {}
        self.close_interrupted()

    def on(self, event: str, handler: Handler, order: int = JOBS, *, timeout: float = 300.0, name: str = "") -> Callable[[], None]:
        """Let the steps wait for `handler` at `pre_<step>`, `<step>` or `post_<step>`; returns what removes it."""
        return self._handlers.on(event, handler, order, timeout=timeout, name=name)

    def wait_for(self, source: Source) -> None:
        """Let the steps wait for what the source says of each of their events, too."""
        self._handlers.ask(source)

    def start(self, name: str, by: str, selection: Selection = EVERYTHING, steps: Collection[str] = ()) -> RunHandle:
        """`selection` narrows what its steps work on, `steps` which of them there are.

        Raises UsageError for an unknown workflow or step, AlreadyRunning when it runs anywhere; what becomes of the start then, the
        workflow says, and the error tells."""
        workflow = self._definition(name, steps)
        claim = self._claims.take(workflow)
        if claim is None:
            raise self._already_running(workflow, by, selection, steps)
        return self._run(workflow, claim, by, selection, steps)

    def _begin(self, workflow: Workflow, by: str, selection: Selection, steps: Collection[str]) -> RunHandle:
        """Raises AlreadyRunning as long as it runs."""
        claim = self._claims.take(workflow)
        if claim is None:
            raise AlreadyRunning(f"{workflow.name} is still running", "")
        return self._run(workflow, claim, by, selection, steps)

    def _run(self, workflow: Workflow, claim: Claim, by: str, selection: Selection, steps: Collection[str]) -> RunHandle:
        name = workflow.name
        try:
            about = "; ".join(filter(None, (str(selection), f"only {', '.join(steps)}" if steps else "")))
            record = self._runs.open(name, by=by, at=self._clock.now(), step=workflow.steps[0].name if workflow.steps else "", about=about)
            claim.label(record.id)
            handle = RunHandle(record, workflow, self._clock, None if about else self._usual_seconds(name), selection)
        except BaseException:
            claim.release()
            raise
        run = Run(handle, workflow, self._around, self._claims.outside(record.id))
        with self._lock:
            self._handles[handle.id] = handle
        # whatever the run does belongs to what its starter was a part of, such as a job
        threading.Thread(target=copy_context().run, args=(self._execute, run, handle, claim), name=f"run-{handle.id}", daemon=True).start()
        return handle

    def handle(self, run: str) -> RunHandle | None:
        """Of a run of this process that is under way."""
        with self._lock:
            return self._handles.get(run)

    def waiting(self) -> list[str]:
        """Workflows that start once more when their run here has ended."""
        return self._again.waiting()

    def running(self) -> list[Running]:
        """What runs in this process and in others, oldest first."""
        with self._lock:
            handles = dict(self._handles)
        found = [Running(handle.record, handle) for handle in handles.values()]
        for run in self._claims.all() - handles.keys():
            record = self._runs.get(run)
            if record and record.status == "running":
                found.append(Running(record, None))
        return sorted(found, key=lambda running: running.id)

    def standing(self, running: Running) -> Standing | None:
        """How far it is; None when its process has not told yet."""
        return self.standing_of(running.handle) if running.handle else self._claims.outside(running.id).standing()

    def standing_of(self, handle: RunHandle) -> Standing:
        return handle.standing(self._around.calling())

    def stop(self, run: str, by: str, scope: str = "") -> str:
        """Returns at once; the run, or a cloud, account or region of it alone, ends at its next call to a cloud: the scope in full.

        Raises ReshError when nothing such is under way."""
        found = {running.id: running for running in self.running()}
        if run not in found:
            raise ReshError(f"no run {run} is under way", f"running: {', '.join(found)}" if found else "nothing runs at this moment")
        running, reason, whole = found[run], f"stopped by {by}", ""
        if scope:
            standing = self.standing(running)
            whole = part(standing.under_way(running.step) if standing else [], scope)
        handle = running.handle
        if handle:
            handle.stop(reason, whole)
        else:
            self._claims.outside(run).ask(reason, whole)
        return whole

    def close_interrupted(self) -> None:
        """Store the end of runs whose process was killed, and tell it."""
        for record in self._runs.interrupt(self._is_dead, self._clock.now()):
            self._claims.outside(record.id).clear()
            text = f"{record.workflow} {record.id} interrupted: {record.errors[-1]}"
            seconds = record.seconds(record.ended)
            ended = WorkflowEnded(run=record.id, workflow=record.workflow, status="interrupted", seconds=seconds, severity=ERROR, text=text)
            self._bus.emit(ended)

    def close(self) -> None:
        """Cancel what runs here and give it a moment to end."""
        self._again.close()
        with self._lock:
            handles = list(self._handles.values())
        for handle in handles:
            handle.cancel("resh ended")
        deadline = time.monotonic() + CLOSE_SECONDS
        for handle in handles:
            handle.wait(max(0.0, deadline - time.monotonic()))

    def _execute(self, run: Run, handle: RunHandle, claim: Claim) -> None:
        try:
            run.execute()
        finally:
            claim.release()
            with self._lock:
                del self._handles[handle.id]
            self._claims.outside(handle.id).clear()
            run.announce_end()
            handle.end()

    def _definition(self, name: str, steps: Collection[str] = ()) -> Workflow:
        if name not in self.definitions:
            hint = did_you_mean(name, self.definitions) or f"there are {', '.join(self.definitions)}"
            raise UsageError(f"there is no workflow '{name}'", hint)
        workflow = self.definitions[name]
        names = [step.name for step in workflow.steps]
        for step in steps:
            if step not in names:
                raise UsageError(f"{name} has no step '{step}'", did_you_mean(step, names) or f"it has {', '.join(names)}")
        return workflow.changed(steps=tuple(step for step in workflow.steps if step.name in steps)) if steps else workflow

    def _already_running(self, workflow: Workflow, by: str, selection: Selection, steps: Collection[str]) -> AlreadyRunning:
        name, behaviour = workflow.name, workflow.when_running
        run = min(self._claims.holders(name), default="")
        hint = f"workflows log {run} --follow shows it, workflows stop {run} ends it"
        if behaviour in ("wait", "replace"):
            kept = Start("workflow", name, by, self._clock.now(), {"selection": dict(selection.__dict__), "steps": list(steps)})
            remembered = self._again.later(kept, lambda: self._begin(workflow, by, selection, steps))
            hint = "it starts once more when that has ended" if remembered else "a start waits for the end of that already"
        if not run:
            return AlreadyRunning(f"{name} is starting at this moment", run, hint if behaviour != "skip" else "")
        if behaviour == "replace":
            with suppress(ReshError):  # it has just ended
                self.stop(run, f"{by}, who starts it anew")
        return AlreadyRunning(f"{name} is already running as {run}", run, hint)

    def _not_started(self, name: str, error: Exception) -> None:
        self._bus.emit(problem(error, f"{name} not started: ").changed(workflow=name))

    def _usual_seconds(self, name: str) -> float | None:
        """How long it takes, judged by the last five complete runs."""
        ended = [
            record.seconds(0.0) for record in self._runs.last(20, workflow=name) if record.status in ("ok", "partial") and not record.about
        ]
        return median(ended[:5]) if ended else None

    def _is_dead(self, record: RunRecord) -> bool:
        """Nobody holds its workflow, or somebody does for another run. A claim without a label belongs to a run that begins."""
        return not self._claims.holders(record.workflow) & {"", record.id}
