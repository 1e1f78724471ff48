from __future__ import annotations

from pathlib import Path

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from tests.commands.conftest import MemorySink, Shell


class Remote:
    """A session over SSH."""

    def __init__(self, app: App, user: str = "ada", interactive: bool = False) -> None:
        self.sink = MemorySink()
        self.session = Session(app, user=user, role=Role.viewer, sink=self.sink, local=False, interactive=interactive)

    def __call__(self, text: str) -> str:
        self.sink.written.clear()
        self.status = evaluate(self.session, text)
        return self.sink.out


def test_over_ssh_files_are_in_the_user_s_folder(graph: App, home: Path) -> None:
    ada, bob = Remote(graph, interactive=True), Remote(graph, "bob")
    ada("search is(volume) | count | write reports/volumes.txt")
    assert ada.sink.notes == ["2 lines written to reports/volumes.txt in your export folder: sftp gets it"]
    assert (home / "exports/ada/reports/volumes.txt").read_text().startswith("total matched: ")
    assert '"file":"reports/volumes.txt"' in ada("exports list")
    assert bob("exports list") == ""
    assert bob("exports delete reports/volumes.txt") == ""
    assert bob.status == 1
    assert ada("exports delete reports/volumes.txt") == "reports/volumes.txt deleted\n"
    assert not (home / "exports/ada/reports").exists()


@pytest.mark.parametrize("file", ["/tmp/resh-out", "../bob/a", "'~/a'", "a/../../../state/settings.json"])
@pytest.mark.parametrize("line", ["echo a | write {}", "metrics plot --png {} instances_total"])
def test_nothing_leads_out(graph: App, home: Path, file: str, line: str) -> None:
    ada = Remote(graph)
    Shell(graph)("metrics run")
    ada(line.format(file))
    assert ada.status == 126
    assert "leads out of your export folder" in ada.sink.notes[-1]
    assert not (home / "exports").exists()


def test_variables_of_a_line_say_nothing_about_the_folder(graph: App, home: Path) -> None:
    ada = Remote(graph)
    ada("user=bob HOME=/tmp RESH_HOME=/tmp local=true echo a | write a.txt")
    assert (home / "exports/ada/a.txt").read_text() == "a\n"


def test_a_full_folder(graph: App, home: Path) -> None:
    graph.settings.set("ssh.exports_size", 0, "state")
    ada = Remote(graph)
    ada("echo a | write a.txt")
    assert ada.status == 1
    assert "your export folder is full" in ada.sink.notes[0]
    shell = Shell(graph)
    shell(f"echo a | write {home}/a.txt")
    assert shell.status == 0
