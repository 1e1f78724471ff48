from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from resh.cli import main


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


@pytest.mark.parametrize(("name", "words"), [("missing", "missing: No such file or directory"), ("bytes", "bytes: is no UTF-8 text")])
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
