"""How long people wait for a process: a search in a script, and the first prompt."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Figure, paired_ms

BARE_PROMPT = """
from prompt_toolkit import PromptSession
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
with create_pipe_input() as keys:
    keys.send_text("\\r")
    PromptSession(input=keys, output=DummyOutput()).prompt("> ")
"""
OUR_PROMPT = """
import asyncio, os, sys
from pathlib import Path
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from resh.app import App
from resh.commands.base import Role
from resh.frontends.interactive.loop import Terminal, interact
from resh.frontends.interactive.sink import TerminalSink
from resh.frontends.terminal.local import _interruptible
from resh.shell.session import Session

async def main(app):
    with create_pipe_input() as keys:
        keys.send_text("\\x04")
        sink = TerminalSink(lambda text: None, lambda: 80, colour=True)
        session = Session(app, user="bench", role=Role.admin, sink=sink, interactive=True)
        await interact(session, Terminal(keys, DummyOutput(), _interruptible))
        os._exit(0)

asyncio.run(main(App(Path(sys.argv[1]))))
"""


def figures(home: Path) -> Iterator[Figure]:
    line = "search is(volume) and volume_status = available | count"
    bare = _process("-c", "pass")
    measured, reference = paired_ms(_process("-m", "resh", "--home", str(home), "-c", line), bare, 21)
    yield Figure("resh -c 'search … | count', whole process", measured, reference, 8, "python -c pass")
    measured, reference = paired_ms(_process("-c", OUR_PROMPT, str(home)), _process("-c", BARE_PROMPT), 11)
    yield Figure("first prompt", measured, reference, 1.3, "import prompt_toolkit, one PromptSession and its prompt")


def _process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True)
