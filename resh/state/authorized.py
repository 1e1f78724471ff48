"""Who may log in over SSH: a file of public keys for each user, in OpenSSH's format, with the role as an option of the key.

    users = Users(home / "ssh" / "authorized_keys")
    users.add("ada", parse_line('role="operator",from="10.0.0.0/8" ssh-ed25519 AAAA… ada@laptop'))
    users.lines("ada")[0].fingerprint            # 'SHA256:…', as ssh-add -l shows it

A line that cannot be read, or has an option that nothing here understands, opens nothing: what should restrict a key must not be
passed over. Names are checked before they become part of a path.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from resh.errors import BadValue, ReshError, StateError
from resh.lock import FileLock
from resh.record import Record

USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
TYPES = ("ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ssh-rsa")
LEAST_RSA_BITS = 2048
FLAGS = frozenset({
    "cert-authority", "no-pty", "restrict", "pty", "no-touch-required", "no-agent-forwarding", "no-port-forwarding",
    "no-x11-forwarding", "no-user-rc", "agent-forwarding", "port-forwarding", "x11-forwarding", "user-rc",
})  # fmt: skip
VALUED = frozenset({"role", "from", "command", "environment", "principals", "expiry-time", "permitopen", "permitlisten"})
_OPTION = re.compile(r'([A-Za-z0-9-]+)(?:="((?:\\"|[^"])*)")?')
_EXPIRY = re.compile(r"\d{8}(\d{4}(\d{2})?)?Z?")


class KeyLine(Record):
    """One line of a file. An option without a value is ""; `comment` is whatever stands behind the key."""

    type: str
    body: str
    options: Mapping[str, str] = {}
    comment: str = ""

    @property
    def text(self) -> str:
        options = ",".join(name if not value else f'{name}="{value}"' for name, value in self.options.items())
        return " ".join(part for part in (options, self.type, self.body, self.comment) if part)

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(base64.b64decode(self.body)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

    def with_options(self, **changes: str | None) -> KeyLine:
        """With these options instead; None takes one away. An underscore stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in self.options.items() if name not in named}
        return KeyLine(self.type, self.body, {**{n: v for n, v in named.items() if v is not None}, **kept}, self.comment)


def check_name(user: str) -> str:
    if not USER.fullmatch(user):
        raise BadValue(f"'{user}' is no name for a user", "lower-case letters, digits, - and _, 32 at most, a letter or _ first")
    return user


def parse_line(line: str) -> KeyLine:
    """The key with its options. BadValue says what is wrong; a private key is never repeated."""
    text = line.strip()
    if "PRIVATE KEY" in text:
        raise BadValue("that is a private key", "give the public one, the file that ends in .pub; and make a new key")
    if len(text.splitlines()) > 1:  # also at what ends a line for some only: behind it another key could hide
        raise BadValue("there is more than one line in it", "give the line of the .pub file alone, perhaps without its comment")
    options, rest = ({}, text) if text.split(" ")[0] in TYPES else _options(text)
    words = rest.split(None, 2)
    if len(words) < 2 or words[0] not in TYPES:
        word = words[0] if words else ""
        raise BadValue(f"'{word}' is no kind of key that opens resh", f"one of {', '.join(TYPES)}: the line of a .pub file")
    _check_body(words[0], words[1])
    return KeyLine(words[0], words[1], options, words[2] if len(words) > 2 else "")


def _options(text: str) -> tuple[dict[str, str], str]:
    options: dict[str, str] = {}
    at = 0
    while found := _OPTION.match(text, at):
        name, value = found[1].lower(), found[2]
        if name not in (FLAGS if value is None else VALUED):
            break
        if name in options:
            raise BadValue(f"the option {name} is there twice", "leave one of them out")
        options[name] = value or ""
        at = found.end()
        if text[at : at + 1] != ",":
            break
        at += 1
    if not text[at : at + 1].isspace():
        word = re.split(r"[\s=,]", text[at:], maxsplit=1)[0][:40]
        raise BadValue(f"'{word}' is neither a kind of key nor an option of one", f"options: {', '.join(sorted(FLAGS | VALUED))}")
    if not _EXPIRY.fullmatch(options.get("expiry-time", "20270101")):
        raise BadValue(f"'{options['expiry-time']}' is no expiry time", "write YYYYMMDD or YYYYMMDDHHMM[SS], in UTC")
    return options, text[at:].strip()


def _check_body(kind: str, body: str) -> None:
    """The parts of the key, as far as they tell that it is one, and strong enough."""
    try:
        parts = _parts(base64.b64decode(body, validate=True))
    except (binascii.Error, struct.error, ValueError):
        parts = []
    if len(parts) < 2 or parts[0] != kind.encode():
        raise BadValue(f"the key behind {kind} is damaged", "copy the whole line of the .pub file")
    if kind == "ssh-rsa" and (bits := int.from_bytes(parts[2]).bit_length() if len(parts) > 2 else 0) < LEAST_RSA_BITS:
        raise BadValue(f"an RSA key of {bits} bits is too short", f"{LEAST_RSA_BITS} at least; better: ssh-keygen -t ed25519")


def _parts(blob: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(blob):
        (length,) = struct.unpack_from(">I", blob, at)
        if at + 4 + length > len(blob):
            raise ValueError
        parts.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    return parts


class Users:
    """The files. Every change is whole or not at all, and alone among processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder.parent / "authorized_keys.lock")

    def names(self) -> list[str]:
        with suppress(OSError):
            return sorted(file.name for file in self.folder.iterdir() if USER.fullmatch(file.name) and _is_plain(file))
        return []

    def lines(self, user: str) -> list[KeyLine]:
        """The keys that can be used; none for a user that does not exist, or has a name that none may have."""
        found, _ = self.read(user)
        return found

    def read(self, user: str) -> tuple[list[KeyLine], list[str]]:
        """The keys, and what is wrong with lines that open nothing."""
        file = self.folder / user
        if not USER.fullmatch(user) or not _is_plain(file):
            return [], []
        keys, wrong = [], []
        for number, line in enumerate(_lines(file), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                try:
                    keys.append(parse_line(line))
                except BadValue as error:
                    wrong.append(f"line {number}: {error.message}")
        return keys, wrong

    def create(self, user: str, line: KeyLine) -> None:
        with self._lock:
            if user in self.names():
                raise ReshError(f"there is a user {user} already", f"user key add {user} gives another key")
            self._write(user, [line.text])

    def change(self, user: str, change: Callable[[list[KeyLine]], Iterable[KeyLine]]) -> list[KeyLine]:
        """What the change makes of the user's keys; lines that open nothing, and comments, stay as they are."""
        with self._lock:
            before = self.lines(self.existing(user))
            after = list(change(before))
            others = [line for line in _lines(self.folder / user) if not _opens(line)]
            self._write(user, [*others, *(line.text for line in after)])
            return after

    def delete(self, user: str) -> None:
        with self._lock:
            (self.folder / self.existing(user)).unlink()

    def existing(self, user: str) -> str:
        from resh.text import did_you_mean

        if user not in self.names():
            raise ReshError(f"there is no user '{user}'", did_you_mean(user, self.names()) or "user list shows them")
        return user

    def _write(self, user: str, lines: list[str]) -> None:
        file = self.folder / check_name(user)
        aside = self.folder / f".{user}.new"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                aside.unlink()
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
                stream.write("".join(f"{line}\n" for line in lines))
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(aside, file)
        except OSError as error:
            raise StateError(f"{file} cannot be written: {error.strerror}", "the state folder must be yours and writable") from None


def _lines(file: Path) -> list[str]:
    """A line ends with a line feed and nothing else, as for sshd."""
    return file.read_bytes().decode("utf-8", "replace").rstrip("\n").split("\n")


def _opens(line: str) -> bool:
    try:
        return bool(parse_line(line))
    except BadValue:
        return False


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()
