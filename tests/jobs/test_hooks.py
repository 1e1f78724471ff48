"""What starts jobs: steps, which wait for them; other events; schedules."""

from __future__ import annotations

import threading

from resh.cancel import Cancel
from resh.events.event import Problem, StepEvent, WorkflowEnded
from resh.events.jobs import JobEnded
from resh.events.people import Login
from resh.jobs.hooks import schedule_name
from resh.settings import Settings
from resh.workflows.definition import Step
from resh.workflows.line import Output
from resh.workflows.runner import Runner
from resh.workflows.scheduler import Scheduler
from tests.jobs.world import JobWorld, Work
from tests.workflows.world import returning

PATIENCE = 10.0


def workflows(world: JobWorld, *steps: Step) -> Runner:
    """One workflow with a step `a`, and `b` behind it, whose jobs are waited for."""
    runner = world.runner(*(steps or (Step("a", "a"), Step("b", "b"))), a=returning("one"), b=returning("two"))
    runner.wait_for(world.hooks.handlers)
    return runner


def scheduler(world: JobWorld, runner: Runner) -> Scheduler:
    return Scheduler(
        Settings(),
        runner,
        world.tables.schedule,
        world.bus,
        world.clock,
        world.home,
        further=world.hooks.scheduled,
        stamp=world.tables.jobs.stamp,
        meanwhile=world.hooks.expire,
    )


def test_the_next_step_begins_when_a_slow_job_has_ended(world: JobWorld) -> None:
    started, go = threading.Event(), threading.Event()

    def slow(output: Output, cancel: Cancel) -> int:
        started.set()
        go.wait(PATIENCE)
        world.bus.emit(Problem(text="the slow job has ended"))
        return 0

    world.lines["slow"] = slow
    world.add("slow", "slow", event="a")
    handle = workflows(world).start("job", by="ada")
    assert started.wait(PATIENCE)
    assert "post_a" not in world.types()
    assert handle.status == "running"
    go.set()
    assert handle.wait(PATIENCE) == "ok"
    types = world.types()
    assert types.index("job_ended") < types.index("post_a") < types.index("pre_b")
    assert "the slow job has ended" in world.texts("error")
    (record,) = world.runs()
    assert (record.by, record.within) == ("a", handle.id)


def test_built_ins_then_rules_then_jobs_by_their_ids(world: JobWorld) -> None:
    done: list[str] = []

    def noting(id: str) -> Work:
        def work(output: Output, cancel: Cancel) -> int:
            done.append(f"job {id}")
            return 0

        return work

    for id in ("c", "a", "b"):
        world.lines[id] = noting(id)
        world.add(id, id, event="a")
    runner = world.runner(a=returning(then=lambda: done.append("action")))
    runner.wait_for(world.hooks.handlers)
    runner.on("a", lambda event, context: done.append("rule"), 100)
    runner.on("a", lambda event, context: done.append("built-in"), 0)
    assert runner.start("job", by="ada").wait(PATIENCE) == "ok"
    assert done == ["action", "built-in", "rule", "job a", "job b", "job c"]


def test_a_failing_job_is_an_error_of_the_run_and_not_its_end(world: JobWorld) -> None:
    def fail(output: Output, cancel: Cancel) -> int:
        output.note("resh: error: no luck")
        return 1

    world.lines["fail"] = fail
    world.add("bad", "fail", event="a")
    world.add("good", event="a")
    handle = workflows(world).start("job", by="ada")
    assert handle.wait(PATIENCE) == "partial"
    assert handle.record.problems == ("a: job bad at a: failed: error: no luck (jobs log j0001)",)
    assert world.statuses() == ["failed", "ok"]
    assert world.types()[-2:] == ["post_b", "workflow_ended"]


def test_a_failing_job_ends_the_run_where_the_step_says_so(world: JobWorld) -> None:
    world.lines["fail"] = lambda output, cancel: 1
    world.add("bad", "fail", event="a")
    runner = workflows(world, Step("a", "a", on_error="stop"), Step("b", "b"))
    handle = runner.start("job", by="ada")
    assert handle.wait(PATIENCE) == "failed"
    assert [step.name for step in handle.record.steps] == ["a"]


def test_what_may_not_begin_does_not_act(world: JobWorld) -> None:
    world.lines["fail"] = lambda output, cancel: 1
    world.add("bad", "fail", event="pre_a")
    acted: list[int] = []
    runner = world.runner(Step("a", "a", on_error="stop"), a=returning(then=lambda: acted.append(1)))
    runner.wait_for(world.hooks.handlers)
    assert runner.start("job", by="ada").wait(PATIENCE) == "failed"
    assert acted == []


def test_a_cancelled_run_takes_its_job_along(world: JobWorld) -> None:
    started = threading.Event()

    def slow(output: Output, cancel: Cancel) -> int:
        started.set()
        cancel.wait(PATIENCE)
        return 130

    world.lines["slow"] = slow
    world.add("slow", "slow", event="a")
    handle = workflows(world).start("job", by="ada")
    assert started.wait(PATIENCE)
    handle.cancel("enough")
    assert handle.wait(PATIENCE) == "cancelled"
    assert world.statuses() == ["cancelled"]


def test_conditions_see_what_the_step_says(world: JobWorld) -> None:
    world.add("yes", event="post_a counts.n=1 workflow=job")
    world.add("no", event="post_a counts.n>1")
    world.add("other", event="post_a workflow=other")
    assert workflows(world).start("job", by="ada").wait(PATIENCE) == "ok"
    assert [record.workflow for record in world.runs()] == ["yes"]


def test_a_job_that_is_not_active_runs_at_nothing(world: JobWorld) -> None:
    world.add("nag", event="a")
    world.tables.jobs.activate("nag", False)
    assert workflows(world).start("job", by="ada").wait(PATIENCE) == "ok"
    assert world.runs() == []


def test_another_event_starts_a_job_in_a_thread_of_its_own(world: JobWorld) -> None:
    world.add("nag", event="error text~luck")
    world.bus.emit(Problem(text="no luck"))
    world.bus.emit(Problem(text="no idea"))
    world.jobs.finish()
    assert [(record.workflow, record.by) for record in world.runs()] == [("nag", "error")]


def test_an_event_of_a_step_starts_a_job_once(world: JobWorld) -> None:
    world.add("nag", event="post_a")
    assert workflows(world).start("job", by="ada").wait(PATIENCE) == "ok"
    world.jobs.finish()
    assert len(world.runs()) == 1


def test_no_job_starts_itself_whichever_way_round(world: JobWorld) -> None:
    def emit(output: Output, cancel: Cancel) -> int:
        world.bus.emit(Problem(text="again"))
        return 0

    world.lines["emit"] = emit
    world.add("a", "emit", event="error")
    world.add("b", "emit", event="error,job_ended")
    world.bus.emit(Problem(text="once"))
    world.jobs.finish()
    assert all(world.statuses(id) for id in "ab")
    assert len(world.runs("a")) <= 4
    assert len(world.runs("b")) <= 4


def test_a_run_that_a_job_starts_does_not_wait_for_that_job(world: JobWorld) -> None:
    runner = workflows(world)
    world.lines["run"] = lambda output, cancel: 0 if runner.start("job", by="ada").wait(PATIENCE) == "ok" else 1
    job = world.add("again", "run", event="a,workflow_ended")
    world.bus.emit(WorkflowEnded(workflow="other"))
    world.jobs.finish()
    assert world.statuses() == ["ok"]
    assert job.id == "again"


def test_a_schedule_starts_a_job(world: JobWorld) -> None:
    runner = workflows(world)
    schedule = scheduler(world, runner)
    schedule.tick()
    world.add("nag", schedule="every 10m")
    assert schedule_name("nag") in [one.name for one in schedule.upcoming()]
    schedule.tick()
    world.clock.advance(600)
    schedule.tick()
    world.jobs.finish()
    assert [(record.workflow, record.by) for record in world.runs()] == [("nag", "schedule")]
    world.tables.jobs.remove("nag")
    assert schedule_name("nag") not in [one.name for one in schedule.upcoming()]
    schedule.stop()


def test_with_both_the_schedule_arms_and_the_event_fires_once(world: JobWorld) -> None:
    runner = workflows(world)
    schedule = scheduler(world, runner)
    schedule.tick()
    world.add("nag", schedule="every 10m", event="post_a", timeout=300)
    schedule.tick()
    assert runner.start("job", by="ada").wait(PATIENCE) == "ok"
    assert world.runs() == []
    world.clock.advance(600)
    schedule.tick()
    assert world.runs() == []
    assert world.tables.jobs.all()["nag"].waits_until == world.clock.now() + 300
    for _ in range(2):
        assert runner.start("job", by="ada").wait(PATIENCE) == "ok"
    assert [(record.by, record.status) for record in world.runs()] == [("post_a", "ok")]
    schedule.stop()


def test_an_event_that_does_not_come_in_time_is_a_failed_run(world: JobWorld) -> None:
    runner = workflows(world)
    schedule = scheduler(world, runner)
    schedule.tick()
    world.add("nag", schedule="@hourly", event="post_a", timeout=300)
    schedule.tick()
    world.clock.advance(3600)
    schedule.tick()
    world.clock.advance(299)
    schedule.tick()
    assert world.runs() == []
    world.clock.advance(2)
    assert runner.start("job", by="ada").wait(PATIENCE) == "ok"
    schedule.tick()
    assert [record.errors for record in world.runs()] == [("post_a did not come within 5 min",)]
    schedule.stop()


def test_only_the_process_that_emits_starts_jobs(world: JobWorld) -> None:
    world.add("nag", event="error")
    cancel, heard = Cancel(), threading.Event()
    world.bus.subscribe(lambda event: heard.set() if event.text == "elsewhere" else None)
    relay = threading.Thread(target=world.bus.relay, args=(cancel,))
    relay.start()
    while not heard.wait(0.05):  # until the relay has begun, what others append lies before its beginning
        world.log.append(Problem(text="elsewhere", at=world.clock.now()))
    cancel.set()
    relay.join()
    world.jobs.finish()
    assert world.runs() == []


def test_the_end_of_a_job_within_a_run_is_told_by_the_step(world: JobWorld) -> None:
    world.lines["fail"] = lambda output, cancel: 1
    world.add("bad", "fail", event="a")
    assert workflows(world).start("job", by="ada").wait(PATIENCE) == "partial"
    (ended,) = [event for event in world.events if isinstance(event, JobEnded)]
    assert (ended.severity, ended.run, ended.workflow) == ("debug", "0001", "job")


def test_handlers_of_an_event_come_in_the_order_of_ids(world: JobWorld) -> None:
    for id in ("b", "a", "10", "9"):
        world.add(id, event="a")
    assert [one.name for one in world.hooks.handlers(StepEvent(type="a"))] == ["job 10", "job 9", "job a", "job b"]


def test_a_job_whose_event_is_not_understood_is_told_and_hurts_no_other(world: JobWorld) -> None:
    world.add("bad", event="post_collect created")
    world.add("good", event="login")
    for _ in range(2):
        world.bus.emit(Login(user="ada"))
        world.jobs.finish()
    assert world.statuses("good") == ["ok", "ok"]
    (told,) = world.texts("job_skipped")
    assert told.startswith("job bad not run: its event is not understood: 'created' is no condition")
