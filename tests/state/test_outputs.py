"""What command lines wrote, kept by run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from resh.state import outputs as module
from resh.state.outputs import Line, Outputs


@pytest.fixture
def outputs(tmp_path: Path) -> Outputs:
    return Outputs(tmp_path / "output")


def test_lines_and_notes_come_back_in_order(outputs: Outputs) -> None:
    with outputs.open("j0001") as output:
        output.write("on")
        output.write("e\ntwo\nthr")
        output.note("odd")
        output.write("ee")
    assert list(outputs.lines("j0001")) == [Line("one", False), Line("two", False), Line("odd", True), Line("three", False)]
    assert list(outputs.lines("j0002")) == []


def test_a_torn_line_is_passed_over(outputs: Outputs, tmp_path: Path) -> None:
    with outputs.open("j0001") as output:
        output.write("one\n")
    with (tmp_path / "output" / "j0001.jsonl").open("a") as file:
        file.write('["out", "tw')
    assert list(outputs.lines("j0001")) == [Line("one", False)]


def test_a_run_that_writes_without_end_is_cut(outputs: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_RUN", 1000)
    with outputs.open("j0001") as output:
        for _ in range(1000):
            output.write("x" * 99 + "\n")
    *lines, last = outputs.lines("j0001")
    assert 8 <= len(lines) <= 10
    assert last == Line(f"{(1000 - len(lines)) * 100:,} more bytes were written and not kept", True)


def test_runs_are_forgotten(outputs: Outputs) -> None:
    for run in ("j0001", "j0002"):
        with outputs.open(run) as output:
            output.write(f"{run}\n")
    outputs.forget(["j0001", "j0003"])
    assert (outputs.size("j0001"), list(outputs.lines("j0002"))) == (0, [Line("j0002", False)])


def test_the_oldest_go_when_there_is_no_room(outputs: Outputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    monkeypatch.setattr(module, "MOST_OF_RUN", 300)
    for number in range(5):
        with outputs.open(f"j{number}") as output:
            output.write("x" * 250 + "\n")
        os.utime(tmp_path / "output" / f"j{number}.jsonl", (number, number))
    outputs.open("j9")
    assert [bool(outputs.size(f"j{number}")) for number in range(5)] == [False, False, False, True, True]


def test_what_cannot_be_kept_is_told_and_stops_nobody(outputs: Outputs, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file in the way")
    with outputs.open("j0001") as output:
        output.write("one\ntwo\n")
        output.note("three")
    assert "cannot be opened" in output.trouble
