from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.events.people import BackgroundEnded
from resh.shell.background import behind
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("search all | count &", "search all | count"),
        ("echo a; echo b &  \n", "echo a; echo b"),
        ("echo a&", None),
        ("echo 'a &", None),
        ('echo "a &"', None),
        ("&", None),
        ("echo a", None),
    ],
)
def test_what_goes_on_by_itself(text: str, expected: str | None) -> None:
    assert behind(text) == expected


@pytest.fixture
def ended(app: App) -> Callable[[], BackgroundEnded]:
    flag, found = Flag(), []

    def hear(event: object) -> None:
        if isinstance(event, BackgroundEnded):
            found.append(event)
            flag.set()

    app.bus.subscribe(hear)

    def wait() -> BackgroundEnded:
        assert flag.wait(20)
        return found[-1]

    return wait


def test_its_output_is_a_file_of_the_user(app: App, home: Path, ended: Callable[[], BackgroundEnded]) -> None:
    shell = Shell(app, interactive=True)
    shell("echo one; echo two &")
    assert (shell.status, shell.notes) == (0, ["& 1: echo one; echo two"])
    event = ended()
    assert (event.by, event.status, event.file) == ("ada", 0, "background-1.txt")
    file = home / "exports" / "ada" / event.file
    assert file.read_text() == "one\ntwo\n"
    assert file.stat().st_mode & 0o077 == 0


def test_it_is_listed_and_stopped(app: App, ended: Callable[[], BackgroundEnded]) -> None:
    shell, other = Shell(app, interactive=True), Shell(app, role=Role.viewer, interactive=True)
    other.session.user = "bob"
    shell("sleep 600 &")
    assert json.loads(shell("background list")[0])["line"] == "sleep 600"
    assert other("background list") == []
    other("background stop 1")
    assert other.status == 1
    assert shell("background stop 1") == ["1 stops"]
    assert ended().status == 130


def test_what_could_not_run_is_told_at_once(app: App) -> None:
    shell = Shell(app, role=Role.viewer, interactive=True)
    shell("nonsense &")
    assert shell.status == 127
    shell("config set shell.events false &")
    assert shell.status == 126


def test_a_script_that_ends_cannot_leave_anything_behind(app: App) -> None:
    shell = Shell(app)
    shell("echo a &")
    assert (shell.status, app.background.jobs()) == (126, [])


def test_it_ends_with_resh(home: Path, app: App) -> None:
    Shell(app, interactive=True)("sleep 600 &")
    (job,) = app.background.jobs()
    app.close()
    assert job.cancel
    assert app.background.jobs() == []
