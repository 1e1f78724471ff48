"""A state folder with jobs whose lines are functions of the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resh.cancel import Cancel
from resh.jobs.hooks import Hooks
from resh.jobs.runner import JobRunner
from resh.state.jobs import Job
from resh.state.runs import RunRecord
from resh.workflows.line import Line, Output
from tests.workflows.world import World

Work = Callable[[Output, Cancel], int]


def fine(output: Output, cancel: Cancel) -> int:
    output.write("done\n")
    return 0


class JobWorld(World):
    """`lines` says what the text of a line does."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.lines: dict[str, Work] = {"fine": fine}
        self.ran: list[Line] = []
        self.concurrency = 4
        self.jobs = self.another()
        self.hooks = Hooks(self.tables.jobs, self.jobs, self.clock)
        self.bus.subscribe(self.hooks.hear, own=True)

    def another(self) -> JobRunner:
        return JobRunner(self.tables, self.bus, self.clock, self.home, self.run_line, concurrency=lambda: self.concurrency)

    def run_line(self, line: Line, output: Output, cancel: Cancel) -> int:
        self.ran.append(line)
        return self.lines[line.text](output, cancel)

    def add(self, id: str, line: str = "fine", *, schedule: str = "", event: str = "", timeout: float = 30.0) -> Job:
        job = Job(id, line, schedule=schedule, event=event, timeout=timeout, user="ada", role="operator")
        self.tables.jobs.put(job)
        return job

    def runs(self, id: str = "") -> list[RunRecord]:
        """Oldest first."""
        return self.tables.job_runs.last(100, workflow=id)[::-1]

    def statuses(self, id: str = "") -> list[str]:
        return [record.status for record in self.runs(id)]
