"""Workflows that start by themselves, but for their schedules: at their event, when one asks for them, or with the shell.

triggers = Triggers(runner, bus)
bus.subscribe(triggers.hear, own=True)      # the process that emits an event starts its workflows
triggers.at_start()
"""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING

from resh.errors import AlreadyRunning
from resh.events.event import Event, WorkflowSkipped, problem
from resh.events.trigger import parse
from resh.workflows.definition import Workflow
from resh.workflows.line import chain
from resh.workflows.runner import Runner

if TYPE_CHECKING:
    from resh.events.bus import EventBus


class Triggers:
    def __init__(self, runner: Runner, bus: EventBus) -> None:
        self._runner, self._bus = runner, bus

    def hear(self, event: Event) -> None:
        """Called with the bus locked: a start writes files, so it has a thread of its own. No workflow starts itself."""
        if event.ephemeral:
            return
        for name, workflow in self._runner.definitions.items():
            if workflow.enabled and _starts(workflow, event) and f"workflow {name}" not in chain.get():
                threading.Thread(target=copy_context().run, args=(self._start, name, event.type), name=f"start-{name}").start()

    def at_start(self) -> None:
        """A shell opens."""
        for name, workflow in self._runner.definitions.items():
            if workflow.enabled and workflow.at_start:
                self._start(name, "start")

    def _start(self, name: str, by: str) -> None:
        token = chain.set((*chain.get(), f"workflow {name}"))
        try:
            self._runner.start(name, by=by)
        except AlreadyRunning as error:
            self._bus.emit(WorkflowSkipped(workflow=name, text=f"{name} not started by {by}: {error.message}"))
        except Exception as error:  # nobody waits for this thread
            self._bus.emit(problem(error, f"{name} not started by {by}: ").changed(workflow=name))
        finally:
            chain.reset(token)


def _starts(workflow: Workflow, event: Event) -> bool:
    """`start_<workflow>_workflow` asks for any; none is started by what happens in it."""
    if event.type == f"start_{workflow.name}_workflow":
        return True
    return bool(workflow.event) and event.workflow != workflow.name and parse(workflow.event)(event)
