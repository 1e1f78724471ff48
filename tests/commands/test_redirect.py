"""`> file`, `>> file` and `| !command`; and where a > is something else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.commands.redirect import arrow
from tests.commands.conftest import Shell


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "source", "file"),
    [
        ("list", "id, name > out.csv", "out.csv"),
        ("list", "id >out.csv", "out.csv"),
        ("list", "id >> out.csv", "out.csv"),
        ("list", 'id > "my file.csv"', '"my file.csv"'),
        ("count", "> n", "n"),
        ("search", "is(volume) > volumes.json", "volumes.json"),
        ("search", "is(volume) and volume_size > 100 > volumes.json", "volumes.json"),
        ("search", "--with-edges is(volume) > volumes.json", "volumes.json"),
        ("search", "is(volume) >> 100", "100"),
        ("sql", "'select * from volume' > out", "out"),
        ("jq", "'.a > 5' > out", "out"),
        ("workflows", "list > out", "out"),
        ("echo", "a > b", "b"),
        ("history", "--limit 5 is(volume) > out", "out"),
        ("mine", "is(volume) >> out", "out"),
        ("search", "volume_size > 100", None),
        ("search", "is(volume) and volume_size > 100", None),
        ("search", "is(volume) and (name = a or volume_size > 100)", None),
        ("search", "is(volume) -[0:]-> is(instance)", None),
        ("search", "is(volume) --> is(instance)", None),
        ("search", "name > out", None),
        ("search", "volume_size >= 100", None),
        ("aggregate", "kind: sum(a > 3)", None),
        ("sql", "select * from volume where volume_size > 100", None),
        ("sql", "select 1 >> 2", None),
        ("jq", ".a > 5", None),
        ("format", "{a} > {b}", None),
        ("alerts", "add x volumes_total > 100", None),
        ("jobs", "add search is(volume) > out", None),
        ("echo", "'a > b'", None),
        ("echo", "a \\> b", None),
        ("echo", "(a > b", None),
        ("mine", "is(volume) and volume_size > 50", None),
    ],
)
def test_where_a_file_begins(name: str, source: str, file: str | None) -> None:
    found = arrow(name, source)
    assert (found[2] if found else None) == file


def test_the_text_of_the_pipeline_goes_into_a_file(shell: Shell, here: Path) -> None:
    assert shell("search is(volume) and volume_size > 50 | list id, volume_size > volumes.txt") == []
    assert (here / "volumes.txt").read_text() == "id     volume_size\nvol-2          100\nvol-3          500\n"
    assert (here / "volumes.txt").stat().st_mode & 0o777 == 0o600


def test_rows_that_nothing_formats_are_json(terminal: Shell, here: Path) -> None:
    terminal("search is(volume) > volumes.jsonl")
    lines = (here / "volumes.jsonl").read_text().splitlines()
    assert len(lines) == 4
    assert all(line.startswith("{") for line in lines)
    assert terminal.notes == ["4 lines written to volumes.jsonl"]


def test_a_file_is_replaced_whole_or_not_at_all(shell: Shell, here: Path) -> None:
    (here / "out").write_text("before\n")
    shell("search is(volume) | jq '.reported.id, error' > out")
    assert shell.status == 1
    assert (here / "out").read_text() == "before\n"
    shell("echo after > out")
    assert (here / "out").read_text() == "after\n"
    assert sorted(os.listdir(here)) == ["home", "out"]


def test_text_goes_behind_what_is_there(shell: Shell, here: Path) -> None:
    for word in ("one", "two"):
        shell(f"echo {word} >> log; echo and")
    assert shell.sink.out == "and\n"
    assert (here / "log").read_text() == "one\ntwo\n"


@pytest.mark.parametrize("line", ["echo a > no/such/file", "echo a >> no/such/file", "echo a > .", "echo a >> ."])
def test_a_file_that_cannot_be_written_is_named(shell: Shell, line: str) -> None:
    shell(line)
    assert shell.status == 1
    assert line.split()[-1] in shell.notes[0]


def test_a_program_gets_the_rest_of_the_line(shell: Shell) -> None:
    assert shell("search is(volume) | format {id} | !sort -r | head -2; echo done") == ["vol-4", "vol-3", "done"]
    assert shell("echo a | !cat; echo 'b | c' > /dev/stderr; echo \"d\"") == ["a", "d"]
    assert shell("echo a | ! cat\necho b") == ["a", "b"]


def test_a_program_that_has_read_enough_ends_the_rows(shell: Shell) -> None:
    assert shell("search is(volume) | format {id} | !head -1") == ["vol-1"]
    assert shell.status == 0


def test_a_program_that_fails_is_named(shell: Shell) -> None:
    shell("echo a | !exit 3")
    assert (shell.status, shell.notes) == (1, ["resh: error: exit ended with 3"])


def test_much_goes_through(shell: Shell) -> None:
    program = f"{sys.executable} -c 'import sys; print(sum(len(line) for line in sys.stdin))'"
    assert shell(f"json [{','.join(['1'] * 50_000)}] | !{program}") == ["100000"]


@pytest.mark.parametrize("line", ["echo a > file", "echo a >> file"])
def test_far_away_files_go_into_the_export_folder(graph: App, here: Path, line: str) -> None:
    shell = Shell(graph, role=Role.viewer, local=False)
    shell(line)
    assert shell.status == 0
    assert not (here / "file").exists()
    assert [file.read_text() for file in graph.home.glob("exports/*/file")] == ["a\n"]
    shell(line.replace("file", "../file"))
    assert (shell.status, "leads out of your export folder" in shell.notes[0]) == (126, True)


@pytest.mark.parametrize(("role", "local"), [(Role.admin, False), (Role.viewer, True), (Role.viewer, False)])
def test_far_away_and_for_viewers_no_program_runs(graph: App, here: Path, role: Role, local: bool) -> None:
    shell = Shell(graph, role=role, local=local)
    shell("echo a | !touch file")
    assert shell.status == 126
    assert not (here / "file").exists()
    assert ("local session" if not local else "role operator") in shell.notes[0]


def test_nothing_starts_a_line_with_a_program(shell: Shell) -> None:
    shell("!ls")
    assert shell.status == 2
    assert "can not start a line" in shell.notes[0]
