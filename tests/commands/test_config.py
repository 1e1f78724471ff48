"""`config`: what counts and why, all or nothing when it changes, and never a secret."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.setting_values import Setting
from resh.settings import SETTINGS
from tests.commands.conftest import Shell

HIDDEN = "swordfish"


def rows(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def stored(shell: Shell) -> dict[str, Any]:
    return shell.app.tables.settings.stored()


@pytest.fixture
def shell(app: App) -> Shell:
    return Shell(app)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that puts the next of the files `1`, `2`, … in the place of the text, and keeps what it was shown as `1.seen`, …"""
    program = tmp_path / "editor"
    program.write_text(
        f'#!/bin/sh\ncd {tmp_path}\nn=$(( $(ls *.seen 2>/dev/null | wc -l) + 1 ))\ncp "$1" $n.seen\n[ -e $n ] && cp $n "$1"\nexit 0\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(program))
    return tmp_path


def test_each_value_says_where_it_is_from(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "resh.yaml"
    file.write_text("collect.refresh: 3\ncollect: {processes: 2}\n")
    with App(home, config=file, environ={"RESH__COLLECT__ACCOUNTS": "5"}, overrides=["shell.editing=vi"]) as app:
        shell = Shell(app)
        shell("config set collect.hold.share 50")
        shell("config set collect.accounts 7")
        assert "here the value from the environment counts: 5" in shell.notes[0]
        found = {row["path"]: row for row in rows(shell("config diff"))}
        assert {path: (row["value"], row["source"], row["default"]) for path, row in found.items()} == {
            "collect.accounts": (5, "environment", 4),
            "collect.refresh": (3, "file", 8),
            "collect.processes": (2, "file", 1),
            "collect.hold.share": (50, "state", 30),
            "shell.editing": ("vi", "option", "emacs"),
        }
        assert found["collect.accounts"]["stored"] == 7
        assert {row["name"]: row["changed"] for row in rows(shell("config list")) if row["changed"]} == {"collect": 4, "shell": 1}
        assert shell("config get collect.accounts") == ["5"]
        assert shell("config get aws.regions") == ["[]"]
        assert shell("config get shell.editing") == ["vi"]
        assert shell("config get shell.events") == ["true"]


def test_several_are_set_or_none(shell: Shell) -> None:
    shell("config set collect.accounts=8, aws.regions=eu-west-1,us-east-1 shell.editing=vi")
    assert stored(shell) == {"collect.accounts": 8, "aws.regions": ["eu-west-1", "us-east-1"], "shell.editing": "vi"}
    for line, word in (
        ("config set collect.accounts=9 shell.editing=ed", "'ed' is not one of"),
        ("config set collect.accounts=9 shell.edting=vi", "shell.editing"),
        ("config set collect.accounts=9 shell.editing", "sets nothing"),
        ("config set collect.accounts 9 10", "no place for '10'"),
        ("config set collect.accounts", "value is missing"),
    ):
        shell(line)
        assert shell.status == 2
        assert word in shell.notes[0]
    assert stored(shell)["collect.accounts"] == 8
    assert sorted(event.text for event in shell.app.log.last()) == [
        "aws.regions set by ada", "collect.accounts set by ada", "shell.editing set by ada",
    ]  # fmt: skip


def test_a_part_is_reset(shell: Shell) -> None:
    shell("config set collect.accounts=8 collect.refresh=9 shell.editing=vi")
    assert [row["source"] for row in rows(shell("config reset collect"))] == ["default", "default"]
    assert stored(shell) == {"shell.editing": "vi"}
    shell("config reset collect")
    assert (shell.status, "nothing is stored for collect" in shell.notes[0]) == (1, True)
    shell("config reset")
    assert shell.status == 2


def test_what_is_exported_imports_the_same(shell: Shell, tmp_path: Path, clock: FakeClock) -> None:
    for line in (
        "config set collect.accounts=8, aws.regions=eu-west-1,us-east-1",
        "config set workflows.timezone Europe/Berlin",
        "config set metrics.downsample '2d=4h,30d=1d'",
        "config set metrics.token env:TOKEN",
    ):
        shell(line)
        assert shell.status == 0, shell.notes
    shell(f"config export | write {tmp_path / 'a.yaml'}")
    with App(tmp_path / "other", clock=clock) as app:
        other = Shell(app)
        other("config set shell.editing vi")
        assert len(other(f"config import {tmp_path / 'a.yaml'}")) == 5
        assert stored(other) == {**stored(shell), "shell.editing": "vi"}
        assert other(f"config import {tmp_path / 'a.yaml'}") == []
    with App(tmp_path / "third", clock=clock, config=tmp_path / "a.yaml", environ={"TOKEN": HIDDEN}) as app:
        assert app.settings.text("metrics.token") == HIDDEN
        assert app.settings.number("collect.accounts") == 8


def test_all_settings_export_and_import(shell: Shell, tmp_path: Path) -> None:
    shell(f"config export --all | write {tmp_path / 'a.yaml'}")
    shell(f"config import {tmp_path / 'a.yaml'}")
    assert shell.status == 0, shell.notes
    assert set(stored(shell)) == {setting.path for setting in SETTINGS if not setting.secret}
    assert [row["path"] for row in rows(shell("config diff"))] == [s.path for s in SETTINGS if not s.secret]
    assert all(row["value"] == row["default"] for row in rows(shell("config diff")))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("collect.accounts: 9\nshell:\n  editing: ed\n", "line 3: shell.editing: 'ed' is not one of"),
        ("collect.accounts: 9\ncollect: {accounts: 8}\n", "line 2: collect.accounts is there twice (lines 1 and 2)"),
        ("collect.accounts: 9\nshel.editing: vi\n", "line 2: there is no setting 'shel.editing' (did you mean shell.editing"),
        ("collect.accounts: 9\n: : [\n", "line 2"),
        ("- a\n", "line 1: holds no settings"),
        ("collect.accounts: 9\nmetrics.token: swordfish\n", "line 2: metrics.token is a secret, which is never stored"),
        ("collect: &a {accounts: 9, b: *a}\n", "collect.b.accounts"),
        ("[" * 5000, "nested too deep"),
        ("\x00", "line 1"),
    ],
)
def test_an_import_is_whole_or_nothing(shell: Shell, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    shell(f"config import {tmp_path / 'a.yaml'}")
    assert shell.status == 2
    assert told in shell.notes[0]
    assert HIDDEN not in shell.notes[0]
    assert stored(shell) == {}


def test_an_edit_changes_what_is_different(shell: Shell, editor: Path) -> None:
    shell("config set collect.accounts=8 collect.refresh=9 shell.editing=vi")
    (editor / "1").write_text("collect.accounts: 8\ncollect.processes: 2\n")
    assert [(row["path"], row["value"]) for row in rows(shell("config edit collect"))] == [("collect.processes", 2), ("collect.refresh", 8)]
    assert stored(shell) == {"collect.accounts": 8, "collect.processes": 2, "shell.editing": "vi"}
    seen = (editor / "1.seen").read_text()
    assert "# accounts collected at the same time\ncollect.accounts: 8\n" in seen
    assert "#collect.processes: 1\n" in seen
    assert "shell.editing" not in seen


def test_an_editor_that_fails_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "false")
    shell("config edit metrics")
    assert shell.status == 1
    assert "false: Editing failed" in shell.notes[-1]


def test_an_edit_opens_again_with_the_mistake_marked(shell: Shell, editor: Path) -> None:
    (editor / "1").write_text("# mine\ncollect.accounts: many\ncollect.refresh: 9\n")
    (editor / "2").write_text("# mine\n## told\ncollect.accounts: 5\nshell.editing: vi\n")
    (editor / "3").write_text("collect.accounts: 5\n")
    assert [row["path"] for row in rows(shell("config edit collect"))] == ["collect.accounts"]
    assert (editor / "2.seen").read_text().splitlines()[:3] == [
        "# mine", "## collect.accounts: 'many' is not a whole number (write it like 16)", "collect.accounts: many",
    ]  # fmt: skip
    assert "## shell.editing is not under collect" in (editor / "3.seen").read_text()
    assert stored(shell) == {"collect.accounts": 5}


def test_an_edit_that_is_given_up_changes_nothing(shell: Shell, editor: Path) -> None:
    (editor / "1").write_text("collect.accounts: many\n")
    shell("config edit collect")
    assert (shell.status, stored(shell)) == (130, {})
    assert "2.seen" in os.listdir(editor)


def test_an_edit_tells_of_what_somebody_else_changed_meanwhile(shell: Shell, editor: Path, home: Path) -> None:
    shell("config set collect.refresh 1")
    program, other = editor / "editor", f"{sys.executable} -m resh --home {home} -c 'config set collect.refresh 2'"
    program.write_text(program.read_text().replace("exit 0", f"[ $n = 1 ] && {other} >/dev/null\nexit 0"))
    (editor / "1").write_text("collect.accounts: 5\n")
    (editor / "2").write_text("collect.accounts: 6\n")
    shell("config edit collect")
    assert stored(shell) == {"collect.accounts": 6}
    assert "## somebody has changed collect.refresh meanwhile" in (editor / "2.seen").read_text()


def test_a_secret_is_a_place_and_never_shown(home: Path, tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "token").write_text(f"{HIDDEN}\n")
    with App(home, clock=clock, environ={"TOKEN": HIDDEN}, overrides=[f"metrics.push.token={HIDDEN}"]) as app:
        shell = Shell(app)
        shell(f"config set metrics.token {HIDDEN}")
        assert (shell.status, stored(shell)) == (2, {})
        assert HIDDEN not in " ".join(shell.notes)
        for reference in ("env:TOKEN", f"file:{tmp_path / 'token'}"):
            assert rows(shell(f"config set metrics.token {reference}"))[0]["value"] == reference
            assert app.settings.text("metrics.token") == app.settings.frozen().text("metrics.token") == HIDDEN
        told = [*shell("config show"), *shell("config export --all"), *shell("config diff"), *shell("config get metrics.push.token")]
        assert HIDDEN not in "\n".join(told)
        assert HIDDEN not in (home / "state" / "settings.json").read_text()
        shell("config set metrics.token env:NOTHING")
        shell("metrics list")
        with pytest.raises(Exception, match="env:NOTHING holds no secret"):
            app.settings.text("metrics.token")


def test_only_admins_and_only_here(app: App, tmp_path: Path) -> None:
    operator, remote = Shell(app, role=Role.operator), Shell(app, local=False)
    for line in ("config set collect.accounts 8", "config reset collect", "config edit", "config import x"):
        operator(line)
        assert operator.status == 126
    for line in ("config edit", "config edit metrics", "config import x"):
        remote(line)
        assert remote.status == 126
    assert operator("config export") == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_every_setting_can_be_shown_and_found(shell: Shell, setting: Setting) -> None:
    (row,) = rows(shell(f"config show {setting.path}"))
    assert (row["source"], row["type"], row["description"]) == ("default", setting.type, setting.description)


def test_what_is_stored_becomes_what_a_file_says(shell: Shell, tmp_path: Path) -> None:
    shell("config set collect.accounts=8 collect.refresh=9 shell.editing=vi")
    file = tmp_path / "a.yaml"
    file.write_text("collect.accounts: 5\n")
    assert {row["path"]: row["value"] for row in rows(shell(f"config update collect {file}"))} == {
        "collect.accounts": 5,
        "collect.refresh": 8,
    }
    assert stored(shell) == {"collect.accounts": 5, "shell.editing": "vi"}
    for text, word in (("collect.accounts: many\n", "whole number"), ("shell.editing: vi\n", "not under collect"), ("collect: [", "YAML")):
        file.write_text(text)
        shell(f"config update collect {file}")
        assert (shell.status, word in shell.notes[0]) == (2, True)
    assert stored(shell)["collect.accounts"] == 5


def test_a_part_is_copied_to_one_with_the_same_settings(shell: Shell) -> None:
    shell("config set cleanup.rules.volumes.accounts=dev-1,dev-2 cleanup.rules.volumes.min_age=3d")
    copied = {row["path"]: row["value"] for row in rows(shell("config copy cleanup.rules.volumes cleanup.rules.old_snapshots"))}
    assert copied == {"cleanup.rules.old_snapshots.accounts": ["dev-1", "dev-2"], "cleanup.rules.old_snapshots.min_age": "3d"}
    assert shell("config copy cleanup.rules.volumes cleanup.rules.old_snapshots") == []
    for to, word in (("cleanup.rules.old_snapshot", "cleanup.rules.old_snapshots"), ("collect", "there is no setting")):
        shell(f"config copy cleanup.rules.volumes {to}")
        assert (shell.status, word in shell.notes[0]) == (2, True)
    shell("config copy cleanup.rules.volumes.accounts collect.accounts")
    assert (shell.status, "whole number" in shell.notes[0]) == (2, True)


def test_a_copy_has_no_secret(home: Path, clock: FakeClock) -> None:
    with App(home, clock=clock, environ={"RESH__METRICS__TOKEN": HIDDEN}) as app:
        shell = Shell(app)
        assert shell("config copy metrics.token shell.theme") == []
        assert (shell.notes, stored(shell)) == (["nothing changed"], {})


def test_an_editor_that_is_not_there_is_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nothing/like-it")
    shell("config edit collect")
    assert (shell.status, len(shell.notes)) == (1, 1)
    assert "the editor failed" in shell.notes[0]
