"""Locks that hold between threads and between processes, and that a dead process cannot keep.

    lock = FileLock(home / "state" / "runs.lock")
    with lock: ...                                   # short: read, change, write

    claim = Claim(home / "locks" / "schedule.lock")
    if claim.take("4711"): ...                       # long: as long as this process does the job
    claim.holder()                                   # '4711' as seen by anybody else, None when it is free

Both are `flock` on a file of their own: the kernel lets go when the process ends, however it ends. The files stay.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from resh.errors import StateError


def open_private(path: Path, flags: int) -> int:
    """A file descriptor on a file that only its owner may read; StateError names the file and the reason."""
    try:
        try:
            return _open(path, flags)
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _open(path, flags)
    except OSError as error:
        raise StateError(f"{path} cannot be opened: {error.strerror}", "the state folder must be yours and writable") from None


def _open(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)


class FileLock:
    """Mutual exclusion over threads and processes; the thread that has it may take it again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._fd = -1

    def __enter__(self) -> FileLock:
        self._thread.acquire()
        try:
            if not self._depth:
                self._fd = open_private(self.path, os.O_RDWR)
                fcntl.flock(self._fd, fcntl.LOCK_EX)
        except BaseException:
            self._thread.release()
            raise
        self._depth += 1
        return self

    def __exit__(self, *exc: object) -> None:
        self._depth -= 1
        if not self._depth:
            os.close(self._fd)
        self._thread.release()


class Claim:
    """A job that one process at a time does. The label tells the others who it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Looking takes the lock for a moment; the guard keeps a look from making somebody else's take fail.
        self._guard = FileLock(path.parent / "guard.lock")
        self._fd = -1

    @property
    def held(self) -> bool:
        return self._fd >= 0

    def take(self, label: str = "") -> bool:
        """True when it is ours now; False when somebody (this process included) has it already."""
        with self._guard:
            fd = open_private(self.path, os.O_RDWR)
            if not _try_lock(fd):
                os.close(fd)
                return False
            self._fd = fd
            self.label(label)
            return True

    def label(self, text: str) -> None:
        """Change what the others read; only while it is ours."""
        with self._guard:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, text.encode(), 0)

    def release(self) -> None:
        with self._guard:
            if self.held:
                os.close(self._fd)
                self._fd = -1

    def holder(self) -> str | None:
        """The label of whoever has it; None when nobody does."""
        if not self.path.exists():
            return None
        with self._guard:
            fd = open_private(self.path, os.O_RDWR)
            try:
                return None if _try_lock(fd) else os.pread(fd, 4096, 0).decode()
            finally:
                os.close(fd)


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
