"""Events above the prompt: gathered for a moment, printed as one block while a prompt is up, held back while a command prints.

Printing one by one would redraw the prompt for each; a flood is summed up in its last line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from resh.shell.session import Session

if TYPE_CHECKING:
    from resh.events.event import Event

BATCH_SECONDS = 0.05
MOST_LINES = 200


class InlineEvents:
    """`show(text)` prints above the prompt; it is called on the loop, only between `prompting(True)` and `prompting(False)`."""

    def __init__(self, session: Session, show: Callable[[str], Awaitable[None]]) -> None:
        self._session = session
        self._show = show
        self._settings = session.app.settings
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Event] = []
        self._missed = 0
        self._followed: set[str] = set()
        self._prompting = False
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._unsubscribe = session.app.bus.subscribe(self._from_bus)

    def close(self) -> None:
        self._unsubscribe()
        if self._timer:
            self._timer.cancel()

    def take(self) -> str:
        """What waits, as text; for printing just before a prompt."""
        if not self._waiting:
            return ""
        from resh.render.events import event_line

        events = [event for event in self._waiting if event.run not in self._followed]
        self._waiting = []
        missed, self._missed = self._missed, 0
        lines = [event_line(event, colour=self._session.sink.colour) for event in events]
        if missed:
            lines.append(f"… and {missed} more events: events last {missed + len(lines)}")
        return "\n".join(lines)

    def prompting(self, now: bool) -> None:
        self._prompting = now
        if now and self._waiting:
            self._schedule()

    def _from_bus(self, event: Event) -> None:
        """On the thread of whoever emitted, with the bus locked. A command that follows a run prints its events itself."""
        self._followed |= self._session.followed
        if not event.ephemeral and self._settings.flag("shell.events") and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._add, event)

    def _add(self, event: Event) -> None:
        if len(self._waiting) >= MOST_LINES:
            self._missed += 1
        else:
            self._waiting.append(event)
        if self._prompting:
            self._schedule()

    def _schedule(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._timer = None
        if self._prompting and self._waiting:
            self._flushing = self._loop.create_task(self._print())

    async def _print(self) -> None:
        if text := self.take():
            await self._show(text)
