"""One connection: who it is, and whether it may. Public keys and certificates only; nothing is forwarded; the role comes from the key."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import asyncssh

from resh.commands.base import Role
from resh.errors import StateError
from resh.frontends.ssh.certificates import Shown, watch
from resh.frontends.ssh.keyring import Keyring, role_of
from resh.frontends.ssh.service import Service
from resh.frontends.ssh.session import ShellSession
from resh.shell.visit import Visit
from resh.state.revoked import Revoked
from resh.text import one_line

log = logging.getLogger("resh.ssh")


class Connection(asyncssh.SSHServer):
    """Its channels share the user and the role."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._user = ""
        self._address = ""
        self._keyring: Keyring | None = None
        self._visit: Visit | None = None
        self._role = Role.viewer
        self._counted = False
        self._attempts = 0
        self._open = 0
        self._since = service.app.clock.now()
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._address = str(conn.get_extra_info("peername", ("",))[0])
        refused = self._service.doorkeeper.arrives(self._address)
        if refused:
            self._service.strangers.tell("refused", address=self._address, reason=refused)
            conn.abort()
            return
        self._counted = True
        _count_failures(conn, self._failed)
        watch(conn, self._admits)
        self._service.strangers.tell("connect", address=self._address)

    def begin_auth(self, username: str) -> bool:
        """Always new keys: a client may try one name after another on the same connection."""
        self._user = username
        self._keyring = Keyring(self._service.users, username, self._service.app.clock.now(), self._revoked())
        for words in self._keyring.wrong:
            log.warning("a key of %s opens nothing: %s", one_line(username), words)
        self._connection.set_authorized_keys(self._keyring)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def _revoked(self) -> Revoked | None:
        """None when it is not known: then nobody comes in."""
        try:
            return self._service.revoked.read()
        except StateError as error:
            log.error("%s (%s)", error.message, error.hint)
            return None

    def _admits(self, certificate: Shown) -> bool:
        """Whether a certificate that is right in all else was not revoked."""
        revoked = self._revoked()
        if not revoked or _barred(certificate, revoked):
            self._service.strangers.tell(
                "refused", user=self._user, address=self._address, reason=f"the certificate {certificate} is revoked"
            )
            return False
        if self._keyring:
            self._keyring.certificate = certificate
        return True

    def _failed(self) -> None:
        """The first failure is how a client asks which methods there are."""
        self._attempts += 1
        if self._attempts > self._service.attempts:
            self._connection.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many authentication failures")

    def auth_completed(self) -> None:
        service, conn = self._service, self._connection
        self._role = role_of(conn.get_key_option("role"))
        service.doorkeeper.logged_in(self._address)
        service.audit.tell(
            "login", user=self._user, role=self._role.name, key=self._accepted, certificate=str(self._certificate or ""),
            address=self._address,
            client=str(conn.get_extra_info("client_version", "")), seconds=self._lasted(),
        )  # fmt: skip
        log.info("%s logged in as %s from %s", self._user, self._role.name, self._address)
        self._visit = Visit(service.app, self._user, self._role, via="ssh", address=self._address)
        service.logged_in(self, self._user, self._recheck)
        self._wait_for_a_session()

    @property
    def _accepted(self) -> str:
        return self._keyring.accepted if self._keyring else ""

    @property
    def _key(self) -> str:
        """The user's own: of a certificate the key in it, not that of the authority."""
        return self._certificate.key if self._certificate else self._accepted

    @property
    def _certificate(self) -> Shown | None:
        return self._keyring.certificate if self._keyring else None

    def _recheck(self) -> None:
        """The user's file has changed, or what is revoked: the key that opened must still be there, and be worth as much."""
        revoked = self._revoked()
        there = any(
            line.fingerprint == self._accepted and role_of(line.options.get("role")) is self._role
            for line in self._service.users.lines(self._user)
        )
        barred = not revoked or self._accepted in revoked.keys or (self._certificate and _barred(self._certificate, revoked))
        if barred or not there:
            self._connection.disconnect(asyncssh.DISC_BY_APPLICATION, "this key opens no more, or has another role: log in again")

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._counted:
            return
        self._counted = False
        self._service.gone(self)
        if self._idle:
            self._idle.cancel()
        self._service.doorkeeper.leaves(self._address, logged_in=self._visit is not None, failed=self._attempts > 1 and not self._visit)
        if self._visit:
            self._visit.end()
        record, attempts = (self._service.audit, None) if self._visit else (self._service.strangers, self._attempts)
        reason = str(exc) if exc else ""
        record.tell("disconnect", user=self._user, address=self._address, attempts=attempts, reason=reason, seconds=self._lasted())

    def _lasted(self) -> float:
        return round(self._service.app.clock.now() - self._since, 1)

    def session_requested(self) -> ShellSession | bool:
        refused = "resh is stopping" if self._service.stopping else self._service.doorkeeper.admits(self._user)
        if refused:
            log.warning("%s turned away: %s", self._user, refused)
            self._service.audit.tell("refused", user=self._user, address=self._address, reason=refused)
            return False
        session = ShellSession(self._service, self._user, self._key, self._role, self._address, self._session_closed)
        self._service.opened(session, self._user)
        self._open += 1
        return session

    def _session_closed(self, session: ShellSession) -> None:
        self._service.closed(session, self._user)
        self._open -= 1
        self._wait_for_a_session()

    def _wait_for_a_session(self) -> None:
        """A connection without any session, which costs nothing but a place, is not kept for ever."""
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(self._service.idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        if not self._open:
            self._connection.disconnect(asyncssh.DISC_BY_APPLICATION, "idle for too long")


def _barred(certificate: Shown, revoked: Revoked) -> bool:
    return certificate.key in revoked.keys or revoked.bars_certificate(certificate.serial, certificate.name)


def _count_failures(conn: Any, failed: Any) -> None:
    """asyncssh lets a client try keys until its time to log in is over, and has no hook that tells of each failure."""
    send = conn.send_userauth_failure

    def send_and_count(partial_success: bool) -> None:
        send(partial_success)
        failed()

    conn.send_userauth_failure = send_and_count
