"""A small world for workflow tests: a state folder, a clock that stands still, every event that went out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from resh.clock import FakeClock
from resh.events.bus import EventBus
from resh.events.event import Event
from resh.events.log import EventLog
from resh.state.tables import Tables
from resh.workflows.definition import Action, Step, StepContext, StepResult, Workflow
from resh.workflows.runner import Runner


class World:
    """A state folder with all that a runner needs, and every event that was delivered."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = FakeClock()
        self.tables = Tables(home / "state")
        self.log = EventLog(home / "events.jsonl")
        self.bus = EventBus(self.clock, self.log)
        self.events: list[Event] = []
        self.bus.subscribe(self.events.append)

    def runner(self, *steps: Step, **actions: Action) -> Runner:
        """One workflow `job` of these steps."""
        workflow = Workflow("job", steps or tuple(Step(name, name) for name in actions))
        return Runner({"job": workflow}, actions, self.bus, self.tables.runs, self.clock, self.home)

    def types(self) -> list[str]:
        return [event.type for event in self.events if not event.ephemeral]

    def texts(self, type: str) -> list[str]:
        return [event.text for event in self.events if event.type == type]


def returning(summary: str = "", *problems: str, then: Callable[[], object] = lambda: None) -> Action:
    def action(context: StepContext) -> StepResult:
        then()
        return StepResult(summary, {"n": 1}, problems)

    return action
