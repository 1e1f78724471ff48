"""kill -9 in the middle of a clean-up: the journal tells for every resource whether it was asked for, and the next run finishes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from resh.cleanup.journal import Journal

SCRIPT = Path(__file__).with_name("cleanup_process.py")
ROOT = Path(__file__).parents[2]
RESOURCES, KILLS, CONCURRENCY = 400, 20, 8


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(SCRIPT), str(folder)], cwd=folder, env={"PYTHONPATH": f"{ROOT}:{ROOT}/tests"})


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().split()


def kill_amid(folder: Path) -> None:
    """Start a clean-up and kill it a moment after its first call."""
    before = len(asked(folder))
    process = start(folder)
    while process.poll() is None and len(asked(folder)) == before:
        time.sleep(0.001)
    time.sleep(random.random() * 0.03)
    process.kill()
    process.wait()


def test_the_journal_knows_every_call(tmp_path: Path) -> None:
    for name in ("cloud", "graph"):
        (tmp_path / name).mkdir()
        for number in range(RESOURCES):
            (tmp_path / name / f"r{number:03}").touch()
    (tmp_path / "asked").touch()
    journal = Journal(tmp_path / "journal.jsonl")
    for kills in range(1, KILLS + 1):
        kill_amid(tmp_path)
        entries = list(journal.entries())
        assert {*asked(tmp_path)} <= {entry.document["id"] for entry in entries}
        assert sum(entry.open for entry in entries) <= kills * CONCURRENCY
        assert not any((tmp_path / "cloud" / entry.document["id"]).exists() for entry in entries if entry.result == "deleted")
    assert start(tmp_path).wait() == 0
    assert not list((tmp_path / "cloud").iterdir())
    assert not list((tmp_path / "graph").iterdir())
    unanswered = Counter(entry.document["id"] for entry in journal.entries() if entry.open)
    assert all(times <= 1 + unanswered[id] for id, times in Counter(asked(tmp_path)).items())
