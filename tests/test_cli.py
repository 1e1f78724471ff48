from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from resh.cli import Arguments, main, parse, parser


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "cleanup.enabeld=true"], "did you mean cleanup.enabled"),
        (["--set", "nonsense"], "sets nothing"),
        (["--config", "/nonexistent"], "No such file or directory"),
    ],
)
def test_a_wrong_option_is_told_before_any_line_runs(
    home: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["--home", str(home), *options, "-c", "echo a"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert words in told.err


@pytest.mark.parametrize(
    ("name", "words"), [("missing", "missing: No such file or directory"), ("bytes", "the byte 0xff is no UTF-8 text")]
)
def test_a_script_that_can_not_be_read(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    assert main(["--home", str(home), "-f", str(tmp_path / name)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure(home: Path, closed: str) -> None:
    program = "import sys; from resh.cli import main; sys.exit(main(sys.argv[1:]))"
    command = f'"$0" -c "$1" --home "$2" -c "search all | count" {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable, program, str(home)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_options_stand_on_either_side_of_serve() -> None:
    read = parse(["--set", "a=1", "serve", "--home", "/tmp/x", "--listen", ":2222", "--set", "b=2"])
    assert isinstance(read, Arguments)
    assert (read.command, read.home, read.listen, list(read.settings)) == ("serve", "/tmp/x", ":2222", ["a=1", "b=2"])
    before = parse(["--home", "/tmp/y", "serve"])
    assert isinstance(before, Arguments)
    assert before.home == "/tmp/y"


@pytest.mark.parametrize(
    "argv",
    [
        ["-c", "search all"],
        ["--home", "/tmp/x", "-c", "search all"],
        ["-c", "", "--home", "/tmp/x"],
        ["-c", "search all", "--debug"],
        ["-c", "echo a", "-c", "echo b"],
        ["--home", "/tmp/x"],
        ["--home=/tmp/x", "-cecho a"],
        ["--set", "a=b", "-c", "echo a"],
        ["completion", "bash"],
        [],
    ],
)
def test_the_commonest_arguments_are_read_as_all_others(argv: list[str]) -> None:
    read = parse(argv)
    assert isinstance(read, Arguments)
    whole = Arguments(**vars(parser().parse_args(argv)))
    assert read.changed(lines=list(read.lines), settings=list(read.settings)) == whole


@pytest.mark.parametrize("argv", [["-c"], ["-c", "-x"], ["-c", "echo a", "--home"], ["-c", "echo a", "b"]])
def test_arguments_that_do_not_fit_are_refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(argv) == 2
    told = capsys.readouterr().err
    assert told.startswith("resh: usage: ")
    assert told.count("\n") == 1


def test_the_example_cloud_is_not_for_a_folder_of_ones_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--demo", "--home", str(home), "-c", "echo a"]) == 2
    assert capsys.readouterr().err == "resh: usage: --demo has a state folder of its own, which goes with it (leave --home out)\n"
    assert not home.exists() or not any(home.iterdir())


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("jsonl", ['{"a":1,"b":"x"}', '{"a":2,"b":"y z"}']),
        ("json", ['[{"a":1,"b":"x"}', ',{"a":2,"b":"y z"}', "]"]),
        ("yaml", ["---", "a: 1", "b: x", "---", "a: 2", "b: y z"]),
        ("text", ["a=1, b=x", "a=2, b=y z"]),
        ("csv", ['"a","b"', '1,"x"', '2,"y z"']),
        ("table", ["a  b", "1  x", "2  y z"]),
        ("markdown", ["| a   | b   |", "|-----|-----|", "| 1   | x   |", "| 2   | y z |"]),
    ],
)
def test_rows_that_no_command_formats_have_the_form_that_is_wanted(
    home: Path, capsys: pytest.CaptureFixture[str], form: str, written: list[str]
) -> None:
    rows = 'json [{"a": 1, "b": "x"}, {"a": 2, "b": "y z"}]'
    assert main(["--home", str(home), "--output", form, "-c", rows, "-c", f"{rows} | format {{a}}", "-c", "echo a"]) == 0
    assert capsys.readouterr().out.splitlines() == [*written, "1", "2", "a"]


def test_an_unknown_form_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "--output", "xml", "-c", "echo a"]) == 2
    assert "jsonl" in capsys.readouterr().err


def test_a_script_ends_when_its_time_is_over(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(home), "--keep-going", "--timeout", "0.2s", "-c", "echo a", "-c", "sleep 1h", "-c", "echo b"]) == 124
    told = capsys.readouterr()
    assert told.out == "a\n"
    assert "took longer than" in told.err
    assert main(["--home", str(home), "--timeout", "1h", "-c", "echo a"]) == 0
    assert main(["--home", str(home), "--timeout", "soon", "-c", "echo a"]) == 2
    assert main(["--home", str(home), "--timeout", "0s", "-c", "echo a"]) == 2


def test_what_would_be_asked_is_refused_in_a_script_unless_that_agrees(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "b.tar.gz"
    assert main(["--home", str(home), "-c", f"system backup {made}"]) == 0
    assert main(["--home", str(home), "-c", f"system restore {made}"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["--home", str(home), "-c", f"yes=true system restore {made}"]) == 0
    assert main(["--home", str(home), "--yes", "-c", f"system restore {made}"]) == 0
