"""What ends the process of a prompt: the terminal is left as it was, and nothing is lost."""

from __future__ import annotations

import json
import signal
import termios
from pathlib import Path

from tests.e2e.screen import Screen

PROMPT = r"^> *$"
ECHO = 3  # the local flags among the attributes of a terminal


def _events(environment: dict[str, str], type: str) -> int:
    lines = (Path(environment["RESH_HOME"]) / "events.jsonl").read_text().splitlines()
    return sum(json.loads(line)["type"] == type for line in lines)


def test_sigterm_ends_it_with_the_terminal_as_it_was(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        before = termios.tcgetattr(screen.process.child_fd)
        screen.until(PROMPT)
        screen.type("echo half")
        screen.until_prompt("> echo half")
        assert termios.tcgetattr(screen.process.child_fd)[ECHO] != before[ECHO]
        screen.process.kill(signal.SIGTERM)
        screen.settle()
        assert termios.tcgetattr(screen.process.child_fd)[ECHO] == before[ECHO]
        assert screen.raw.rfind(b"\x1b[?2004l") > screen.raw.rfind(b"\x1b[?2004h")
        assert screen.exit_status() == 128 + signal.SIGTERM
    assert _events(environment, "logout") == _events(environment, "login") == 1


def test_who_hangs_up_leaves_neither_a_process_nor_an_unfinished_visit(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("sleep 1000\r")
        screen.until("^> sleep 1000")
        for _ in range(2):  # a shell passes on what it is told, to those who were told already
            screen.process.kill(signal.SIGHUP)
        assert screen.exit_status() == 128 + signal.SIGHUP
    assert _events(environment, "logout") == 1
    assert "sleep 1000" in (Path(environment["RESH_HOME"]) / "history" / "ada").read_text()
