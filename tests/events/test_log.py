from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from resh.cancel import Cancel
from resh.errors import StateError
from resh.events.event import AccountMerged, Event, Problem, StepEvent, WorkflowStarted
from resh.events.log import EventLog, Limits

WRITER = """
import sys
from pathlib import Path
from resh.events.event import Problem
from resh.events.log import EventLog, Limits
log = EventLog(Path(sys.argv[1]), lambda: Limits(20_000, 9))
for number in range(int(sys.argv[2])):
    log.append(Problem(text=f"{sys.argv[3]} {number}"))
"""


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "events.jsonl")


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events]


def test_events_are_numbered_and_come_back_as_they_were(log: EventLog) -> None:
    event = AccountMerged(cloud="aws", account="1", created=7, run="01a7", at=5.0, text="merged ä")
    assert log.append(event).seq == 1
    assert log.append(StepEvent(type="post_collect", step="collect", counts={"nodes": 7})).seq == 2
    first, second = log.last(5)
    assert first == AccountMerged(cloud="aws", account="1", created=7, run="01a7", at=5.0, text="merged ä", seq=1)
    assert second == StepEvent(type="post_collect", step="collect", counts={"nodes": 7}, seq=2)
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_the_number_goes_on_in_another_process(log: EventLog) -> None:
    log.append(Problem(text="a"))
    other = EventLog(log.path)
    assert other.append(Problem(text="b")).seq == 2
    assert log.append(Problem(text="c")).seq == 3
    assert texts(log.last(2)) == ["b", "c"]


def test_the_number_goes_on_when_the_file_was_taken_away(log: EventLog) -> None:
    log.append(Problem(text="a"))
    log.append(Problem(text="b"))
    log.path.unlink()
    assert log.append(Problem(text="c")).seq == 3
    assert texts(log.last()) == ["c"]


def test_rotation_keeps_the_newest_files_and_the_numbers(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl", lambda: Limits(1000, 3))
    for number in range(200):
        assert log.append(Problem(text=f"{number:03}")).seq == number + 1
    names = {file.name for file in tmp_path.iterdir()}
    assert names - {"events.jsonl"} == {"events.1.jsonl", "events.2.jsonl", "events.3.jsonl", "events.lock"}
    kept = texts(log.last(1000))
    assert kept == [f"{number:03}" for number in range(200 - len(kept), 200)]
    assert len(kept) > 20
    assert EventLog(log.path).append(Problem()).seq == 201


def test_fewer_files_are_kept_when_the_limits_say_so(tmp_path: Path) -> None:
    limits = Limits(1000, 5)
    log = EventLog(tmp_path / "events.jsonl", lambda: limits)
    for number in range(100):
        log.append(Problem(text=f"{number:03}"))
    assert (tmp_path / "events.5.jsonl").exists()
    limits = Limits(1000, 0)
    for number in range(100, 120):
        assert log.append(Problem(text=f"{number:03}")).seq == number + 1
    assert {file.name for file in tmp_path.glob("events.*.jsonl")} == {"events.1.jsonl"}
    kept = texts(log.last(1000))
    assert kept == [f"{number:03}" for number in range(120 - len(kept), 120)]
    assert EventLog(log.path).append(Problem()).seq == 121


def test_a_file_that_can_not_be_put_aside_grows(tmp_path: Path) -> None:
    (tmp_path / "events.1.jsonl").mkdir()
    (tmp_path / "events.1.jsonl" / "in the way").write_text("")
    log = EventLog(tmp_path / "events.jsonl", lambda: Limits(100, 1))
    assert [log.append(Problem(text=text)).seq for text in "abc"] == [1, 2, 3]
    assert texts(log.last(5)) == ["a", "b", "c"]


@pytest.mark.parametrize("torn", [b'{"type":"error","te', b"\x00\x00\x00", b"{}", b"[1]", b'{"type":"error"}', b"\xff\xfe"])
def test_a_torn_line_is_passed_over(log: EventLog, torn: bytes) -> None:
    log.append(Problem(text="a"))
    with log.path.open("ab") as file:
        file.write(torn)
    assert texts(log.last(5)) == ["a"]
    assert EventLog(log.path).append(Problem(text="b")).seq == 2
    assert texts(log.last(5)) == ["a", "b"]


def test_long_lines_cross_blocks(log: EventLog) -> None:
    sizes = [10, 70_000, 200_000, 3, 65_536]
    for size in sizes:
        log.append(Problem(text="x" * size))
    assert [len(event.text) for event in log.last(10)] == sizes


def test_a_run_is_read_back_over_rotated_files(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl", lambda: Limits(1000, 3))
    log.append(WorkflowStarted(run="0002", text="started"))
    for number in range(9):
        log.append(Problem(run="0001", text=f"other {number}"))
        log.append(Problem(run="0002", text=f"mine {number}"))
    assert texts(log.of_run("0002")) == ["started", *(f"mine {number}" for number in range(9))]
    assert texts(log.last(2, run="0001")) == ["other 7", "other 8"]
    assert log.of_run("0003") == []


def test_follow_sees_what_other_processes_append(log: EventLog) -> None:
    log.append(Problem(text="before"))
    cancel, seen = Cancel(), []

    def follow() -> None:
        for event in EventLog(log.path).follow(1, cancel, poll=0.01):
            seen.append(event.text)
            if len(seen) == 300:
                cancel.set()

    thread = threading.Thread(target=follow)
    thread.start()
    children = [subprocess.Popen([sys.executable, "-c", WRITER, str(log.path), "150", name]) for name in "ab"]
    for child in children:
        assert child.wait() == 0
    thread.join(10)
    assert [text for text in seen if text.startswith("a")] == [f"a {number}" for number in range(150)]
    assert [text for text in seen if text.startswith("b")] == [f"b {number}" for number in range(150)]


def test_follow_ends_at_once_when_cancelled(log: EventLog) -> None:
    cancel = Cancel()
    cancel.set()
    assert list(log.follow(0, cancel)) == []


def test_an_unwritable_file_is_an_error_and_recovers(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.append(Problem(text="a"))
    write = os.write

    def full(fd: int, data: bytes) -> int:
        return write(fd, data[:10])

    monkeypatch.setattr("os.write", full)
    with pytest.raises(StateError, match=r"events\.jsonl cannot be written: No space left"):
        log.append(Problem(text="lost"))
    monkeypatch.undo()
    assert log.append(Problem(text="b")).seq == 2
    assert texts(log.last(5)) == ["a", "b"]
