"""The line below the prompt: what is in the graph and how old, what runs and how far, what runs next, who one is, what went wrong since the
session began; and, of the line that is being typed, its mistake, what is chosen for it, how much it matches.

Its text is made in a thread and only read while the prompt draws, so that a slow disk never holds up a key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import StyleAndTextTuples

from resh.app import App
from resh.cancel import Cancel
from resh.durations import format_duration
from resh.errors import ReshError
from resh.events.event import ERROR, Event
from resh.shell.session import Session
from resh.text import fit, one_line

if TYPE_CHECKING:
    from resh.workflows.runner import Running

REFRESH_SECONDS = 1.0
NAME_COLUMNS = 32
SETTLE_SECONDS = 0.3
"""How long work in the background waits at the start of a session: the first prompt comes first."""


PARTS = ("graph", "runs", "role", "errors", "count")
"""What it can tell, in this order; the count of a search's matches comes first."""
KEYS = {"f2": "graph", "f3": "runs", "f4": "role", "f5": "errors", "f6": "count", "f8": "all"}
"""Keys that put them on and off."""


def _nothing() -> str:
    return ""


class Line:
    """What is known of the line that is being typed: its mistake, help for what is chosen in the menu, how much a search matches.

    Each is asked while the prompt draws, and must not take long.
    """

    def __init__(
        self, mistake: Callable[[], str] = _nothing, chosen: Callable[[], str] = _nothing, matches: Callable[[], str] = _nothing
    ) -> None:
        self.mistake, self.chosen, self.matches = mistake, chosen, matches


class Toolbar:
    """`changed` is called, from the toolbar's own thread, when the text is another. A mistake in the line takes the place of the rest."""

    def __init__(self, session: Session, changed: Callable[[], None], line: Line | None = None) -> None:
        self.line = line or Line()
        self._app = session.app
        self._columns: Callable[[], int | None] = lambda: session.sink.columns
        self._role = session.role.name
        self._changed = changed
        self._stop = Cancel()
        self._texts: Mapping[str, str] = {}
        self._on = {part for part in PARTS if part in session.app.settings.list("shell.toolbar")}
        self._whole = True
        self._errors = 0
        self._unsubscribe = session.app.bus.subscribe(self._count_errors)
        threading.Thread(target=self._refresh, name="toolbar", daemon=True).start()

    def __call__(self) -> StyleAndTextTuples:
        columns = self._columns() or 80
        if mistake := self.line.mistake():
            return [("class:mistake", fit(f" {one_line(mistake)} ", columns))]
        if chosen := self.line.chosen():
            return [("", fit(f" {one_line(chosen)} ", columns))]
        parts = [self._texts.get(part, "") for part in PARTS if part in self._on] if self._whole else []
        matches = self.line.matches() if self._whole and "count" in self._on else ""
        return [("", fit(f" {' · '.join(filter(None, (matches, *parts)))} ", columns))]

    def toggle(self, part: str) -> None:
        """Put a part of it on or off, or all of it."""
        if part == "all":
            self._whole = not self._whole
        else:
            self._on ^= {part}
            self._whole = True

    def close(self) -> None:
        self._stop.set()
        self._unsubscribe()

    def _count_errors(self, event: Event) -> None:
        if event.severity == ERROR and not event.ephemeral:
            self._errors += 1

    def _refresh(self) -> None:
        self._stop.wait(SETTLE_SECONDS)
        while not self._stop:
            texts = self._described()
            if texts != self._texts:
                self._texts = texts
                self._changed()
            self._stop.wait(REFRESH_SECONDS)

    def _described(self) -> Mapping[str, str]:
        errors = f"{self._errors} error{'' if self._errors == 1 else 's'}: events error" if self._errors else ""
        try:
            return {"graph": graph(self._app), "runs": runs(self._app), "role": f"role {self._role}", "errors": errors}
        except ReshError as error:
            return {"graph": one_line(error.message)}


def runs(app: App) -> str:
    """What runs, else what runs next."""
    return _running(app) or _next(app)


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
