"""A run as others see it: `workflows run` awaits it, the toolbar asks how far it is, Ctrl-C cancels it.

handle = runner.start("collect_and_cleanup", by="ada")
handle.wait(60)             # 'partial', or 'running' when the minute is over
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.clock import Clock
from resh.providers.selection import EVERYTHING, Selection
from resh.workflows.progress import Leaf, ProgressTree
from resh.workflows.scopes import Scopes
from resh.workflows.standing import Standing, Waiting

if TYPE_CHECKING:
    from resh.state.runs import RunRecord
    from resh.workflows.definition import Workflow


class RunHandle:
    def __init__(
        self, record: RunRecord, workflow: Workflow, clock: Clock, expected: float | None, selection: Selection = EVERYTHING
    ) -> None:
        self.record = record
        """As it stands; the run replaces it."""
        self.selection = selection
        self.cancelled = Cancel()
        self.scopes = Scopes()
        self.tree = ProgressTree(step.name for step in workflow.steps)
        self._clock = clock
        self._expected = expected
        self._ended = threading.Event()

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def workflow(self) -> str:
        return self.record.workflow

    @property
    def status(self) -> str:
        """`running` until everything about the run is stored and told."""
        return self.record.status if self._ended.is_set() else "running"

    @property
    def step(self) -> str:
        """The step that is under way, or was last."""
        return self.record.steps[-1].name if self.record.steps else ""

    @property
    def progress(self) -> list[Leaf]:
        return self.tree.leaves()

    @property
    def percent(self) -> int:
        return self.tree.percent()

    def standing(self, waiting: Waiting | None = None) -> Standing:
        ends = 0.0 if self._expected is None else self.record.started + self._expected
        return Standing(self.percent, ends, len(self.record.problems), tuple(self.progress), waiting)

    def wait(self, timeout: float | None = None) -> str:
        """The status when it ended or the timeout (seconds) ran out."""
        self._ended.wait(timeout)
        return self.status

    def cancel(self, reason: str = "cancelled") -> None:
        """Tell collectors, deletions and handlers to stop at their next call."""
        self.cancelled.set(reason)

    def stop(self, reason: str, scope: str) -> None:
        """The scope alone, or the run when it is empty."""
        if scope:
            self.scopes.stop(scope, reason)
        else:
            self.cancel(reason)

    def end(self) -> None:
        """The run calls this last."""
        self._ended.set()
