"""How long a key takes to its letter on the screen, at a whole prompt: with completion, highlighting, suggestions and the count of matches,
while ten threads search and an account of 200,000 nodes is collected and merged.
"""

from __future__ import annotations

import asyncio
import gc
import io
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO, cast

from figures import Figure
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.base import PipeInput
from prompt_toolkit.output.vt100 import Vt100_Output
from readers import NEW, NODES, Readers, _while_merging
from world import account

from resh.app import App
from resh.cancel import Cancel
from resh.commands.base import Role
from resh.frontends.interactive.loop import Terminal, interact
from resh.frontends.interactive.sink import TerminalSink
from resh.shell.session import Session

LINE = "search is(aws_ec2_volume) and volume_status = available and volume_size > 100 | list id, tags.owner"
BETWEEN_SECONDS = 0.1  # two keys of somebody who types fast
LOST_SECONDS = 2.0
LIMIT_MS = 50.0
CLEAR_LINE, END = "\x15", "\x04"


class Display(io.StringIO):
    """A terminal that tells when a letter was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()
        self._drawn = ""

    def write(self, text: str) -> int:
        with self._news:
            self._drawn += text
            self._news.notify_all()
        return len(text)

    def forget(self) -> None:
        with self._news:
            self._drawn = ""

    def wait_for(self, letter: str) -> None:
        with self._news:
            self._news.wait_for(lambda: letter in self._drawn, LOST_SECONDS)


def figures(home: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="keys-", dir=home.parent) as folder:
        shutil.copy(home / "graph.sqlite3", folder)
        with App(Path(folder)) as app:
            app.attend()
            late = asyncio.run(_typed(app, Readers(app, account(NEW, NODES))))
    what = f"a typed key, while 10 threads search and {NODES:,} nodes are merged"
    yield Figure(f"{what} (p95 of {len(late)})", statistics.quantiles(late, n=20)[-1], LIMIT_MS, 1, "50 ms")


async def _typed(app: App, readers: Readers) -> list[float]:
    """Milliseconds of each key."""
    display, late = Display(), list[float]()
    output = Vt100_Output(cast(TextIO, display), lambda: Size(rows=40, columns=120), term="xterm", enable_cpr=False)
    sink = TerminalSink(display.write, lambda: 120, colour=True)
    session = Session(app, user="bench", role=Role.admin, sink=sink, local=False, interactive=True)
    with create_pipe_input() as keys, create_app_session(input=keys, output=output):
        typist = threading.Thread(target=_type, args=(keys, display, lambda: _while_merging(app, readers), late))
        typist.start()
        await interact(session, Terminal(keys, output, _not_interruptible))
        await asyncio.to_thread(typist.join)
    return late


def _type(keys: PipeInput, display: Display, merge: object, late: list[float]) -> None:
    """The line again and again, until the merge is done."""
    display.wait_for("F1")
    time.sleep(LOST_SECONDS)
    gc.freeze()
    work = threading.Thread(target=merge)  # type: ignore[arg-type]
    work.start()
    while work.is_alive():
        for letter in LINE:
            display.forget()
            start = time.perf_counter()
            keys.send_text(letter)
            display.wait_for(letter)
            late.append((time.perf_counter() - start) * 1000)
            time.sleep(BETWEEN_SECONDS)
        keys.send_text(CLEAR_LINE)
        time.sleep(BETWEEN_SECONDS)
    keys.send_text(CLEAR_LINE + END)


def _not_interruptible(cancel: Cancel) -> AbstractContextManager[None]:
    return nullcontext()
