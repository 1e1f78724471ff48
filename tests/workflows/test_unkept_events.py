"""A run whose events cannot be kept does all its work; it says once why nothing of it can be read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.events.event import Problem
from tests.workflows.world import World, returning


def full(events: Path) -> None:
    events.symlink_to("/dev/full")


def folder(events: Path) -> None:
    events.mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(full, "No space left on device", marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")),
        (folder, "Is a directory"),
    ],
)
def test_a_run_goes_on(home: Path, make: object, words: str) -> None:
    assert callable(make)
    home.mkdir()
    make(home / "events.jsonl")
    world = World(home)
    handle = world.runner(one=returning("did one"), two=returning("did two")).start("job", by="ada")
    assert handle.wait(10) == "ok"
    assert [step.summary for step in handle.record.steps] == ["did one", "did two"]
    steps = [event for name in ("one", "two") for event in (f"pre_{name}", name, f"post_{name}")]
    assert [name for name in world.types() if name != "error"] == ["workflow_started", *steps, "workflow_ended"]
    (report,) = [event for event in world.events if isinstance(event, Problem)]
    assert words in report.text
    assert {event.seq for event in world.events} == {0}
