"""What all connections of the server share: the app, the keys, the record, who may come, and the sessions that are open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from resh.app import App
from resh.events.event import Event
from resh.events.log import Limits
from resh.events.people import EVERYBODY, UserChanged
from resh.frontends.ssh.audit import Audit
from resh.frontends.ssh.doorkeeper import Doorkeeper, Most
from resh.frontends.ssh.session import ShellSession
from resh.state.authorized import Users
from resh.state.revoked import RevokedKeys

log = logging.getLogger("resh.ssh")
LAST_WORDS_SECONDS = 3.0
"""What a command gets that is cancelled because the server stops."""


class Service:
    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self.users = Users(folder / "authorized_keys")
        self.revoked = RevokedKeys(folder / "revoked_keys")
        self.idle_seconds = app.settings.seconds("ssh.idle_timeout")
        self.attempts = app.settings.number("ssh.max_attempts")
        self.audit = Audit(folder / "audit.jsonl", app.clock, self._limits)
        self.strangers = Audit(folder / "strangers.jsonl", app.clock, self._limits)
        """Connections before, or without, a log-in: whoever floods the port must not push out of the record what others did."""
        self.doorkeeper = Doorkeeper(self._most, app.clock.now)
        self.stopping = False
        self._sessions: set[ShellSession] = set()
        self._rechecks: dict[object, tuple[str, Callable[[], None]]] = {}
        loop = asyncio.get_running_loop()
        app.bus.subscribe(lambda event: self._user_changed(loop, event))

    def _user_changed(self, loop: asyncio.AbstractEventLoop, event: Event) -> None:
        """Told on any thread, of changes by any process: whoever has lost the key is out at once."""
        if isinstance(event, UserChanged) and not loop.is_closed():
            loop.call_soon_threadsafe(self._recheck, event.user)

    def _recheck(self, user: str) -> None:
        for name, recheck in list(self._rechecks.values()):
            if user in (name, EVERYBODY):
                recheck()

    def logged_in(self, connection: object, user: str, recheck: Callable[[], None]) -> None:
        self._rechecks[connection] = (user, recheck)

    def gone(self, connection: object) -> None:
        self._rechecks.pop(connection, None)

    def _most(self) -> Most:
        number = self.app.settings.number
        return Most(
            connections=number("ssh.max_connections"), startups=number("ssh.max_startups"),
            address_startups=number("ssh.address_startups"), rate=number("ssh.connection_rate"),
            sessions=number("ssh.max_sessions"), user_sessions=number("ssh.user_sessions"),
            exempt=tuple(self.app.settings.list("ssh.exempt")),
        )  # fmt: skip

    def _limits(self) -> Limits:
        return Limits(max(1, self.app.settings.number("events.size")) << 20, self.app.settings.number("ssh.audit_files"))

    def opened(self, session: ShellSession, user: str) -> None:
        self._sessions.add(session)
        self.doorkeeper.opens(user)

    def closed(self, session: ShellSession, user: str) -> None:
        if session in self._sessions:
            self._sessions.discard(session)
            self.doorkeeper.closes(user)

    def report(self, user: str, error: Exception) -> None:
        log.error("session of %s failed", user, exc_info=error)

    async def stop(self, words: str, seconds: float) -> None:
        """Tell everybody. Prompts end at once, what runs has that long; then it is cancelled."""
        self.stopping = True
        tasks = {session.finish(words): session for session in list(self._sessions)}
        waiting = {task for task in tasks if task is not None}
        if waiting:
            _, waiting = await asyncio.wait(waiting, timeout=seconds)
        for task in waiting:
            if session := tasks.get(task):
                session.end(words)
        if waiting:
            await asyncio.wait(waiting, timeout=LAST_WORDS_SECONDS)
