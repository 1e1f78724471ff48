"""`resh --demo`: the main job from end to end, and no process left behind however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.conftest import bare_environment, run_resh

LINES = ("workflows run collect_and_cleanup --follow", "search is(resource) | count kind", "cleanup plan")


def arguments() -> list[str]:
    return ["--demo", *(word for line in LINES for word in ("-c", line))]


def test_the_main_job_from_end_to_end() -> None:
    before = moto_children()
    done = run_resh(bare_environment(), *arguments())
    assert done.returncode == 0, done.stderr + done.stdout
    lines = done.stdout.splitlines()
    for event in ("pre_collect", "post_collect", "cleanup_plan", "cleanup", "generate_metrics"):
        assert any(f" {event} " in f"{line} " for line in lines), event
    assert "aws_ec2_volume: " in done.stdout
    assert "scratch-old" in done.stdout
    assert moto_children() <= before


def test_kill_leaves_no_child_behind() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "resh", *arguments()], env=bare_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    ours: set[int] = set()
    deadline = time.monotonic() + 60
    while not ours and time.monotonic() < deadline:
        ours = moto_children(child.pid)
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert ours
    while any(alive(pid) for pid in ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in ours if alive(pid)]


def moto_children(parent: int | None = None) -> set[int]:
    """Servers of example clouds whose parent is this process or the one named."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent_pid = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if b"resh.demo.server" in words and parent_pid == (parent or os.getpid()):
            found.add(int(folder.name))
    return found


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
