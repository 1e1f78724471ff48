"""Starts that waited in another process: what a killed one leaves is what a closed one leaves."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import AlreadyRunning
from resh.jobs.runner import Cause
from resh.jobs.takeover import LONGEST, TakeOver
from resh.providers.selection import Selection
from resh.state.pending import Pending, Start
from resh.workflows.definition import Step, StepContext, StepResult, Workflow
from resh.workflows.line import Output
from resh.workflows.runner import Runner
from tests.jobs.world import JobWorld

PATIENCE = 10.0
CAUSE = Cause("post_collect", "01a7", "collect", ("first",))


def take_over(world: JobWorld, runner: Any = None) -> None:
    TakeOver(world.home / "locks", world.tables.jobs, world.jobs, runner, world.bus, world.clock)()


def left(world: JobWorld) -> None:
    """A job that waited for its turn when its process ended."""
    world.concurrency = 1
    runner, started = world.another(), threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        cancel.wait(PATIENCE)
        return 0

    world.lines["work"] = work
    runner.start(world.add("long", "work"), Cause("ada"))
    assert started.wait(PATIENCE)
    assert runner.start(world.add("nag"), CAUSE)
    runner.close()


def test_a_job_that_waited_runs_in_another_process(world: JobWorld) -> None:
    left(world)
    assert world.statuses("nag") == []
    take_over(world)
    world.jobs.finish()
    (record,) = world.runs("nag")
    assert (record.status, record.by, record.within) == ("ok", "post_collect", "01a7")
    take_over(world)
    world.jobs.finish()
    assert len(world.runs("nag")) == 1


def test_one_that_waited_too_long_is_told_as_dropped(world: JobWorld) -> None:
    left(world)
    world.clock.advance(LONGEST + 60)
    take_over(world)
    (record,) = world.runs("nag")
    assert (record.status, record.by) == ("failed", "post_collect")
    assert record.errors == ("asked for by post_collect 1 h 1 min ago, and no resh was there since",)
    assert world.texts("job_skipped") == [f"job nag not run: {record.errors[0]}"]


def test_one_that_was_deleted_meanwhile(world: JobWorld) -> None:
    left(world)
    world.tables.jobs.remove("nag")
    take_over(world)
    assert world.texts("job_skipped") == ["job nag not run: it was deleted before its turn came"]


def test_a_stopped_job_is_not_taken_up(world: JobWorld) -> None:
    world.concurrency = 1
    runner = world.another()
    world.lines["work"] = lambda output, cancel: int(cancel.wait(PATIENCE))
    runner.start(world.add("long", "work"), Cause("ada"))
    runner.start(world.add("nag"), CAUSE)
    assert runner.stop_job("nag", "bob") == ([], True)
    runner.close()
    take_over(world)
    assert world.statuses("nag") == []


def held(world: JobWorld) -> tuple[Runner, threading.Event, threading.Event]:
    """A workflow that waits for the end of its run, which goes on until it is let go."""
    go, started = threading.Event(), threading.Event()

    def act(context: StepContext) -> StepResult:
        started.set()
        with context.cancel.interrupting(go.set):
            go.wait(PATIENCE)
        return StepResult()

    workflow = Workflow("work", (Step("a", "a"), Step("b", "a")), when_running="wait")
    return Runner({"work": workflow}, {"a": act}, world.bus, world.tables.runs, world.clock, world.home), started, go


def test_a_workflow_that_waited_starts_in_another_process(world: JobWorld) -> None:
    first, started, _ = held(world)
    first.start("work", "ada")
    assert started.wait(PATIENCE)
    with pytest.raises(AlreadyRunning):
        first.start("work", "bob", Selection(accounts=("1",)), ["b"])
    first.close()
    second, started, go = held(world)
    take_over(world, second)
    assert started.wait(PATIENCE)
    (running,) = second.running()
    assert (running.record.by, running.record.about, [step.name for step in running.record.steps]) == ("bob", "account 1; only b", ["b"])
    go.set()
    second.close()


def test_a_workflow_that_waited_too_long_or_is_gone_is_told(world: JobWorld) -> None:
    runner, _, _ = held(world)
    pending = Pending(world.home / "locks")
    rest: dict[str, Any] = {"selection": {}, "steps": []}
    pending.add(Start("workflow", "work", "bob", world.clock.now() - LONGEST - 60, rest))
    pending.add(Start("workflow", "wrok", "bob", world.clock.now(), rest))
    pending.close()
    take_over(world, runner)
    assert world.texts("workflow_skipped") == ["work not started: asked for by bob 1 h 1 min ago, and no resh was there since"]
    assert world.texts("error") == ["wrok not started: there is no workflow 'wrok' (did you mean work?)"]
    assert runner.running() == []
