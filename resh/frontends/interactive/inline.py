"""Events above the prompt: gathered for a moment, printed as one block while a prompt is up, held back while a command prints.

Printing one by one would redraw the prompt for each; of a flood one line a second tells (`digest.py`). The loop is woken once for all
events of a moment: a thousand a second to a hundred sessions would keep it from everything else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from resh.errors import ReshError
from resh.events.event import DEBUG, Event
from resh.events.filter import fits
from resh.frontends.interactive.digest import BATCH_SECONDS, Digest, Flood
from resh.render.events import drawn, event_line
from resh.shell.session import Session
from resh.text import one_line

if TYPE_CHECKING:
    from collections.abc import Set


class InlineEvents:
    """`show(text)` prints above the prompt; it is called on the loop, only between `prompting(True)` and `prompting(False)`."""

    def __init__(self, session: Session, show: Callable[[str], Awaitable[None]]) -> None:
        self._session = session
        self._show = show
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()
        """Which terminal is meant. What wakes the loop may be another session, or a thread, and have another one."""
        self._arrived: deque[Event] = deque()
        self._woken = False
        self._digest = Digest()
        self._followed: set[str] = set()
        self._prompting = False
        self._timer: asyncio.TimerHandle | None = None
        self._printing: asyncio.Task[None] | None = None
        self._unsubscribe = session.app.bus.subscribe(self._from_bus)

    def close(self) -> None:
        self._unsubscribe()
        if self._timer:
            self._timer.cancel()

    def take(self) -> str:
        """All that waits, as text; for printing just before a prompt."""
        self._gather()
        return self._text(whole=True)

    def prompting(self, now: bool) -> None:
        self._prompting = now
        if now:
            self._schedule()

    def _from_bus(self, event: Event) -> None:
        """On the thread of whoever emitted, with the bus locked. A command that follows a run prints its events itself."""
        self._followed |= self._session.followed
        if event.ephemeral or event.severity == DEBUG or self._loop.is_closed():
            return
        self._arrived.append(event)
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(BATCH_SECONDS, self._flush)

    def _gather(self) -> None:
        """From what has arrived to what will print. Also while a command runs: what waits must not grow without end."""
        self._woken = False  # first: what arrives from here on wakes the loop again
        muted = self._muted()
        self._followed |= self._session.followed
        while self._arrived:
            event = self._arrived.popleft()
            if event.run not in self._followed and not fits(event.type, muted):
                self._digest.add(event, self._loop.time())

    def _muted(self) -> Set[str]:
        app = self._session.app
        try:
            if not app.settings.flag("shell.events"):
                return {"*"}
            return {*self._session.muted, *app.tables.mutes.of(self._session.user)}
        except ReshError:  # a state folder in trouble must not hide what happens
            return self._session.muted

    def _flush(self) -> None:
        self._timer = None
        self._gather()
        if self._prompting and (self._printing is None or self._printing.done()):
            self._printing = self._loop.create_task(self._print(), context=self._context.copy())

    async def _print(self) -> None:
        """A terminal that is slow gets more at a time: nothing new begins before it has shown this."""
        if text := self._text():
            await self._show(text)
        self._schedule()

    def _schedule(self) -> None:
        """For what waits already; what arrives wakes the loop by itself."""
        due = self._digest.due(self._loop.time())
        if due is None and self._arrived:
            due = BATCH_SECONDS
        if due is not None and self._timer is None and self._prompting:
            self._timer = self._loop.call_later(due, self._flush)

    def _text(self, *, whole: bool = False) -> str:
        """Without what came just before its run was followed."""
        items = self._digest.take(self._loop.time(), whole=whole)
        return "\n".join(self._line(item) for item in items if isinstance(item, Flood) or item.run not in self._followed)

    def _line(self, item: Event | Flood) -> str:
        colour = self._session.sink.colour
        return drawn(item.at, one_line(item.text), item.severity, colour) if isinstance(item, Flood) else event_line(item, colour)
