"""Keys of the SSH server, in the folder `ssh/` of the state folder: our host key, and who may log in with which role.

    ssh/host_key                     made at the first start, Ed25519, 0600
    ssh/authorized_keys/<user>       OpenSSH's format, one file a user; the option role="viewer|operator|admin" gives the role

The role comes from the key, never from what a client says; a key without a known role is a viewer's.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import asyncssh

from resh.commands.base import Role
from resh.errors import StateError

USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


def host_key(folder: Path) -> asyncssh.SSHKey:
    """The host key; made on first use, refused when others could have read it."""
    file = folder / "host_key"
    if not file.exists():
        _create(file)
    if file.stat().st_mode & 0o077:
        raise StateError(
            f"{file} can be read by others", f"if nobody has: chmod 600 {file}; else delete it, and the next start makes a new one"
        )
    try:
        return asyncssh.read_private_key(file)
    except (asyncssh.KeyImportError, OSError) as error:
        raise StateError(f"{file} is no private key: {error}", "restore it, or delete it, and the next start makes a new one") from None


def _create(file: Path) -> None:
    """Complete or not at all, also when two processes start at once: written aside, then linked to its name."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = asyncssh.generate_private_key("ssh-ed25519", comment="resh")
    aside = file.with_name(f".host_key.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as stream:
        stream.write(key.export_private_key())
        os.fsync(stream.fileno())
    try:
        os.link(aside, file)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def keys_folder(folder: Path) -> Path:
    return folder / "authorized_keys"


def authorized_keys(folder: Path, user: str) -> asyncssh.SSHAuthorizedKeys | None:
    """The keys of a user; None when there are none. The name is checked before it becomes part of a path."""
    file = keys_folder(folder) / user
    if not USER.fullmatch(user) or not file.is_file():
        return None
    try:
        return asyncssh.read_authorized_keys(os.fspath(file))
    except (ValueError, OSError):
        return None


def role_of(options: object) -> Role:
    """The role that a key's `role` option names; the least when it names none that we know."""
    named = options[0] if isinstance(options, list) and options else options
    return Role[named] if isinstance(named, str) and named in Role.__members__ else Role.viewer
