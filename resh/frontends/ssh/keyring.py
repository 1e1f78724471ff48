"""The keys of one user as asyncssh asks for them: read anew at each log-in, with what restricts them, and what they are worth.

    keyring = Keyring(users, "ada", now)
    connection.set_authorized_keys(keyring)
    keyring.accepted                            # fingerprint of the key that opened, or the authority that signed it
    keyring.certificate                         # the certificate that opened, if it was one

The role comes from the key, never from what a client says; a key without a role that we know is a viewer's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import asyncssh

from resh.commands.base import Role
from resh.frontends.ssh.certificates import Shown
from resh.state.authorized import KeyLine, Users
from resh.state.revoked import Revoked


class Keyring(asyncssh.SSHAuthorizedKeys):
    """A user without a file has no keys, and is refused like one who has the wrong ones."""

    def __init__(self, users: Users, user: str, now: float, revoked: Revoked | None) -> None:
        """Nothing opens while it is not known what is revoked."""
        super().__init__()
        lines, self.wrong = users.read(user) if revoked else ([], [])
        self.accepted = ""
        self.certificate: Shown | None = None
        usable = [_enforced(line, user) for line in lines if not expired(line, now) and revoked and line.fingerprint not in revoked.keys]
        if usable:
            self.load("\n".join(line.text for line in usable))

    def validate(
        self, key: asyncssh.SSHKey, client_host: str, client_addr: str, cert_principals: Sequence[str] | None = None, ca: bool = False
    ) -> Mapping[str, object] | None:
        options = super().validate(key, client_host, client_addr, cert_principals, ca)
        if options is not None:
            self.accepted, self.certificate = key.get_fingerprint(), None
        return options

    def __bool__(self) -> bool:
        """Asked even when empty: a user that does not exist must look like any other."""
        return True


def _enforced(line: KeyLine, user: str) -> KeyLine:
    """What asyncssh would pass over, in terms that it knows.

    A certificate must name the user: OpenSSH and asyncssh let one without any name in as everybody.
    """
    if "restrict" in line.options and "pty" not in line.options:
        line = line.with_options(no_pty="")
    if "cert-authority" in line.options and "principals" not in line.options:
        line = line.with_options(principals=user)
    return line.with_options(environment=None)


def expired(line: KeyLine, now: float) -> bool:
    """`expiry-time` is YYYYMMDD[HHMM[SS]], in UTC."""
    until = line.options.get("expiry-time", "").rstrip("Z")
    return bool(until) and datetime.fromtimestamp(now, UTC).strftime("%Y%m%d%H%M%S") >= until.ljust(14, "0")


def role_of(options: object) -> Role:
    """The role that a key's `role` option names; the least when it names none that we know."""
    named = options[0] if isinstance(options, list) and options else options
    return Role[named] if isinstance(named, str) and named in Role.__members__ else Role.viewer
