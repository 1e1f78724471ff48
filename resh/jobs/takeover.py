"""Starts that waited for their turn in a process that has ended: this one goes on with them, or says that it does not.

take_over = TakeOver(home / "locks", tables.jobs, jobs, workflows, bus, clock)
take_over()                 # by the process that holds the schedule, at each of its looks
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.clock import Clock
from resh.durations import format_duration
from resh.errors import AlreadyRunning
from resh.events.event import WorkflowSkipped, problem
from resh.jobs.runner import Cause, JobRunner
from resh.providers.selection import Selection
from resh.state.pending import Start, orphans

if TYPE_CHECKING:
    from resh.events.bus import EventBus
    from resh.state.jobs import Jobs
    from resh.workflows.runner import Runner

LONGEST = 3600.0
"""Seconds: what has waited longer for a process that takes it up, nobody expects any more."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    folder: Path
    jobs: Jobs
    runner: JobRunner
    workflows: Runner
    bus: EventBus
    clock: Clock

    def __call__(self) -> None:
        for start in orphans(self.folder):
            age = self.clock.now() - start.at
            late = f"asked for by {start.by} {format_duration(age)} ago, and no resh was there since" if age > LONGEST else ""
            (self._job if start.sort == "job" else self._workflow)(start, late)

    def _job(self, start: Start, late: str) -> None:
        job = self.jobs.get(start.name)
        if job is None:
            self.runner.skip(start.name, "it was deleted before its turn came")
        elif late:
            self.runner.miss(job, late, by=start.by)
        else:
            self.runner.start(job, Cause(**{**start.rest, "chain": tuple(start.rest["chain"])}))

    def _workflow(self, start: Start, late: str) -> None:
        name = start.name
        try:
            if late:
                self.bus.emit(WorkflowSkipped(workflow=name, text=f"{name} not started: {late}"))
            else:
                self.workflows.start(name, start.by, _selection(start.rest["selection"]), start.rest["steps"])
        except AlreadyRunning as error:
            self.bus.emit(WorkflowSkipped(workflow=name, text=f"{name} not started: {error.message} ({error.hint})"))
        except Exception as error:  # such as a workflow that was deleted: the schedule goes on
            self.bus.emit(problem(error, f"{name} not started: ").changed(workflow=name))


def _selection(given: dict[str, Any]) -> Selection:
    return Selection(**{name: tuple(patterns) for name, patterns in given.items()})
