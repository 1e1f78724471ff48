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
    assert len(app.background.jobs()) == 1
    app.close()
    assert app.background.jobs() == []


def test_other_processes_see_and_stop_it(app: App, home: Path, ended: Callable[[], BackgroundEnded]) -> None:
    shell = Shell(app, interactive=True)
    shell("sleep 600 &")
    with App(home) as other:
        elsewhere = Shell(other, interactive=True)
        assert [json.loads(row)["line"] for row in elsewhere("background list")] == ["sleep 600"]
        elsewhere("echo here &")
        assert elsewhere.notes == ["& 2: echo here"]
        assert elsewhere("background stop 1") == ["1 stops"]
        assert ended().status == 130
        shell("sleep 600 &")
        assert shell.notes == ["& 3: sleep 600"] or shell.notes == ["& 2: sleep 600"]


def test_what_a_killed_process_left_behind_does_not_run(app: App, home: Path) -> None:
    left = home / "locks" / "background" / "7.job"
    left.parent.mkdir(parents=True)
    left.write_text('["ada", 1.0, "sleep 600"]')
    shell = Shell(app, interactive=True)
    assert shell("background list") == []
    shell("background stop 7")
    assert shell.status == 1


def test_its_output_has_an_end(app: App, home: Path, ended: Callable[[], BackgroundEnded]) -> None:
    app.settings.set("ssh.exports_size", 1, "state")
    shell = Shell(app, interactive=True)
    line = "echo " + "x" * 300_000
    shell("; ".join([line] * 5) + " &")
    event = ended()
    assert event.status == 1
    assert "your export folder is full" in (home / "exports" / "ada" / "background-1.txt").read_text() + event.file
    assert sum(file.stat().st_size for file in (home / "exports" / "ada").iterdir()) <= 1 << 20


def test_jobs_and_commands_of_one_s_own_go_on_too(app: App, home: Path, ended: Callable[[], BackgroundEnded]) -> None:
    shell = Shell(app, interactive=True)
    shell("commands add --source --parameter who greet 'echo hello {{who}}'")
    shell("jobs add --id nag 'greet who=bob'")
    assert shell.status == 0, shell.notes
    shell("greet who=ada; jobs run nag &")
    assert ended().status == 0
    assert "hello ada" in (home / "exports" / "ada" / "background-1.txt").read_text()
    assert shell("jobs log nag") == ["hello bob"]
