"""Starts that outlive whoever remembers them."""

from __future__ import annotations

from pathlib import Path

from resh.state.pending import Pending, Start, orphans

NAG = Start("job", "nag", "post_collect", 100.0, {"chain": ["a"], "run": "01a7"})
WORK = Start("workflow", "work", "ada", 101.0)


def test_what_waits_is_taken_up_once_its_process_has_ended(tmp_path: Path) -> None:
    pending = Pending(tmp_path)
    done = pending.add(WORK)
    pending.add(NAG)
    pending.add(WORK)
    pending.done(done)
    pending.done(done)
    assert orphans(tmp_path) == []  # it lives
    pending.close()
    assert orphans(tmp_path) == [NAG, WORK]
    assert orphans(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["guard.lock"]


def test_nothing_is_left_when_nothing_waits(tmp_path: Path) -> None:
    pending = Pending(tmp_path)
    pending.close()
    assert list(tmp_path.iterdir()) == []
    pending = Pending(tmp_path)
    pending.done(pending.add(NAG))
    pending.add(WORK)
    pending.add(WORK)
    pending.forget("work")
    pending.close()
    assert orphans(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["guard.lock"]


def test_a_line_that_was_cut_off_takes_nothing_else_along(tmp_path: Path) -> None:
    pending = Pending(tmp_path)
    pending.add(NAG)
    pending.add(WORK)
    pending.close()
    (file,) = tmp_path.glob("*.jsonl")
    file.write_text(file.read_text()[:-20])
    assert orphans(tmp_path) == [NAG]


def test_a_folder_that_takes_nothing_hurts_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    folder.write_text("in the way")
    pending = Pending(folder)
    pending.done(pending.add(NAG))
    pending.add(WORK)
    pending.close()
