from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from resh.errors import ReshError
from resh.frontends.interactive.recorder import Screen


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        self.now += 0.5
        return self.now


def test_a_record_can_be_played(tmp_path: Path) -> None:
    out = io.StringIO()
    screen = Screen(out, lambda: (100, 30), Clock())
    screen.write("before")
    screen.start(tmp_path / "a.cast")
    screen.write("one\ntwo\r\n")
    screen.write("日本 \x1b[31mred")
    assert screen.stop() == tmp_path / "a.cast"
    screen.write("after")
    head, *lines = [json.loads(line) for line in (tmp_path / "a.cast").read_text().splitlines()]
    assert head == {"version": 2, "width": 100, "height": 30, "timestamp": 1_700_000_000, "title": "resh"}
    assert lines == [[0.5, "o", "one\r\ntwo\r\n"], [1.0, "o", "日本 \x1b[31mred"]]
    assert out.getvalue() == "beforeone\ntwo\r\n日本 \x1b[31mredafter"
    assert (tmp_path / "a.cast").stat().st_mode & 0o777 == 0o600


def test_no_file_is_overwritten_and_one_record_runs_at_a_time(tmp_path: Path) -> None:
    screen = Screen(io.StringIO(), lambda: (80, 24))
    (tmp_path / "there").write_text("mine")
    with pytest.raises(ReshError, match="there: File exists"):
        screen.start(tmp_path / "there")
    screen.start(tmp_path / "a")
    with pytest.raises(ReshError, match="is being recorded"):
        screen.start(tmp_path / "b")
    screen.close()
    screen.close()
    with pytest.raises(ReshError, match="nothing is being recorded"):
        screen.stop()
    assert (tmp_path / "there").read_text() == "mine"


def test_it_answers_for_the_terminal_but_takes_no_bytes() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    screen = Screen(out, lambda: (80, 24))
    assert screen.encoding == "utf-8"
    assert not hasattr(screen, "buffer")
