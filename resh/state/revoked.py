"""Keys and certificates that open nothing any more, whoever's file they are in: `ssh/revoked_keys`.

    revoked = RevokedKeys(home / "ssh" / "revoked_keys")
    revoked.add("serial: 17-20")
    revoked.read().bars_certificate(serial=18, name="nina-laptop")      # True

The lines are those that `ssh-keygen -k` makes a revocation list of, so one file does for sshd, too:

    serial: 17, serial: 17-20                  certificates by their number
    id: nina-laptop                            certificates by their name (ssh-keygen -I)
    hash: SHA256:…, key: ssh-ed25519 AAAA…     keys, also those of an authority or in a certificate; or the line of a .pub file

A line that cannot be read bars everybody, as an unreadable list does with sshd: what it should have barred is not known.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from resh.errors import BadValue, ReshError, StateError
from resh.lock import FileLock, open_private
from resh.record import Record
from resh.state.authorized import TYPES, parse_line

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_SERIAL = re.compile(r"(\d{1,20})(?:\s*-\s*(\d{1,20}))?")
_MOST_SERIAL = 2**64 - 1


class Revoked(Record):
    keys: frozenset[str] = frozenset()
    """Fingerprints."""
    names: frozenset[str] = frozenset()
    serials: tuple[tuple[int, int], ...] = ()
    """First and last of each range."""

    def bars_certificate(self, serial: int, name: str) -> bool:
        return name in self.names or any(first <= serial <= last for first, last in self.serials)


class RevokedKeys:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"))

    def lines(self) -> list[str]:
        try:
            text = self.path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StateError(f"{self.path} cannot be read: {error.strerror}", "until it can, nobody logs in") from None
        return [line.strip() for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]

    def read(self) -> Revoked:
        keys: set[str] = set()
        names: set[str] = set()
        serials = []
        for line in self.lines():
            try:
                kind, value = parse(line)
            except BadValue as error:
                raise StateError(f"{self.path}: {error.message}", "mend the line: until then nobody logs in") from None
            if kind == "serial":
                serials.append(_range(value))
            else:
                (names if kind == "id" else keys).add(value)
        return Revoked(frozenset(keys), frozenset(names), tuple(serials))

    def add(self, entry: str) -> str:
        """The line that is in the file now. BadValue when it is none; ReshError when it is there already."""
        kind, value = parse(entry)
        line = f"{kind}: {value}"
        with self._lock:
            if line in self.lines():
                raise ReshError(f"'{line}' is revoked already", "user revoked shows what is")
            fd = open_private(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(fd, f"{line}\n".encode())
                os.fsync(fd)
            finally:
                os.close(fd)
        return line


def parse(line: str) -> tuple[str, str]:
    """What is barred, and by which value: a serial or a range, an id, or the fingerprint of a key (hash)."""
    text = line.strip()
    if len(text.splitlines()) > 1:
        raise BadValue(f"{text!r} is more than one line", "give one after the other")
    kind, _, value = text.partition(":")
    kind, value = kind.lower(), value.strip()
    if _FINGERPRINT.fullmatch(text) or (kind == "hash" and _FINGERPRINT.fullmatch(value)):
        return "hash", value if kind == "hash" else text
    if kind == "serial" and _SERIAL.fullmatch(value):
        first, last = _range(value)
        if first <= last <= _MOST_SERIAL:
            return "serial", str(first) if first == last else f"{first}-{last}"
    elif kind == "id" and value:
        return "id", value
    elif kind in ("key", "sha256") or text.split(" ")[0] in TYPES:
        return "hash", parse_line(text if text.split(" ")[0] in TYPES else value).fingerprint
    raise BadValue(f"'{text}' names nothing to revoke", "serial: 17, serial: 17-20, id: NAME, SHA256:…, or the line of a .pub file")


def _range(value: str) -> tuple[int, int]:
    found = _SERIAL.fullmatch(value)
    assert found
    return int(found[1]), int(found[2] or found[1])
