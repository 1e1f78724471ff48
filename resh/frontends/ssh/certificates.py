"""Certificates that a client shows: which one it is, and whether it was revoked.

    watch(connection, bars, refused)            # before the log-in begins

asyncssh checks the authority, the names, the dates and the options, and has no hook that sees the certificate itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncssh

from resh.record import Record


class Shown(Record):
    name: str
    serial: int
    key: str
    """Fingerprint of the key in it."""

    def __str__(self) -> str:
        return f"{self.name} (serial {self.serial})"


def watch(conn: Any, admits: Callable[[Shown], bool]) -> None:
    """Certificates that asyncssh takes are shown to `admits`, which may refuse them."""
    validate = conn._validate_openssh_certificate

    async def validate_and_ask(username: str, cert: asyncssh.SSHCertificate) -> asyncssh.SSHKey | None:
        key: asyncssh.SSHKey | None = await validate(username, cert)
        return key if key is not None and admits(shown(cert, key)) else None

    conn._validate_openssh_certificate = validate_and_ask


def shown(cert: Any, key: asyncssh.SSHKey) -> Shown:
    return Shown(cert._key_id, cert._serial, key.get_fingerprint())
