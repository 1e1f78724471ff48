"""Starts that wait for their turn, kept beside the process that remembers them: when that ends, another one takes them up.

pending = Pending(home / "locks")
kept = pending.add(Start("job", "nag", by="post_collect", at=now))
pending.done(kept)                        # it has begun, or was given up
orphans(home / "locks")                   # those of processes that have ended; each is handed out once

Whoever remembers has a file of lines that add a start or take one away, and holds a lock beside it as long as it lives.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

from resh.errors import StateError
from resh.lock import Claim, open_private
from resh.record import Record

Sort = Literal["job", "workflow"]


class Start(Record):
    """`by` and `at` (epoch seconds) say who wanted it, and when; `rest` is what the one who starts it needs to know besides."""

    sort: Sort
    name: str
    by: str
    at: float
    rest: Mapping[str, Any] = {}


class Pending:
    """A folder that cannot be written costs the memory of what waits, not the start: nothing here raises."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"pending-{os.getpid()}-{token_hex(4)}.jsonl"
        self._claim = Claim(self._file.with_suffix(".lock"))
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._waiting: dict[int, Start] = {}

    def add(self, start: Start) -> int:
        """Its number."""
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = start
            with suppress(StateError):
                if not self._claim.held:
                    self._claim.take()
            self._append([number, start.__dict__])
        return number

    def forget(self, name: str) -> None:
        """All of that name are given up."""
        with self._lock:
            found = [number for number, start in self._waiting.items() if start.name == name]
        for number in found:
            self.done(number)

    def done(self, number: int) -> None:
        with self._lock:
            if self._waiting.pop(number, None) is None:
                return
            if self._waiting:
                self._append([number, None])
            else:
                _remove(self._file)  # so that it does not grow for ever

    def close(self) -> None:
        """What still waits is for others to take up."""
        with self._lock:
            if not self._claim.held:
                return
            if not self._waiting:
                _remove(self._claim.path)
            self._claim.release()

    def _append(self, change: list[Any]) -> None:
        with suppress(StateError, OSError):
            fd = open_private(self._file, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(fd, f"{json.dumps(change)}\n".encode())
            finally:
                os.close(fd)


def orphans(folder: Path) -> list[Start]:
    return [start for lock in sorted(folder.glob("pending-*.lock")) for start in _taken(lock)]


def _taken(lock: Path) -> list[Start]:
    """What a process that has ended left; nothing of one that lives, or that somebody else is taking up."""
    claim, file = Claim(lock), lock.with_suffix(".jsonl")
    try:
        if not claim.take():
            return []
        starts = _left(file.read_text().splitlines())
        file.unlink()
        return starts
    except (StateError, OSError):  # nothing waited there, or somebody was quicker
        return []
    finally:
        if claim.held:
            _remove(lock)
            claim.release()


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _left(lines: Iterable[str]) -> list[Start]:
    """A line that was cut off when the disk was full says nothing."""
    waiting: dict[int, Start] = {}
    for line in lines:
        with suppress(ValueError, TypeError):
            number, start = json.loads(line)
            if start:
                waiting[number] = Start(**start)
            else:
                waiting.pop(number, None)
    return list(waiting.values())
