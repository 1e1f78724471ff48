"""The record of the SSH server: who connected, as whom, which lines ran, how they ended, how much was sent, as lines of JSON.

    audit = Audit(home / "ssh" / "audit.jsonl", clock, limits)
    audit.tell("login", user="ada", role="admin", key="SHA256:…", address="192.0.2.1")

Lines that may hold a secret are kept as the names of their commands. What clients say of themselves is made harmless and cut.
A record that cannot be written is told once on the server's own log; nobody is kept out for it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from resh.clock import Clock, iso
from resh.commands.line import cuts, without_comments
from resh.errors import StateError
from resh.events.log import Limits
from resh.lock import FileLock, open_private
from resh.shell.history import is_secret
from resh.text import one_line

LONGEST = 2000
HIDDEN = "(hidden)"
log = logging.getLogger("resh.ssh")


class Audit:
    def __init__(self, path: Path, clock: Clock, limits: Callable[[], Limits] = Limits) -> None:
        self.path = path
        self._clock = clock
        self._limits = limits
        self._lock = FileLock(path.with_suffix(".lock"))
        self._failed = False

    def tell(self, what: str, **facts: object) -> None:
        """From any thread. Facts that say nothing are left out."""
        said = {name: _harmless(value) for name, value in facts.items() if value not in ("", None)}
        line = json.dumps({"at": iso(self._clock.now()), "event": what, **said}) + "\n"
        try:
            with self._lock:
                self._append(line.encode())
            self._failed = False
        except (OSError, StateError) as error:
            if not self._failed:
                log.error("%s cannot be written: %s", self.path, error)
            self._failed = True

    def _append(self, line: bytes) -> None:
        fd = open_private(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(fd, line)
            full = os.fstat(fd).st_size >= self._limits().max_bytes
        finally:
            os.close(fd)
        if full:
            self._put_aside(self._limits().keep)

    def _put_aside(self, keep: int) -> None:
        """audit.jsonl becomes audit.1.jsonl, and so on; the last one goes."""
        names = [self.path, *(self.path.with_suffix(f".{number}.jsonl") for number in range(1, keep + 1))]
        for newer, older in reversed(list(pairwise(names))):
            with suppress(FileNotFoundError):
                os.replace(newer, older)


def masked(text: str) -> str:
    """The line as it may be kept: of one that may hold a secret, only which commands it is made of."""
    if not is_secret(text):
        return text
    pieces = []
    for cut in cuts(without_comments(text), strict=False):
        name = next((word for word in text[cut.start : cut.end].split() if "=" not in word), "")
        pieces.append(f"{'' if is_secret(name) else name} {HIDDEN} {cut.separator.strip()}".strip())
    return " ".join(pieces)


def _harmless(value: object) -> object:
    return one_line(value)[:LONGEST] if isinstance(value, str) else value
