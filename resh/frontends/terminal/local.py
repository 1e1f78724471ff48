"""The shell at the terminal that resh was started in."""

from __future__ import annotations

import asyncio
import errno
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

_ENDS = (signal.SIGTERM, signal.SIGHUP)
_KILLED = 128
"""The exit status of who was ended by a signal is this more than its number."""


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
    status, told = 0, list[int]()
    try:
        with _ending(told):
            status = await interact(session, terminal, first_line=first_line)
    finally:
        visit.end()
        screen.close()
    return _KILLED + told[0] if told else status


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
    try:
        screen.write(text)
        sys.stdout.flush()
    except OSError as error:
        if error.errno != errno.EIO:  # the terminal is gone, and a signal that says so is on its way
            raise


def _size() -> tuple[int, int]:
    return shutil.get_terminal_size()


@contextmanager
def _ending(told: list[int]) -> Iterator[None]:
    """A signal that would end the process ends the session, so that the terminal is left as it was.

    A second SIGTERM does not wait for that. A second SIGHUP means nothing: a shell passes on what it is told, to all.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def leave(number: int) -> None:
        if not told:
            loop.remove_signal_handler(signal.SIGTERM)
            task.cancel()
        told.append(number)

    for number in _ENDS:
        loop.add_signal_handler(number, leave, number)
    try:
        yield
    except (asyncio.CancelledError, OSError):  # without a terminal there is nothing to write to
        if not told:
            raise
    finally:
        for number in _ENDS:
            loop.remove_signal_handler(number)


@contextmanager
def _interruptible(cancel: Cancel) -> Iterator[None]:
    """Ctrl-C arrives as a signal while no prompt is up."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, cancel.set, "cancelled")
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
