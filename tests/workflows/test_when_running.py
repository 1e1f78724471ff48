"""What becomes of a start while the workflow runs: skip, wait, replace, parallel."""

from __future__ import annotations

import threading

import pytest

from resh.errors import AlreadyRunning
from resh.events.event import Problem, StartRequested
from resh.workflows import again
from resh.workflows.definition import Step, StepContext, StepResult, WhenRunning, Workflow
from resh.workflows.line import chain
from resh.workflows.runner import Runner
from resh.workflows.triggers import Triggers
from tests.workflows.world import World, returning

PATIENCE = 10.0


class Held:
    """A workflow `job` whose runs last until they are released, and what they were cancelled by."""

    def __init__(self, world: World, when_running: WhenRunning) -> None:
        self.world = world
        self.started = threading.Semaphore(0)
        self.go = threading.Event()
        workflow = Workflow("job", (Step("a", "a"),), when_running=when_running)
        self.runner = Runner({"job": workflow}, {"a": self.act}, world.bus, world.tables.runs, world.clock, world.home)

    def act(self, context: StepContext) -> StepResult:
        self.started.release()
        with context.cancel.interrupting(self.go.set):
            self.go.wait(PATIENCE)
        context.cancel.check()
        return StepResult()

    def begin(self) -> None:
        self.runner.start("job", by="ada")
        assert self.started.acquire(timeout=PATIENCE)

    def statuses(self) -> list[str]:
        return [record.status for record in self.world.tables.runs.all()]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "LOOK_SECONDS", 0.01)


def test_skip(world: World) -> None:
    held = Held(world, "skip")
    held.begin()
    with pytest.raises(AlreadyRunning) as caught:
        held.runner.start("job", by="bob")
    assert caught.value.hint == "workflows log 0001 --follow shows it, workflows stop 0001 ends it"
    held.go.set()
    held.runner.close()
    assert len(held.statuses()) == 1


def test_wait_remembers_one(world: World) -> None:
    held = Held(world, "wait")
    held.begin()
    hints = []
    for _ in range(2):
        with pytest.raises(AlreadyRunning) as caught:
            held.runner.start("job", by="bob")
        hints.append(caught.value.hint)
    assert hints == ["it starts once more when that has ended", "a start waits for the end of that already"]
    held.go.set()
    assert held.started.acquire(timeout=PATIENCE)
    for running in held.runner.running():
        if running.handle:
            running.handle.wait(PATIENCE)
    held.runner.close()
    assert held.statuses() == ["ok", "ok"]
    assert [record.by for record in world.tables.runs.all()] == ["ada", "bob"]


def test_replace_ends_the_one_before(world: World) -> None:
    held = Held(world, "replace")
    held.begin()
    with pytest.raises(AlreadyRunning):
        held.runner.start("job", by="bob")
    assert held.started.acquire(timeout=PATIENCE)
    held.runner.close()
    first, second = world.tables.runs.all()
    assert (first.status, first.errors) == ("cancelled", ("stopped by bob, who starts it anew",))
    assert second.by == "bob"


def test_parallel(world: World) -> None:
    held = Held(world, "parallel")
    for _ in range(3):
        held.begin()
    assert [running.id for running in held.runner.running()] == ["0001", "0002", "0003"]
    Runner(held.runner.definitions, {}, world.bus, world.tables.runs, world.clock, world.home)
    assert held.statuses() == ["running"] * 3
    held.runner.stop("0002", by="bob")
    handle = held.runner.handle("0002")
    assert handle is None or handle.wait(PATIENCE) == "cancelled"
    held.go.set()
    held.runner.close()


def test_only_some_steps(world: World) -> None:
    runner = world.runner(a=returning("one"), b=returning("two"))
    handle = runner.start("job", by="ada", steps=("b",))
    assert handle.wait(PATIENCE) == "ok"
    assert [step.name for step in handle.record.steps] == ["b"]
    assert handle.record.about == "only b"


def test_an_event_starts_a_workflow_and_none_starts_itself(world: World) -> None:
    ended = threading.Semaphore(0)
    one = Workflow("one", (Step("a", "a"),), event="error,workflow_ended")
    two = Workflow("two", (Step("a", "a"),), event="workflow_ended workflow=one")
    off = Workflow("off", (Step("a", "a"),), event="error", enabled=False)
    definitions = {workflow.name: workflow for workflow in (one, two, off)}
    runner = Runner(definitions, {"a": returning()}, world.bus, world.tables.runs, world.clock, world.home)
    triggers = Triggers(runner, world.bus)
    world.bus.subscribe(triggers.hear)
    world.bus.subscribe(lambda event: ended.release() if event.type == "workflow_ended" else None)
    world.bus.emit(Problem(text="no luck"))
    for _ in range(2):
        assert ended.acquire(timeout=PATIENCE)
    runner.close()
    assert [(record.workflow, record.by) for record in world.tables.runs.all()] == [("one", "error"), ("two", "workflow_ended")]
    assert chain.get() == ()


def test_an_event_asks_for_a_workflow(world: World) -> None:
    ended = threading.Event()
    runner = world.runner(a=returning())
    world.bus.subscribe(Triggers(runner, world.bus).hear)
    world.bus.subscribe(lambda event: ended.set() if event.type == "workflow_ended" else None)
    world.bus.emit(StartRequested(type="start_job_workflow", by="ada"))
    world.bus.emit(StartRequested(type="start_other_workflow", by="ada"))
    assert ended.wait(PATIENCE)
    runner.close()
    assert [record.by for record in world.tables.runs.all()] == ["start_job_workflow"]


def test_a_shell_starts_those_that_say_so(world: World) -> None:
    definitions = {name: Workflow(name, (Step("a", "a"),), at_start=name == "one") for name in ("one", "two")}
    runner = Runner(definitions, {"a": returning()}, world.bus, world.tables.runs, world.clock, world.home)
    Triggers(runner, world.bus).at_start()
    for running in runner.running():
        if running.handle:
            running.handle.wait(PATIENCE)
    runner.close()
    assert [(record.workflow, record.by) for record in world.tables.runs.all()] == [("one", "start")]
