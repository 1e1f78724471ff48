"""The shell at the terminal that resh was started in."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO, cast

from prompt_toolkit.input import create_input
from prompt_toolkit.output import create_output

from resh.app import App
from resh.cancel import Cancel
from resh.commands.base import Role
from resh.errors import ReshError
from resh.events.event import Problem
from resh.frontends.interactive.loop import Terminal, interact
from resh.frontends.interactive.recorder import Screen
from resh.frontends.interactive.sink import NO_LINKS, TerminalSink
from resh.frontends.interactive.toolbar import SETTLE_SECONDS
from resh.shell.session import Session
from resh.shell.visit import Visit


def run_terminal(app: App, environ: Mapping[str, str], *, first_line: str = "") -> int:
    return asyncio.run(_run(app, environ, first_line))


async def _run(app: App, environ: Mapping[str, str], first_line: str) -> int:
    colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    links = environ.get("TERM") not in NO_LINKS and sys.stdout.isatty()
    screen = Screen(sys.stdout, _size)
    sink = TerminalSink(lambda text: _emit(screen, text), lambda: _size()[0], colour=colour, links=links)
    user = environ.get("USER") or environ.get("LOGNAME") or "you"
    session = Session(app, user=user, role=Role.admin, sink=sink, local=True, interactive=True)
    output = create_output(stdout=cast("TextIO", screen)) if sys.stdout.isatty() else create_output()
    terminal = Terminal(create_input(), output, _interruptible, colour=colour, recorder=screen)
    app.attend()
    app.hear_others()
    if app.settings.flag("workflows.schedule"):
        _later(app.start_scheduler)
    _later(lambda: _serve_metrics(app))
    visit = Visit(app, user, session.role, via="terminal")
    try:
        return await interact(session, terminal, first_line=first_line)
    finally:
        visit.end()
        screen.close()


def _serve_metrics(app: App) -> None:
    try:
        app.serve_metrics()
    except ReshError as error:  # another prompt may serve them already
        app.bus.emit(Problem(text=error.message))


def _later(work: Callable[[], None]) -> None:
    timer = threading.Timer(SETTLE_SECONDS, work)
    timer.daemon = True
    timer.start()


def _emit(screen: Screen, text: str) -> None:
    screen.write(text)
    sys.stdout.flush()


def _size() -> tuple[int, int]:
    return shutil.get_terminal_size()


@contextmanager
def _interruptible(cancel: Cancel) -> Iterator[None]:
    """Ctrl-C arrives as a signal while no prompt is up."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, cancel.set, "cancelled")
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
