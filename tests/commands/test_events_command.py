from __future__ import annotations

import json
from typing import Any

import pytest

from resh.app import App
from resh.events.event import Event, Problem, ScopeFailed, StepEvent, WorkflowStarted
from resh.events.people import Login
from tests.commands.conftest import Shell

EVENTS: tuple[Event, ...] = (
    WorkflowStarted(run="01a7", workflow="collect", by="ada"),
    StepEvent(type="pre_collect", step="collect", run="01a7"),
    ScopeFailed(scope="aws/1/eu/volume", status="denied", run="01a7"),
    Login(user="eve\x1b[31m", role="viewer", via="ssh"),
    Problem(text="it broke", run="01a8"),
)


@pytest.fixture
def plain(app: App) -> Shell:
    for event in EVENTS:
        app.bus.emit(event)
    return Shell(app)


def read(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("events last 2", [4, 5]),
        ("events last", [1, 2, 3, 4, 5]),
        ("events last 99999999999999999999", [1, 2, 3, 4, 5]),
        ("events last 1 pre_collect", [2]),
        ("events last 5 '*_collect,login'", [2, 4]),
        ("events last 5 --run 01a7", [1, 2, 3]),
        ("events --run 01a7", [1, 2, 3]),
        ("events --run 01a7 --severity warning", [3]),
        ("events --severity warning", [3, 5]),
        ("events error", [5]),
        ("events task_start", [1]),
        ("events --after 3", [4, 5]),
        ("events '*' --after 3 --severity error", [5]),
    ],
)
def test_which_events(plain: Shell, line: str, numbers: list[int]) -> None:
    assert [row["seq"] for row in read(plain(line))] == numbers
    assert (plain.status, plain.notes) == (0, [])


def test_a_row_has_the_fields_of_its_event(plain: Shell) -> None:
    assert read(plain("events scope_failed")) == [
        {
            "seq": 3,
            "at": "2023-11-14T22:13:20Z",
            "type": "scope_failed",
            "severity": "warning",
            "text": "denied: aws/1/eu/volume",
            "run": "01a7",
            "workflow": "",
            "scope": "aws/1/eu/volume",
            "status": "denied",
            "operation": "",
            "code": "",
            "message": "",
        }
    ]


def test_rows_pipe_like_others(plain: Shell) -> None:
    assert plain("events last 3 | count severity")[:3] == ["error: 1", "info: 1", "warning: 1"]
    assert plain("events '*' | head 1 | list seq, type, by") == ["seq  type              by", "  1  workflow_started  ada"]


def test_a_terminal_shows_lines_that_can_not_drive_it(plain: Shell) -> None:
    terminal = Shell(plain.app, columns=100)
    assert [line[10:] for line in terminal("events last 2")] == [
        "login                  eve�[31m (viewer), ssh",
        "error                  it broke",
    ]


def test_follow_replays_what_came_after_a_number(plain: Shell) -> None:
    assert [row["seq"] for row in read(plain("events follow --after 3 | head 2"))] == [4, 5]
    assert [row["seq"] for row in read(plain("events follow error --after 0 | head 1"))] == [5]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("events last 5 colect", "no event is called 'colect' (did you mean collect"),
        ("events folow", "no event is called 'folow' (did you mean follow"),
        ("events 'x_*'", "no event fits 'x_*'"),
        ("events --severity eror", "'eror' is no severity (did you mean error?"),
        ("events last 5 --after 3", "--after"),
        ("events mute lgoin", "login"),
    ],
)
def test_a_mistake_names_what_was_meant(plain: Shell, line: str, words: str) -> None:
    assert plain(line) == []
    assert (plain.status, words in plain.notes[0]) == (2, True)


def test_mutes_are_kept_for_the_user_or_for_the_session(plain: Shell) -> None:
    plain("events mute 'pre_*,login'; events mute task_end --session")
    assert plain("events mute | format {pattern}: {where}") == [
        "pre_*: every session of yours",
        "login: every session of yours",
        "workflow_ended: this session",
    ]
    assert plain.session.muted == {"workflow_ended"}
    again = Shell(plain.app)
    assert again("events mute | format {pattern}") == ["pre_*", "login"]
    assert again("events unmute 'log*'") == ["login: above the prompt again"]
    assert plain("events mute | format {pattern}") == ["pre_*", "workflow_ended"]
    assert plain("events unmute task_end") == ["workflow_ended: above the prompt again"]
    plain("events unmute '*'")
    assert plain("events mute") == []
    plain("events unmute login")
    assert (plain.status, plain.notes) == (1, ["resh: error: 'login' is not muted (nothing is)"])
