"""Which workflows run at this moment, in all processes: a lock each, held as long as the run, labelled with its id.

claims = Claims(home / "locks")
claim = claims.take(workflow)              # None while it runs, here or elsewhere; a parallel one has many locks
claims.holders(workflow)                   # {"01a7"}
claims.outside("01a7")                     # what the processes tell each other of a run
"""

from __future__ import annotations

from pathlib import Path

from resh.lock import Claim
from resh.workflows.definition import Workflow
from resh.workflows.outside import Outside

MOST_PARALLEL = 16
"""Runs of one workflow at the same time, where it may run beside itself."""


class Claims:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, workflow: Workflow) -> Claim | None:
        for number in range(MOST_PARALLEL if workflow.when_running == "parallel" else 1):
            claim = self._claim(workflow.name, number)
            if claim.take():
                return claim
        return None

    def holders(self, name: str) -> set[str]:
        """Labels of whoever runs it; an empty one belongs to a run that begins."""
        files = sorted(self._folder.glob(f"workflow-{name}.lock")) + sorted(self._folder.glob(f"workflow-{name}.[0-9]*.lock"))
        return {holder for file in files if (holder := Claim(file).holder()) is not None}

    def all(self) -> set[str]:
        """Ids of the runs whose process lives."""
        return {holder for file in self._folder.glob("workflow-*.lock") if (holder := Claim(file).holder())}

    def outside(self, run: str) -> Outside:
        return Outside(self._folder, run)

    def _claim(self, name: str, number: int) -> Claim:
        return Claim(self._folder / (f"workflow-{name}.{number}.lock" if number else f"workflow-{name}.lock"))
