"""What other processes leave behind is counted once."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.metrics.happened import Calls, Runs
from resh.state.calls import COMMANDS, AccountCalls, CallCount, CallCounts
from resh.state.runs import RunRecord, StepRecord


@pytest.fixture
def counts(tmp_path: Path) -> CallCounts:
    return CallCounts(tmp_path / "calls")


def account(calls: int, **more: object) -> AccountCalls:
    count = CallCount("eu-west-1", "ec2:DescribeVolumes", calls=calls, **more)  # type: ignore[arg-type]
    for _ in range(calls):
        count.took(0.2)
    return AccountCalls("aws", "1", "demo", (count, CallCount("eu-west-1", "s3:ListBuckets", calls=1)))


def test_calls_begin_with_the_last_run_and_are_counted_once(counts: CallCounts) -> None:
    counts.add("0001", account(100))
    counts.add("0002", account(10, throttled=2, repeated=3, errors={"AccessDenied": 1}))
    calls = Calls(counts)
    for _ in range(2):
        calls.follow()
        assert calls.results == {("ec2", "ok"): 7, ("ec2", "throttled"): 2, ("ec2", "error"): 1, ("s3", "ok"): 1}
    assert calls.repeated["ec2",] == 3
    counts.add("0002", account(5))
    counts.add("0003", account(1))
    counts.add(COMMANDS, account(1))
    calls.follow()
    assert calls.results["ec2", "ok"] == 7 + 5 + 1 + 1
    found = calls.durations["ec2",]
    assert sum(found.counts) == found.counts[7] == 17  # between 0.1 and 0.25 s
    assert found.seconds == pytest.approx(17 * 0.2)


def test_runs_that_are_forgotten_leave_their_counts(counts: CallCounts) -> None:
    counts.add("0001", account(1))
    calls = Calls(counts)
    calls.follow()
    counts.forget(["0001"])
    calls.follow()
    assert calls.results["ec2", "ok"] == 1


def run(id: str, status: str, *steps: StepRecord) -> RunRecord:
    return RunRecord(id, "main", "ada", 0.0, status=status, steps=steps)


def test_steps_are_counted_when_they_end_and_runs_when_all_is_over() -> None:
    kept = [run("1", "running", StepRecord("collect", 0, 40), StepRecord("cleanup", 40))]
    runs = Runs(lambda: kept)
    runs.follow()
    assert (list(runs.durations), runs.durations["collect",].seconds, +runs.ended) == ([("collect",)], 40, {})
    kept[:] = [run("1", "ok", StepRecord("collect", 0, 40), StepRecord("cleanup", 40, 41)), run("2", "failed")]
    for _ in range(2):
        runs.follow()
        assert runs.ended == {("main", "ok"): 1, ("main", "failed"): 1}
        assert (runs.durations["collect",].seconds, runs.durations["cleanup",].seconds) == (40, 1)
    kept.clear()
    runs.follow()
    assert runs.ended["main", "ok"] == 1
