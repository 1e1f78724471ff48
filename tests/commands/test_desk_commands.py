"""Commands that need the session or the terminal: copy, timing, recall, edit, record."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest

from resh.app import App
from resh.errors import ReshError
from resh.shell.desk import TerminalPart
from tests.commands.conftest import Shell


class FakeRecorder:
    def __init__(self) -> None:
        self.file: Path | None = None

    def start(self, file: Path) -> None:
        self.file = file

    def stop(self) -> Path:
        if self.file is None:
            raise ReshError("nothing is being recorded", "record FILE begins")
        file, self.file = self.file, None
        return file


@pytest.fixture
def at_desk(terminal: Shell) -> Shell:
    """At a terminal of this machine."""
    terminal.session.desk.terminal = TerminalPart(lambda: (100, 30), terminal.session.offered.append, FakeRecorder())
    return terminal


def copied(shell: Shell) -> str:
    found = re.search(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", shell.sink.out)
    return b64decode(found[1]).decode() if found else ""


def test_copy_gives_the_text_to_the_terminal(at_desk: Shell) -> None:
    at_desk("search is(volume) | list --csv id | head 2 | copy")
    assert copied(at_desk) == '"id"\n"vol-1"'
    assert at_desk.notes == ["2 lines copied, if the terminal allows it"]
    at_desk("search is(volume) and id = vol-2 | copy")
    assert copied(at_desk).startswith('{"id":') or copied(at_desk).startswith("{")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"json [{','.join([chr(34) + 'x' * 1000 + chr(34)] * 80)}] | copy", "more than the 74,000 bytes"),
        ("search is(volume) and name = nobody | copy", "nothing to copy"),
    ],
)
def test_what_a_terminal_would_not_take_is_refused(at_desk: Shell, line: str, words: str) -> None:
    at_desk(line)
    assert at_desk.status == 1
    assert words in at_desk.notes[-1]
    assert "\x1b" not in at_desk.sink.out


def test_a_script_has_no_clipboard(shell: Shell) -> None:
    shell("echo a | copy")
    assert shell.status == 1
    assert "no terminal with a clipboard" in shell.notes[0]


def test_timing_is_told_as_wanted(terminal: Shell) -> None:
    desk = terminal.session.desk
    assert terminal("timing") == ["timing is slow"]
    assert (desk.took(0.5), desk.took(1.5)) == ("", "1.50 s")
    terminal("timing on")
    assert desk.took(0.004) == "0.00 s"
    terminal("search is(volume)")
    assert desk.took(0.5) == "4 rows in 0.50 s"
    terminal("search id = vol-1")
    assert desk.took(0.5) == "1 row in 0.50 s"
    desk.waited = 0.4
    assert desk.took(0.5) == "1 row in 0.10 s"  # somebody read for the rest of it
    terminal("timing off")
    assert desk.took(100) == ""
    terminal("timing onn")
    assert terminal.status == 2
    assert "did you mean on" in terminal.notes[0]


def test_a_setting_is_for_all_sessions(graph: App) -> None:
    first = Shell(graph, interactive=True)
    first("config set shell.timing on")
    assert Shell(graph, interactive=True)("timing") == ["timing is on"]


def test_recall_finds_lines(terminal: Shell) -> None:
    for line in ("search is(volume) | count", "echo a", "search is(instance)", "echo\nb"):
        terminal.session.history.append(line)
    assert terminal("recall search | format '{line} {at}'") == [
        "search is(volume) | count 2023-11-14T22:13:20Z",
        "search is(instance) 2023-11-14T22:13:20Z",
    ]
    assert terminal("recall --number 1 SEARCH vol | format {line}") == ["search is(volume) | count"]
    assert terminal("recall nothing") == []


def test_lines_of_an_older_resh_are_recalled(terminal: Shell, home: Path) -> None:
    (home / "history").mkdir(exist_ok=True)
    (home / "history" / "ada").write_text('"echo old"\n')
    assert terminal("recall | format '{line} {at}'") == ["echo old null"]


def test_edit_puts_the_line_into_the_next_prompt(at_desk: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\ncat "$1" > seen\necho \'echo edited\' > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISUAL", str(editor))
    at_desk.session.history.append("echo before")
    at_desk.session.history.append("edit")
    at_desk("edit")
    assert at_desk.session.offered == ["echo edited"]
    assert (tmp_path / "seen").read_text().strip() == "echo before"
    at_desk("edit 'search is(volume) | list id'")
    assert (tmp_path / "seen").read_text().strip() == "search is(volume) | list id"


def test_edit_and_record_need_a_terminal_of_this_machine(graph: App) -> None:
    for line in ("edit", "record a.cast"):
        script, far = Shell(graph), Shell(graph, interactive=True, columns=80, local=False)
        script(line)
        far(line)
        assert (script.status, far.status) == (1, 126)


def test_record_begins_and_ends(at_desk: Shell, tmp_path: Path) -> None:
    at_desk(f"record {tmp_path / 'a.cast'}")
    at_desk("record --stop")
    assert at_desk.notes == [f"the record is in {tmp_path / 'a.cast'}"]
    at_desk("record --stop")
    assert at_desk.status == 1
    for line in ("record", "record a --stop"):
        at_desk(line)
        assert at_desk.status == 2
