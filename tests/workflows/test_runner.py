from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from resh.errors import AlreadyRunning, ReshError, StateError, UsageError
from resh.events.event import Problem, StepEvent
from resh.state.runs import RunRecord, StepRecord
from resh.workflows.builtin import BUILT_IN
from resh.workflows.definition import Step, StepContext, StepResult
from resh.workflows.handlers import BUILT_IN as FIRST
from resh.workflows.handlers import JOBS, RULES
from resh.workflows.outside import Outside
from resh.workflows.runner import Runner
from tests.workflows.world import World, returning

OTHER = """
import sys, threading
from pathlib import Path
from resh.clock import SystemClock
from resh.events.bus import EventBus
from resh.state.tables import Tables
from resh.workflows.definition import Step, StepResult, Workflow
from resh.workflows.runner import Runner

def wait(context):
    print(context.run, flush=True)
    context.progress(("a", "aws", "1", "eu"), 1, 4)
    with context.scopes.working("aws/1", context.cancel):
        while not context.cancel.wait(0.01):
            if context.cancel.parts:
                print(*context.cancel.parts.items(), flush=True)
                context.cancel.wait(30)
    context.cancel.check()

home = Path(sys.argv[1])
clock = SystemClock()
runner = Runner({"job": Workflow("job", (Step("a", "a"),))}, {"a": wait}, EventBus(clock), Tables(home / "state").runs, clock, home)
print(runner.start("job", "other").wait(30), flush=True)
"""


@pytest.fixture
def other(tmp_path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", OTHER, str(tmp_path)], stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def until(holds: Callable[[], bool]) -> None:
    """Another process takes its time."""
    looks = (not threading.Event().wait(0.01) for _ in range(2000))
    assert any(holds() for _ in looks)


def hold(context: StepContext) -> StepResult:
    """An action that lasts until it is cancelled."""
    context.cancel.wait(10)
    context.cancel.check()
    return StepResult("never told")


def test_steps_are_framed_by_events_in_order(world: World) -> None:
    runner = world.runner(a=returning("one"), b=returning("two"))
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "ok"
    frames = ["pre_a", "a", "post_a", "pre_b", "b", "post_b"]
    assert world.types() == ["workflow_started", *frames, "workflow_ended"]
    assert {(event.run, event.workflow) for event in world.events} == {("0001", "job")}
    assert world.texts("workflow_started") == ["job 0001 started by ada"]
    assert world.texts("post_a") == ["one"]
    assert world.texts("workflow_ended") == ["job 0001 ok after 0.0 s"]


def test_collect_and_cleanup_has_the_steps_that_people_hook_into() -> None:
    assert [step.name for step in BUILT_IN["collect_and_cleanup"].steps] == ["collect", "cleanup_plan", "cleanup", "generate_metrics"]
    assert [step.name for step in BUILT_IN["collect"].steps] == ["collect", "generate_metrics"]
    assert [step.name for step in BUILT_IN["cleanup"].steps] == ["cleanup_plan", "cleanup", "generate_metrics"]
    assert [step.name for step in BUILT_IN["metrics"].steps] == ["generate_metrics"]


def test_the_record_tells_the_whole_run(world: World) -> None:
    runner = world.runner(a=returning("one", then=lambda: world.clock.advance(5)), b=returning("two", "odd"))
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "partial"
    record = world.tables.runs.get(handle.id)
    assert record is not None
    assert (record.workflow, record.by, record.status, record.seconds(0)) == ("job", "ada", "partial", 5.0)
    first, second = record.steps
    assert (first.name, first.status, first.summary, first.counts, first.ended - first.started) == ("a", "ok", "one", {"n": 1}, 5.0)
    assert (second.status, second.problems) == ("partial", ("odd",))
    assert record.problems == ("b: odd",)
    assert world.texts("workflow_ended") == ["job 0001 partial after 5.0 s (b: odd)"]
    assert [event.type for event in world.log.of_run(handle.id)] == world.types()


def test_handlers_run_in_order_and_are_waited_for(world: World) -> None:
    done: list[str] = []
    runner = world.runner(a=returning(then=lambda: done.append("action")), b=returning(then=lambda: done.append("next")))

    def slow(event: StepEvent, context: StepContext) -> None:
        context.cancel.wait(0.1)
        done.append(f"slow job at {event.type} of {context.run}")

    runner.on("a", slow, JOBS)
    runner.on("a", lambda event, context: done.append("rule"), RULES)
    runner.on("a", lambda event, context: done.append("built-in"), FIRST)
    runner.on("pre_a", lambda event, context: done.append("pre"))
    runner.on("post_a", lambda event, context: done.append(f"post {event.counts}"))
    remove = runner.on("a", lambda event, context: done.append("removed"))
    remove()
    assert runner.start("job", by="ada").wait(5) == "ok"
    assert done == ["pre", "action", "built-in", "rule", "slow job at a of 0001", "post {'n': 1}", "next"]


def test_a_failing_handler_is_contained(world: World) -> None:
    done: list[str] = []
    runner = world.runner(a=returning())

    def fail(event: StepEvent, context: StepContext) -> None:
        raise ZeroDivisionError("oops")

    runner.on("pre_a", fail, name="job nag")
    runner.on("pre_a", lambda event, context: done.append("next"))
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "partial"
    assert done == ["next"]
    assert handle.record.steps[0].problems == ("job nag at pre_a: ZeroDivisionError: oops",)
    problem = next(event for event in world.events if isinstance(event, Problem))
    assert problem.text == "a: job nag at pre_a: ZeroDivisionError: oops"
    assert "Traceback" in problem.detail


def test_a_handler_that_takes_too_long_is_told_to_stop(world: World) -> None:
    runner = world.runner(a=returning())

    def slow(event: StepEvent, context: StepContext) -> None:
        hold(context)

    runner.on("post_a", slow, timeout=0.05, name="job slow")
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "partial"
    assert handle.record.problems == ("a: job slow at post_a: job slow took longer than 0.1 s",)


def test_after_a_failed_step_the_run_goes_on(world: World) -> None:
    def fail(context: StepContext) -> StepResult:
        raise ReshError("no luck", "try again")

    handle = world.runner(a=fail, b=returning("two")).start("job", by="ada")
    assert handle.wait(5) == "partial"
    assert [step.status for step in handle.record.steps] == ["failed", "ok"]
    assert world.texts("error") == ["a: no luck (try again)"]
    assert world.texts("post_a") == ["no luck (try again)"]


def test_a_step_may_stop_the_run(world: World) -> None:
    def fail(context: StepContext) -> StepResult:
        raise ReshError("no luck")

    runner = world.runner(Step("a", "a", on_error="stop"), Step("b", "b"), a=fail, b=returning())
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "failed"
    assert [step.name for step in handle.record.steps] == ["a"]


def test_a_step_of_an_unknown_action_fails(world: World) -> None:
    handle = world.runner(Step("a", "nothing")).start("job", by="ada")
    assert handle.wait(5) == "failed"
    assert handle.record.problems == ("a: there is no built-in step 'nothing'",)


def test_a_step_that_takes_too_long_fails_and_the_run_goes_on(world: World) -> None:
    runner = world.runner(Step("a", "a", timeout=0.05), Step("b", "b"), a=hold, b=returning())
    handle = runner.start("job", by="ada")
    assert handle.wait(5) == "partial"
    assert handle.record.problems == ("a: a took longer than 0.1 s",)


def test_nothing_follows_a_step_that_does_not_stop(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.workflows.run.ACTION_GRACE", 0.05)
    release = threading.Event()

    def deaf(context: StepContext) -> StepResult:
        release.wait(10)
        return StepResult()

    handle = world.runner(Step("a", "a", timeout=0.05), Step("b", "b"), a=deaf, b=returning()).start("job", by="ada")
    assert handle.wait(5) == "failed"
    release.set()
    assert [step.status for step in handle.record.steps] == ["failed"]


def test_cancel_ends_the_step_and_the_run(world: World) -> None:
    started = threading.Event()

    def action(context: StepContext) -> StepResult:
        started.set()
        context.cancel.wait(10)
        return StepResult("half", {"accounts": 1})

    runner = world.runner(a=action, b=returning())
    handle = runner.start("job", by="ada")
    assert started.wait(5)
    assert [(running.id, running.step, running.here) for running in runner.running()] == [(handle.id, "a", True)]
    runner.stop(handle.id, by="bob")
    assert handle.wait(5) == "cancelled"
    record = world.tables.runs.get(handle.id)
    assert record is not None
    assert [(step.name, step.status, step.summary) for step in record.steps] == [("a", "cancelled", "half")]
    assert record.errors == ("stopped by bob",)
    assert world.texts("workflow_ended") == ["job 0001 cancelled after 0.0 s (stopped by bob)"]
    assert world.types() == ["workflow_started", "pre_a", "a", "workflow_ended"]
    assert runner.running() == []


def test_cancel_reaches_a_handler(world: World) -> None:
    started = threading.Event()

    def slow(event: StepEvent, context: StepContext) -> None:
        started.set()
        hold(context)

    runner = world.runner(a=returning())
    runner.on("pre_a", slow)
    handle = runner.start("job", by="ada")
    assert started.wait(5)
    handle.cancel("enough")
    assert handle.wait(5) == "cancelled"
    assert handle.record.problems == ("enough",)


def test_close_cancels_what_runs(world: World) -> None:
    runner = world.runner(a=hold)
    handle = runner.start("job", by="ada")
    runner.close()
    assert handle.status == "cancelled"
    assert handle.record.errors == ("resh ended",)


def test_an_unknown_workflow_and_an_unknown_run_are_named(world: World) -> None:
    runner = world.runner(a=returning())
    with pytest.raises(UsageError, match="no workflow 'jbo'") as caught:
        runner.start("jbo", by="ada")
    assert caught.value.hint == "did you mean job?"
    with pytest.raises(ReshError, match="no run 01a7 is under way"):
        runner.stop("01a7", by="ada")


def test_a_workflow_runs_once_at_a_time(world: World) -> None:
    runner = world.runner(a=hold)
    handle = runner.start("job", by="ada")
    with pytest.raises(AlreadyRunning, match="job is already running as 0001") as caught:
        runner.start("job", by="bob")
    assert caught.value.run == handle.id
    handle.cancel()
    handle.wait(5)
    again = runner.start("job", by="bob")
    assert again.id == "0002"
    runner.close()


def test_another_process_runs_the_same_workflow(world: World, other: subprocess.Popen[str]) -> None:
    with other:
        run = line(other)
        runner = world.runner(a=returning())
        with pytest.raises(AlreadyRunning, match=f"already running as {run}"):
            runner.start("job", by="ada")
        assert [(running.id, running.step, running.here) for running in runner.running()] == [(run, "a", False)]
        runner.stop(run, by="ada")
        assert line(other) == "cancelled"
    record = world.tables.runs.get(run)
    assert record is not None
    assert (record.status, record.errors) == ("cancelled", ("stopped by ada",))
    assert not [*(world.home / "locks").glob("*.stop"), *(world.home / "locks").glob("*.progress")]
    assert runner.start("job", by="ada").wait(5) == "ok"


def test_how_far_a_run_of_another_process_is_and_a_part_of_it_is_stopped(world: World, other: subprocess.Popen[str]) -> None:
    with other:
        run, runner = line(other), world.runner(a=returning())
        (running,) = runner.running()
        until(lambda: runner.standing(running) is not None)
        standing = runner.standing(running)
        assert standing is not None
        assert (standing.percent, standing.leaves) == (25, ((("a", "aws", "1", "eu"), 1, 4),))
        with pytest.raises(ReshError, match="no 'us' under way") as caught:
            runner.stop(run, by="ada", scope="us")
        assert caught.value.hint == "under way: aws, aws/1, aws/1/eu"
        assert runner.stop(run, by="ada", scope="1/eu") == "aws/1/eu"
        assert line(other) == "('eu', 'stopped by ada')"
        other.kill()


def test_a_cut_off_standing_is_none(world: World) -> None:
    outside = Outside(world.home, "0001")
    for text in ("", "[1, 2", "7", "[1,2,3,[[1,2]],null]", "{}"):
        (world.home / "0001.progress").write_text(text)
        assert outside.standing() is None


def test_wishes_that_are_cut_off_or_cannot_be_written(world: World) -> None:
    outside = Outside(world.home, "0001")
    assert outside.asked() == []
    outside.ask("stopped by ada", "aws/1")
    with (world.home / "0001.stop").open("a") as file:
        file.write('["", "sto\n7\n')
    outside.ask("stopped by bob")
    assert outside.asked() == [("aws/1", "stopped by ada"), ("", "stopped by bob")]
    outside.clear()
    (world.home / "0001.stop").symlink_to("/dev/full")
    with pytest.raises(StateError, match="No space left"):
        outside.ask("stopped by ada")


def test_runs_of_a_killed_process_are_closed_as_interrupted(world: World, other: subprocess.Popen[str]) -> None:
    with other:
        run = line(other)
        assert world.runner(a=returning()).running()[0].id == run
        assert world.texts("workflow_ended") == []
        other.kill()
    runner = world.runner(a=returning())
    record = world.tables.runs.get(run)
    assert record is not None
    assert (record.status, [step.status for step in record.steps]) == ("interrupted", ["interrupted"])
    assert world.texts("workflow_ended") == [f"job {run} interrupted: the process {record.pid} on {record.host} ended in the middle of it"]
    assert runner.running() == []
    assert runner.start("job", by="ada").wait(5) == "ok"


def test_progress_is_a_tree_and_events_are_rare(world: World) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def action(context: StepContext) -> StepResult:
        for done in range(51):
            context.progress(("a", "aws", "1", "eu"), done, 100)
        reached.set()
        go_on.wait(5)
        return StepResult()

    handle = world.runner(a=action, b=returning()).start("job", by="ada")
    assert reached.wait(5)
    assert handle.progress == [(("a", "aws", "1", "eu"), 50, 100), (("b",), 0, 1)]
    assert handle.percent == 25
    go_on.set()
    assert handle.wait(5) == "ok"
    assert handle.percent == 100
    assert len([event for event in world.events if event.ephemeral]) == 2


def test_time_left_is_judged_by_the_last_runs(world: World) -> None:
    runner = world.runner(a=returning(then=lambda: world.clock.advance(60)))
    first = runner.start("job", by="ada")
    assert first.standing().ends == 0.0
    first.wait(5)
    second = runner.start("job", by="ada")
    assert second.wait(5) == "ok"
    assert second.standing().ends == second.record.started + 60 == world.clock.now()


def test_only_the_newest_runs_are_kept(world: World) -> None:
    runner = Runner(
        {"job": BUILT_IN["metrics"]},
        {"generate_metrics": returning()},
        world.bus,
        world.tables.runs,
        world.clock,
        world.home,
        history=lambda: 2,
    )
    for _ in range(4):
        runner.start("job", by="ada").wait(5)
    assert [record.id for record in world.tables.runs.last()] == ["0004", "0003"]


def test_a_full_disk_is_told_once_and_the_run_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(record: RunRecord, keep: int | None = None) -> None:
        raise StateError("runs.json cannot be written: No space left")

    monkeypatch.setattr(world.tables.runs, "save", full)
    handle = world.runner(a=returning(), b=returning(), c=returning()).start("job", by="ada")
    assert handle.wait(5) == "ok"
    assert world.texts("error") == ["runs.json cannot be written: No space left"]


def test_many_problems_are_cut_in_the_record(world: World) -> None:
    handle = world.runner(a=returning("", *(str(number) for number in range(80)))).start("job", by="ada")
    assert handle.wait(5) == "partial"
    assert handle.record.steps[0].problems[-1] == "and 30 more"


def test_a_mistake_of_ours_does_not_leave_the_run_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_(*arguments: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("resh.workflows.run.Run._post", break_)
    handle = world.runner(a=returning()).start("job", by="ada")
    assert handle.wait(5) == "failed"
    assert handle.record.problems == ("a: ZeroDivisionError: oops",)


def test_a_run_that_was_left_by_a_living_claim_of_another_run_is_dead(world: World) -> None:
    dead = world.tables.runs.open("job", by="ada", at=1.0)
    world.tables.runs.save(replace(dead, steps=(StepRecord("a", 1.0),)))
    runner = world.runner(a=hold)
    closed = world.tables.runs.get(dead.id)
    assert closed is not None
    assert closed.status == "interrupted"
    runner.start("job", by="ada")
    world.runner(a=hold)
    assert [record.status for record in world.tables.runs.last()] == ["running", "interrupted"]
    runner.close()


def test_a_workflow_without_steps_is_ok(world: World) -> None:
    assert world.runner().start("job", by="ada").wait(5) == "ok"


def test_counts_that_json_cannot_hold_are_told(world: World) -> None:
    def action(context: StepContext) -> StepResult:
        return StepResult("", {"odd": object()})

    handle = world.runner(a=action).start("job", by="ada")
    assert handle.wait(5) == "ok"
    assert "not JSON serializable" in world.texts("error")[0]
