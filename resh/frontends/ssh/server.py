"""Who may connect, and what all sessions share. Public keys only; nothing is forwarded; the role comes from the key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh

from resh.app import App
from resh.commands.base import Role
from resh.frontends.ssh.keys import authorized_keys, role_of
from resh.frontends.ssh.session import ShellSession
from resh.shell.visit import Visit

OPTIONS: dict[str, object] = {
    "server_version": "resh",
    "line_editor": False,
    "encoding": "utf-8",
    "errors": "replace",
    "agent_forwarding": False,
    "compression_algs": None,
    "password_auth": False,
    "kbdint_auth": False,
    "login_timeout": 20,
    "keepalive_interval": 30,
    "keepalive_count_max": 3,
    "kex_algs": ["mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org"],
    "encryption_algs": ["aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com"],
    "mac_algs": ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
    "signature_algs": ["ssh-ed25519", "sk-ssh-ed25519@openssh.com", "rsa-sha2-512", "rsa-sha2-256"],
}

log = logging.getLogger("resh.ssh")


class Service:
    """What every connection needs: the app, the folder of keys, the sessions that are open."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self.folder = folder
        self.idle_seconds = app.settings.seconds("ssh.idle_timeout")
        self._most = app.settings.number("ssh.max_sessions")
        self._sessions: set[ShellSession] = set()

    @property
    def full(self) -> bool:
        return len(self._sessions) >= self._most

    @contextmanager
    def holding(self, session: ShellSession) -> Iterator[None]:
        self._sessions.add(session)
        try:
            yield
        finally:
            self._sessions.discard(session)

    def end_sessions(self, words: str) -> None:
        for session in list(self._sessions):
            session.end(words)

    def report(self, user: str, error: Exception) -> None:
        log.error("session of %s failed", user, exc_info=error)


class Connection(asyncssh.SSHServer):
    """One client's connection; its channels share the user and the role."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._user = ""
        self._visit: Visit | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        self._user = username
        keys = authorized_keys(self._service.folder, username)
        if keys is not None:
            self._connection.set_authorized_keys(keys)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def auth_completed(self) -> None:
        log.info("%s logged in as %s", self._user, self._role.name)
        address = str(self._connection.get_extra_info("peername", ("",))[0])
        self._visit = Visit(self._service.app, self._user, self._role, via="ssh", address=address)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._visit:
            self._visit.end()

    def session_requested(self) -> ShellSession | bool:
        if self._service.full:
            log.warning("%s turned away: too many sessions", self._user)
            return False
        return ShellSession(self._service, self._user, self._role)

    @property
    def _role(self) -> Role:
        return role_of(self._connection.get_key_option("role"))
