from __future__ import annotations

import time

import pytest

from resh.events.event import Event, Problem, ScopeFailed, StepEvent, WorkflowStarted
from resh.render.events import drawn, event_line


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (StepEvent(type="pre_collect"), "pre_collect"),
        (StepEvent(type="post_collect", text="+734 ~0 -0"), "post_collect           +734 ~0 -0"),
        (WorkflowStarted(text="collect 01a7 started by ada"), "collect 01a7 started by ada"),
        (WorkflowStarted(), "workflow_started"),
        (Problem(text="two\nlines \x1b[2J"), "error                  two lines �[2J"),
        (Problem(type="evil\x1b[2J"), "evil�[2J"),
    ],
)
def test_lines(event: Event, expected: str) -> None:
    assert event_line(event)[10:] == expected


def test_a_text_without_end_is_cut() -> None:
    line = event_line(Problem(text="x" * 100_000))
    assert len(line) < 1100
    assert line.endswith("xxx…")


@pytest.mark.parametrize(
    ("severity", "code"), [("debug", "\x1b[2m"), ("info", ""), ("warning", "\x1b[33m"), ("error", "\x1b[31m"), ("unheard of", "")]
)
def test_colours_tell_the_severity(severity: str, code: str) -> None:
    clock = time.strftime("%H:%M:%S", time.localtime(0))
    assert drawn(0.0, "words", severity, colour=True) == f"\x1b[32m{clock}\x1b[0m  {code}words{code and chr(27) + '[0m'}"
    assert drawn(0.0, "words", severity) == f"{clock}  words"


def test_a_warning_is_yellow() -> None:
    assert "\x1b[33mscope_failed" in event_line(ScopeFailed(), colour=True)
