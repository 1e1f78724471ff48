"""`resh --demo`: the main job from end to end, and no process left behind however it ends."""

from __future__ import annotations

import json
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


STEPS = ("collect", "cleanup_plan", "cleanup", "generate_metrics")
FRAMES = [f"{frame}{step}" for step in STEPS for frame in ("pre_", "", "post_")]


def test_all_events_come_in_order_around_real_jobs_and_the_mark_of_one_counts() -> None:
    """A job at each event; that of cleanup_plan takes its time, and marks what no rule would."""
    jobs = [f"jobs add --id at_{event} --wait-for-event '{event} workflow=collect_and_cleanup' 'echo {event}'" for event in FRAMES]
    mark = "jobs add --id mark --wait-for-event cleanup_plan 'sleep 1; search is(aws_cloudwatch_alarm) | head 1 | clean the job says so'"
    lines = (*jobs, mark, "workflows run collect_and_cleanup --wait", "events --run 0001")
    done = run_resh(
        bare_environment(),
        "--demo",
        "--yes",
        "--set",
        "cleanup.dry_run=false",
        "--set",
        "cleanup.min_age=0s",
        *(word for line in lines for word in ("-c", line)),
    )
    assert done.returncode == 0, done.stderr + done.stdout
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"seq"')]
    framed = (*FRAMES, "workflow_started", "workflow_ended", "job_started", "job_ended")
    expected = ["workflow_started"]
    for event in FRAMES:
        ids = [f"at_{event}", "mark"] if event == "cleanup_plan" else [f"at_{event}"]
        expected += [event, *(f"{what} {id}" for id in ids for what in ("job_started", "job_ended"))]
    told = [f"{event['type']} {event.get('job', '')}".strip() for event in events if event["type"] in framed]
    assert told == [*expected, "workflow_ended"]
    assert [event["kind"] for event in events if event["type"] == "resource_cleaned"].count("aws_cloudwatch_alarm") == 1


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
