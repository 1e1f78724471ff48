"""Steps that run a command line, wait for an event, or are nothing but their events."""

from __future__ import annotations

import threading

import pytest

from resh.cancel import Cancel
from resh.events.event import Event, Problem
from resh.workflows.definition import Author, Step, Workflow
from resh.workflows.line import Line, Output
from resh.workflows.own_steps import own_steps
from resh.workflows.runner import Runner
from tests.workflows.world import World

PATIENCE = 10.0
ADA = Author("ada", "operator", local=True, env={"x": "1"})


def runner(world: World, *steps: Step, status: int = 0, note: str = "") -> tuple[Runner, list[Line]]:
    """A workflow of a person, whose lines write two lines."""
    ran: list[Line] = []

    def run_line(line: Line, output: Output, cancel: Cancel) -> int:
        ran.append(line)
        output.write("one\ntwo\n")
        if note:
            output.note(note)
        return status

    makers = own_steps(run_line, world.tables.outputs, world.log)
    workflow = Workflow("job", steps, author=ADA)
    return Runner({"job": workflow}, {}, world.bus, world.tables.runs, world.clock, world.home, makers=makers), ran


def test_a_line_runs_as_its_author_and_what_it_wrote_is_kept(world: World) -> None:
    workflows, ran = runner(world, Step("report", "run", what="echo a"))
    handle = workflows.start("job", by="schedule")
    assert handle.wait(PATIENCE) == "ok"
    assert ran == [Line("echo a", "ada", "operator", True, {"x": "1"})]
    assert handle.record.steps[0].summary == "2 lines written"
    assert [line.text for line in world.tables.outputs.lines(handle.id)] == ["one", "two"]


@pytest.mark.parametrize(
    ("status", "run", "problems"),
    [(3, "partial", ("report: odd",)), (1, "failed", ("report: odd",)), (126, "failed", ("report: odd",))],
)
def test_a_line_that_fails_fails_its_step(world: World, status: int, run: str, problems: tuple[str, ...]) -> None:
    workflows, _ = runner(world, Step("report", "run", what="echo a"), status=status, note="resh: odd")
    handle = workflows.start("job", by="ada")
    assert handle.wait(PATIENCE) == run
    assert handle.record.problems == problems


def test_an_emitted_event_is_framed_and_waited_at(world: World) -> None:
    workflows, _ = runner(world, Step("done", "emit"))
    seen: list[str] = []
    workflows.on("done", lambda event, context: seen.append(event.type))
    assert workflows.start("job", by="ada").wait(PATIENCE) == "ok"
    assert world.types() == ["workflow_started", "pre_done", "done", "post_done", "workflow_ended"]
    assert seen == ["done"]


def test_a_wait_ends_with_its_event(world: World) -> None:
    workflows, _ = runner(world, Step("until", "wait", what="error text~luck"))
    waiting = threading.Event()
    world.bus.subscribe(lambda event: waiting.set() if event.type == "until" else None)
    handle = workflows.start("job", by="ada")
    assert waiting.wait(PATIENCE)
    while handle.status == "running":
        world.bus.emit(Problem(text="no idea"))
        world.bus.emit(Problem(text="no luck"))
        handle.wait(0.05)
    assert handle.status == "ok"
    assert handle.record.steps[0].summary == "error came: no luck"


def test_its_own_events_end_no_wait(world: World) -> None:
    workflows, _ = runner(world, Step("until", "wait", 0.3, what="*"))
    handle = workflows.start("job", by="ada")
    assert handle.wait(PATIENCE) == "failed"
    assert handle.record.problems == ("until: until took longer than 0.3 s",)


def test_a_wait_can_be_cancelled(world: World) -> None:
    workflows, _ = runner(world, Step("until", "wait", what="login"))
    begun = threading.Event()

    def hear(event: Event) -> None:
        if event.type == "until":
            begun.set()

    world.bus.subscribe(hear)
    handle = workflows.start("job", by="ada")
    assert begun.wait(PATIENCE)
    handle.cancel("enough")
    assert handle.wait(PATIENCE) == "cancelled"
