"""Runs of jobs: once at a time, kept with their output, stopped, closed when their process is gone."""

from __future__ import annotations

import threading

import pytest

from resh.cancel import Cancel
from resh.errors import AlreadyRunning, ReshError
from resh.events.jobs import JobEnded, JobSkipped
from resh.jobs import runner as module
from resh.jobs.runner import Cause
from resh.state.outputs import Line as Kept
from resh.workflows.line import Output
from tests.jobs.world import JobWorld

PATIENCE = 10.0
ADA = Cause("ada")


def test_a_run_is_kept_with_what_it_wrote(world: JobWorld) -> None:
    def work(output: Output, cancel: Cancel) -> int:
        output.write("3 volumes\n")
        output.note("resh: 1 scope is stale")
        output.note("  ^ its place")
        world.clock.advance(5)
        return 3

    world.lines["work"] = work
    record = world.jobs.run(world.add("nag", "work"), ADA, Cancel())
    assert (record.status, record.errors, record.seconds(0)) == ("partial", ("1 scope is stale",), 5.0)
    assert world.runs() == [record]
    assert list(world.tables.outputs.lines(record.id)) == [
        Kept("3 volumes", False),
        Kept("resh: 1 scope is stale", True),
        Kept("  ^ its place", True),
    ]
    (line,) = world.ran
    assert (line.user, line.role, line.text) == ("ada", "operator", "work")
    assert world.types() == ["job_started", "job_ended"]
    assert world.texts("job_ended") == ["job nag j0001 partial after 5.0 s (1 scope is stale)"]


@pytest.mark.parametrize(("code", "status"), [(0, "ok"), (1, "failed"), (2, "failed"), (126, "failed"), (124, "failed")])
def test_the_status_is_that_of_the_line(world: JobWorld, code: int, status: str) -> None:
    world.lines["work"] = lambda output, cancel: code
    assert world.jobs.run(world.add("nag", "work"), ADA, Cancel()).status == status


def test_a_mistake_of_ours_is_a_failed_run(world: JobWorld) -> None:
    def work(output: Output, cancel: Cancel) -> int:
        raise ZeroDivisionError("oops")

    world.lines["work"] = work
    record = world.jobs.run(world.add("nag", "work"), ADA, Cancel())
    assert (record.status, record.errors) == ("failed", ("ZeroDivisionError: oops",))
    assert world.jobs.running() == []


def test_a_job_that_takes_too_long_is_told_to_stop(world: JobWorld) -> None:
    def work(output: Output, cancel: Cancel) -> int:
        output.note("begun")
        cancel.wait(PATIENCE)
        return 130

    world.lines["work"] = work
    record = world.jobs.run(world.add("nag", "work", timeout=0.05), ADA, Cancel())
    assert (record.status, record.errors) == ("failed", ("begun", "job nag took longer than 0.1 s"))
    assert [line.text for line in world.tables.outputs.lines(record.id)] == ["begun", "job nag took longer than 0.1 s"]


def test_never_twice_at_once_and_one_run_more_is_remembered(world: JobWorld) -> None:
    started, go = threading.Semaphore(0), threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.release()
        go.wait(PATIENCE)
        return 0

    world.lines["work"] = work
    job = world.add("nag", "work")
    assert world.jobs.start(job, ADA)
    assert started.acquire(timeout=PATIENCE)
    assert world.jobs.start(job, ADA)
    assert not world.jobs.start(job, ADA)
    assert [record.id for record in world.jobs.running()] == ["j0001"]
    assert world.jobs.waiting() == ["nag"]
    assert [event.job for event in world.events if isinstance(event, JobSkipped)] == ["nag"]
    go.set()
    world.jobs.finish()
    assert world.statuses() == ["ok", "ok"]
    first, second = world.runs()
    assert second.started >= first.ended


def test_another_process_that_runs_it_is_waited_for(world: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    other, started, go = world.another(), threading.Event(), threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        go.wait(PATIENCE)
        return 0

    world.lines["work"] = work
    job = world.add("nag", "work")
    other.start(job, ADA)
    assert started.wait(PATIENCE)
    assert [record.id for record in world.jobs.running()] == ["j0001"]
    with pytest.raises(AlreadyRunning, match="job nag is still running as j0001"):
        world.jobs.run(world.add("nag", "work", timeout=0.03), ADA, Cancel())
    world.jobs.start(job, ADA)
    go.set()
    world.jobs.finish()
    other.finish()
    assert world.statuses() == ["ok", "ok"]


def wait(output: Output, cancel: Cancel) -> int:
    cancel.wait(PATIENCE)
    return 130 if cancel else 0


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_run_is_stopped_here_and_elsewhere(world: JobWorld, elsewhere: bool) -> None:
    started = threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        return wait(output, cancel)

    world.lines["work"] = work
    there = world.another() if elsewhere else world.jobs
    there.start(world.add("nag", "work"), ADA)
    assert started.wait(PATIENCE)
    world.jobs.stop("j0001", by="bob")
    there.finish()
    assert [(record.status, record.errors) for record in world.runs()] == [("cancelled", ("stopped by bob",))]
    assert not list((world.home / "locks").glob("*.stop"))
    with pytest.raises(ReshError, match="no run j0001 of a job is under way"):
        world.jobs.stop("j0001", by="bob")


def test_a_job_is_stopped_with_the_run_that_waits(world: JobWorld) -> None:
    started = threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        return wait(output, cancel)

    world.lines["work"] = work
    job = world.add("nag", "work")
    world.jobs.start(job, ADA)
    assert started.wait(PATIENCE)
    world.jobs.start(job, ADA)
    assert world.jobs.stop_job("nag", "bob") == (["j0001"], True)
    world.jobs.finish()
    assert world.statuses() == ["cancelled"]


def test_whoever_waits_for_a_job_can_end_it(world: JobWorld) -> None:
    cancel = Cancel()

    def work(output: Output, own: Cancel) -> int:
        cancel.set("stopped by bob")
        return wait(output, own)

    world.lines["work"] = work
    record = world.jobs.run(world.add("nag", "work"), ADA, cancel)
    assert (record.status, record.errors) == ("cancelled", ("stopped by bob",))


def test_what_was_changed_or_deleted_while_it_waited_is_seen(world: JobWorld) -> None:
    world.concurrency = 1
    started, go = threading.Event(), threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        go.wait(PATIENCE)
        return 0

    world.lines["work"] = work
    world.jobs.start(world.add("first", "work"), ADA)
    assert started.wait(PATIENCE)
    world.jobs.start(world.add("changed", "work"), ADA)
    world.jobs.start(world.add("deleted", "work"), ADA)
    world.add("changed", "fine")
    world.tables.jobs.remove("deleted")
    go.set()
    world.jobs.finish()
    assert [line.text for line in world.ran] == ["work", "fine"]


def test_runs_of_a_dead_process_are_closed(world: JobWorld) -> None:
    dead = world.tables.job_runs.open("nag", by="schedule", at=world.clock.now())
    world.another()
    assert [record.status for record in world.runs()] == ["interrupted"]
    ended = next(event for event in world.events if isinstance(event, JobEnded))
    assert (ended.job_run, ended.status) == (dead.id, "interrupted")


def test_what_runs_is_left_alone(world: JobWorld) -> None:
    started, go = threading.Event(), threading.Event()

    def work(output: Output, cancel: Cancel) -> int:
        started.set()
        go.wait(PATIENCE)
        return 0

    world.lines["work"] = work
    world.jobs.start(world.add("nag", "work"), ADA)
    assert started.wait(PATIENCE)
    world.another()
    go.set()
    world.jobs.finish()
    assert world.statuses() == ["ok"]


def test_a_job_that_was_missed_has_a_failed_run(world: JobWorld) -> None:
    world.jobs.miss(world.add("nag"), "post_collect did not come within 1 h")
    assert [(record.status, record.errors) for record in world.runs()] == [("failed", ("post_collect did not come within 1 h",))]
    assert world.texts("job_skipped") == ["job nag not run: post_collect did not come within 1 h"]
