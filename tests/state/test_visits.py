from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from resh.state.visits import Visits

ENTER = (
    "import sys; from pathlib import Path; from resh.state.visits import Visits\n"
    "visits = Visits(Path(sys.argv[1])); visits.enter({'user': 'bob', 'since': '2'})\n"
    "print('in', flush=True); sys.stdin.read()"
)


def test_coming_and_going(tmp_path: Path) -> None:
    visits = Visits(tmp_path / "visits")
    assert visits.all() == []
    leave = visits.enter({"user": "ada", "since": "1"})
    visits.enter({"user": "eve", "since": "0"})
    assert [row["user"] for row in visits.all()] == ["eve", "ada"]
    leave()
    leave()
    assert [row["user"] for row in visits.all()] == ["eve"]


def test_other_processes_and_those_that_were_killed(tmp_path: Path) -> None:
    visits = Visits(tmp_path)
    visits.enter({"user": "ada", "since": "1"})
    with subprocess.Popen([sys.executable, "-c", ENTER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        assert [row["user"] for row in visits.all()] == ["ada", "bob"]
        other.kill()
        other.wait()
        assert [row["user"] for row in visits.all()] == ["ada"]
    assert len(list(tmp_path.glob("*.json"))) == 1
