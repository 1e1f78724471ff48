"""The line below the prompt: what is in the graph and how old, what runs and how far, what runs next, who one is.

Its text is made in a thread and only read while the prompt draws, so that a slow disk never holds up a key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import StyleAndTextTuples

from resh.app import App
from resh.cancel import Cancel
from resh.durations import format_duration
from resh.errors import ReshError
from resh.shell.session import Session
from resh.text import fit, one_line

if TYPE_CHECKING:
    from resh.workflows.runner import Running

REFRESH_SECONDS = 1.0
NAME_COLUMNS = 32
SETTLE_SECONDS = 0.3
"""How long work in the background waits at the start of a session: the first prompt comes first."""


class Toolbar:
    """`changed` is called, from the toolbar's own thread, when the text is another. A mistake in the line takes the place of the rest."""

    def __init__(self, session: Session, changed: Callable[[], None], mistake: Callable[[], str] = lambda: "") -> None:
        self._mistake = mistake
        self._app = session.app
        self._columns: Callable[[], int | None] = lambda: session.sink.columns
        self._role = session.role.name
        self._changed = changed
        self._stop = Cancel()
        self._text = ""
        threading.Thread(target=self._refresh, name="toolbar", daemon=True).start()

    def __call__(self) -> StyleAndTextTuples:
        mistake, columns = self._mistake(), self._columns() or 80
        return [("class:mistake", fit(f" {mistake} ", columns))] if mistake else [("", fit(self._text, columns))]

    def close(self) -> None:
        self._stop.set()

    def _refresh(self) -> None:
        self._stop.wait(SETTLE_SECONDS)
        while not self._stop:
            try:
                text = f" {describe(self._app)} · role {self._role} "
            except ReshError as error:
                text = f" {one_line(error.message)} "
            if text != self._text:
                self._text = text
                self._changed()
            self._stop.wait(REFRESH_SECONDS)


def describe(app: App) -> str:
    """`aws: demo · 734 resources, 22 min old · next collect_and_cleanup in 38 min`"""
    return " · ".join(part for part in (graph(app), _running(app) or _next(app)) if part)


def graph(app: App) -> str:
    accounts = app.graph.accounts()
    if not accounts:
        return "graph empty"
    names = ", ".join(fit(one_line(account.name), NAME_COLUMNS) for account in accounts[:2]) + (
        f" +{len(accounts) - 2}" if len(accounts) > 2 else ""
    )
    age = format_duration(max(0.0, app.clock.now() - min(account.merged for account in accounts)))
    return f"{accounts[0].cloud}: {names} · {app.graph.count()} resources, {age} old"


def _running(app: App) -> str:
    return " · ".join(_run(running) for running in app.runner.running())


def _run(running: Running) -> str:
    percent = f" {running.handle.percent} %" if running.handle else ""
    return f"{running.workflow} {running.id} {running.step}{percent}"


def _next(app: App) -> str:
    """Nothing where this resh starts no workflows: whether another one does, it does not know."""
    upcoming = app.scheduler.next_runs() if app.settings.flag("workflows.schedule") else []
    if not upcoming:
        return ""
    workflow, at = upcoming[0]
    return f"next {workflow} in {format_duration(max(0.0, at - app.clock.now()))}"
