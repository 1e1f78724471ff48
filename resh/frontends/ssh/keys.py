"""Host keys of the SSH server, in the folder `ssh/` of the state folder.

host_key          made at the first start, Ed25519, 0600
host_key.old      the one before a rotation: clients meet it, and learn the new one, until this file is removed
"""

from __future__ import annotations

import os
from pathlib import Path

import asyncssh

from resh.errors import ReshError, StateError

HOST_KEY, OLD_HOST_KEY = "host_key", "host_key.old"


def host_keys(folder: Path) -> list[asyncssh.SSHKey]:
    """The keys to offer, the one that clients meet first; made on first use, refused when others could have read them.

    During a rotation clients know the old one, so they meet it and are told of the new one. Those that keep host keys up to date
    (OpenSSH's UpdateHostKeys) know both when the old one is removed.
    """
    file = folder / HOST_KEY
    if not file.exists():
        _create(file)
    old = folder / OLD_HOST_KEY
    return [_read(one) for one in ((old, file) if old.exists() else (file,))]


def rotate(folder: Path) -> tuple[asyncssh.SSHKey, asyncssh.SSHKey]:
    """The old key and the new one. ReshError when a rotation is under way: the key of before it would be lost."""
    file, old = folder / HOST_KEY, folder / OLD_HOST_KEY
    if old.exists():
        raise ReshError(f"{old} is there: the last rotation is not over", "remove it when clients know the new key, then rotate again")
    before = host_keys(folder)[0]
    os.link(file, old)
    file.unlink()
    return before, host_keys(folder)[1]


def _read(file: Path) -> asyncssh.SSHKey:
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
