"""What the calls of collects came to, on disk."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from resh.errors import StateError
from resh.state import calls
from resh.state.calls import COMMANDS, AccountCalls, CallCount, CallCounts
from resh.state.tables import Tables


def count(*seconds: float, region: str = "eu-west-1", operation: str = "ec2:DescribeVolumes") -> CallCount:
    found = CallCount(region, operation, calls=len(seconds), errors={"SlowDown": 1})
    for one in seconds:
        found.took(one)
    return found


def account(id: str, *counts: CallCount) -> AccountCalls:
    return AccountCalls("aws", id, f"name of {id}", counts or (count(0.1),))


@pytest.fixture
def counts(tmp_path: Path) -> CallCounts:
    return CallCounts(tmp_path / "calls")


def test_what_is_added_comes_back(counts: CallCounts, tmp_path: Path) -> None:
    added = [account("1", count(0.1, 3.0), count(0.2, region="us-east-1")), account("2")]
    for one in added:
        counts.add("01a7", one)
    assert list(CallCounts(tmp_path / "calls").of("01a7")) == added
    assert (tmp_path / "calls" / "01a7.gz").stat().st_mode & 0o777 == 0o600


def test_runs_come_newest_first_by_their_number(counts: CallCounts) -> None:
    for run in ("0009", "10000", "ffff"):
        counts.add(run, account("1"))
    assert counts.runs() == ["10000", "ffff", "0009"]
    assert list(counts.of("0001")) == []


def test_what_a_crash_tore_off_is_passed_over(counts: CallCounts, tmp_path: Path) -> None:
    path = tmp_path / "calls" / "01a7.gz"
    counts.add("01a7", account("1"))
    whole = path.stat().st_size
    counts.add("01a7", account("2"))
    for size in (whole + 1, whole + 12, path.stat().st_size - 1):
        os.truncate(path, size)
        assert [one.account for one in counts.of("01a7")] in (["1"], ["1", "2"])
        assert next(counts.of("01a7")) == account("1")
        counts.forget(["01a7"])
        counts.add("01a7", account("1"))
        counts.add("01a7", account("2"))
    path.write_bytes(b"no such thing")
    assert list(counts.of("01a7")) == []


def test_a_full_disk_leaves_what_was_there(counts: CallCounts, monkeypatch: pytest.MonkeyPatch) -> None:
    counts.add("01a7", account("1"))
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda fd, data: write(fd, data[:5]))
        with pytest.raises(StateError, match="no room is left"):
            counts.add("01a7", account("2"))
    counts.add("01a7", account("3"))
    assert [one.account for one in counts.of("01a7")] == ["1", "3"]


def test_the_oldest_go_when_there_is_no_room(counts: CallCounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts.add("0001", account("1"))
    monkeypatch.setattr(calls, "MOST_BYTES", (tmp_path / "calls" / "0001.gz").stat().st_size * 2 + 1)
    for number in range(2, 6):
        counts.add(f"{number:04x}", account("1"))
    assert counts.runs() == ["0005", "0004", "0003"]


def test_they_go_with_their_runs(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    for _ in range(3):
        record = tables.runs.open("collect", by="ada", at=1.0)
        tables.calls.add(record.id, account("1"))
        tables.runs.save(record, keep=2)
    assert tables.calls.runs() == ["0003", "0002"]


def test_counts_add_up() -> None:
    one, other = count(0.1, 0.2), count(0.4)
    other.errors["Odd"] = 2
    one.add(other)
    assert (one.calls, round(one.seconds, 6), one.longest) == (3, 0.7, 0.4)
    assert one.errors == {"SlowDown": 2, "Odd": 2}
    assert sum(one.scale.values()) == 3


def test_a_percentile_is_near_the_truth() -> None:
    found = count(*(number / 1000 for number in range(1, 1001)))
    assert found.within(0.95) == pytest.approx(0.95, rel=0.05)
    assert found.within(0.5) == pytest.approx(0.5, rel=0.05)
    assert count(0.1).within(0.95) <= 0.1
    assert count(0.0).within(0.95) == 0.0
    assert CallCount("r", "o").within(0.95) == 0.0


def test_those_of_commands_are_no_run_and_the_last_are_kept(counts: CallCounts, monkeypatch: pytest.MonkeyPatch) -> None:
    counts.add("01a7", account("1"))
    size = 0
    for number in range(6):
        counts.add(COMMANDS, account(str(number)))
        size = size or (counts._folder / "commands.gz").stat().st_size
        monkeypatch.setattr(calls, "_MOST_OF_COMMANDS", 2 * size - size // 2)
    assert [one.account for one in counts.of(COMMANDS)] == ["2", "3", "4", "5"]
    assert counts.runs() == ["01a7"]


def test_lines_of_earlier_versions_tell_no_purpose(counts: CallCounts, tmp_path: Path) -> None:
    counts.add("01a7", account("1"))
    path = tmp_path / "calls" / "01a7.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b',"purpose":"collect"', b"")))
    assert list(counts.of("01a7")) == [account("1")]
