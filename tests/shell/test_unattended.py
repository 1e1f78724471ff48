"""Lines that run with nobody there."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.shell.unattended import run_line
from resh.workflows.line import Line


class Kept:
    def __init__(self) -> None:
        self.text, self.notes = "", [""][:0]

    def write(self, text: str) -> None:
        self.text += text

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.mark.parametrize(
    ("line", "status", "text", "note"),
    [
        (Line("echo a; echo b", "ada", "viewer"), 0, "a\nb\n", ""),
        (Line('json {"a": 1}', "ada", "viewer"), 0, '{"a":1}\n', ""),
        (Line("config set shell.events false", "ada", "operator"), 126, "", "needs the role admin"),
        (Line("search is(", "ada", "viewer"), 2, "", "column"),
        (Line("echo a | write ../here.txt", "ada", "admin", local=False), 126, "", "leads out of your export folder"),
        (Line("env", "ada", "viewer", env={"x": "1"}), 0, "x=1\n", ""),
    ],
)
def test_a_line_with_its_rights_and_variables(tmp_path: Path, line: Line, status: int, text: str, note: str) -> None:
    kept = Kept()
    with App(tmp_path / "home", clock=FakeClock()) as app:
        found = run_line(app, line, kept, Cancel())
    assert (found != 0, kept.text) == (status != 0, text)
    assert status == 1 or found == status
    assert note in "\n".join(kept.notes)
