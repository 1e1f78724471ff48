"""Who is here: shells at terminals and connections over SSH, of every process on the state folder.

    leave = visits.enter({"user": "ada", "via": "ssh", …})
    visits.all()                                # also those of other processes
    leave()

A file for each process, locked as long as it lives: what a killed process left behind means nothing, and goes when somebody looks.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from resh.errors import StateError
from resh.lock import FileLock, open_private

Row = dict[str, Any]


class Visits:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = FileLock(folder / "guard.lock")
        self._lock = threading.Lock()
        self._rows: dict[int, Row] = {}
        self._next = 0
        self._fd = -1

    def enter(self, row: Row) -> Callable[[], None]:
        """Returns what ends the visit. A folder that cannot be written keeps nobody out."""
        with self._lock:
            self._next += 1
            number = self._next
            self._rows[number] = row
            self._write()

        def leave() -> None:
            with self._lock:
                if self._rows.pop(number, None) is not None:
                    self._write()

        return leave

    def all(self) -> list[Row]:
        """In the order of their coming."""
        with self._guard:
            found = [row for file in sorted(self._folder.glob("*.json")) for row in self._read(file)]
        return sorted(found, key=lambda row: str(row.get("since", "")))

    def _write(self) -> None:
        try:
            with self._guard:
                if self._fd < 0:
                    self._fd = open_private(self._folder / f"{os.getpid()}.json", os.O_RDWR)
                    fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(self._fd, 0)
                os.pwrite(self._fd, json.dumps(list(self._rows.values())).encode(), 0)
        except (OSError, StateError):
            return

    def _read(self, file: Path) -> Iterator[Row]:
        fd = open_private(file, os.O_RDWR)
        try:
            if _alive(fd):
                yield from json.loads(os.pread(fd, os.fstat(fd).st_size, 0) or b"[]")
            else:
                file.unlink(missing_ok=True)
        finally:
            os.close(fd)


def _alive(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
