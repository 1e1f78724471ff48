"""The log of events: one JSON line each in `events.jsonl`, numbered over all processes of a state folder, put aside by size.

    log = EventLog(home / "events.jsonl")
    log.append(event).seq                       # 4711
    log.last(20); log.of_run("01a7")            # oldest first, files that were put aside included
    for event in log.follow(4711, cancel): ...  # what any process appends from now on

The bus writes it; `workflows log`, `events` and reconnecting sessions read it, backwards from the newest line and without the lock.
A line that a crash tore is passed over; the next append starts on a line of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from resh.cancel import Cancel
from resh.errors import StateError
from resh.events.event import Event, WorkflowStarted
from resh.events.table import from_payload
from resh.lock import FileLock, open_private
from resh.record import Record

BLOCK = 1 << 16


class Limits(Record):
    """How large the file becomes before it is put aside, and how many such files are kept."""

    max_bytes: int = 8 << 20
    keep: int = 3


class EventLog:
    def __init__(self, path: Path, limits: Callable[[], Limits] = Limits) -> None:
        self.path = path
        self._limits = limits
        self._lock = FileLock(path.with_suffix(".lock"))
        self._end: tuple[int, int] | None = None
        self._seq = 0

    def append(self, event: Event) -> Event:
        """The event with its number. Raises StateError when the file cannot be written."""
        with self._lock:
            fd = open_private(self.path, os.O_RDWR | os.O_APPEND)
            try:
                numbered = self._write(fd, event)
            except OSError as error:
                self._end = None
                raise StateError(f"{self.path} cannot be written: {error.strerror}", "events are shown and not kept") from None
            finally:
                os.close(fd)
            limits = self._limits()
            if self._end and self._end[1] >= limits.max_bytes:
                with suppress(OSError):  # it grows until it can be put aside: the event is kept
                    self._rotate(limits.keep)
            return numbered

    def last_seq(self) -> int:
        return next((event.seq for event in self._backwards()), 0)

    def last(self, n: int | None = 20, run: str = "", fits: Callable[[Event], bool] = lambda event: True) -> list[Event]:
        """The newest `n` events that fit (None: all), of one run or of all, oldest first."""
        return list(islice(filter(fits, self._backwards(run)), n))[::-1]

    def of_run(self, run: str) -> list[Event]:
        """Everything that is still known of a run, oldest first."""
        events = []
        for event in self._backwards(run):
            events.append(event)
            if isinstance(event, WorkflowStarted):
                break
        return events[::-1]

    def since(self, seq: int) -> list[Event]:
        """Events numbered above `seq`, oldest first."""
        events = []
        for event in self._backwards():
            if event.seq <= seq:
                break
            events.append(event)
        return events[::-1]

    def follow(self, after: int, cancel: Cancel, *, poll: float = 0.2, idle: Callable[[], object] = lambda: None) -> Iterator[Event]:
        """Every event numbered above `after`, also those still to come, until cancelled. `idle` is called at each look, after them."""
        seen: tuple[int, int] | None = None
        while not cancel:
            now = _end_of(self.path)  # before reading: what comes while we read is noticed in the next round
            if now != seen:
                seen = now
                for event in self.since(after):
                    after = event.seq
                    yield event
            idle()
            cancel.wait(poll)

    def _write(self, fd: int, event: Event) -> Event:
        status = os.fstat(fd)
        torn = False
        if self._end != (status.st_ino, status.st_size):  # another process wrote, or this is our first event
            self._seq = max(self._seq, self.last_seq())  # of files that somebody took away: the numbers still go up
            torn = status.st_size > 0 and os.pread(fd, 1, status.st_size - 1) != b"\n"
        numbered = event.changed(seq=self._seq + 1)
        line = json.dumps(numbered.payload(), separators=(",", ":"), ensure_ascii=False, default=str).encode()
        line = (b"\n" if torn else b"") + line + b"\n"
        if os.write(fd, line) < len(line):
            raise OSError(28, "No space left on device")
        self._seq = numbered.seq
        self._end = (status.st_ino, status.st_size + len(line))
        return numbered

    def _rotate(self, keep: int) -> None:
        names = self._files(keep)
        for older, newer in reversed(list(zip(names[1:], names, strict=False))):
            if newer.exists():
                os.replace(newer, older)
        self._end = None
        for file in self.path.parent.glob(f"{self.path.stem}.*{self.path.suffix}"):
            if file not in names:  # more were kept once
                file.unlink()

    def _files(self, keep: int) -> list[Path]:
        """Newest first. One is always put aside: the numbers go on from there."""
        aside = (self.path.with_name(f"{self.path.stem}.{number}{self.path.suffix}") for number in range(1, max(1, keep) + 1))
        return [self.path, *aside]

    def _backwards(self, run: str = "") -> Iterator[Event]:
        """Newest first. A rotation while we read shows lines twice; their numbers tell."""
        needle = f'"run":{json.dumps(run)}'.encode() if run else b""
        before = float("inf")
        for path in self._files(self._limits().keep):
            for line in _lines_backwards(path):
                event = _parse(line) if needle in line else None
                if event is not None and event.seq < before:
                    before = event.seq
                    yield event


def _end_of(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """None of a file that is not there or can not be read."""
    with suppress(OSError), path.open("rb") as file:
        position, rest = file.seek(0, os.SEEK_END), b""
        while position:
            size = min(BLOCK, position)
            position -= size
            file.seek(position)
            rest, *lines = (file.read(size) + rest).split(b"\n")
            yield from reversed(lines)
        yield rest


def _parse(line: bytes) -> Event | None:
    try:
        event = from_payload(json.loads(line))
    except (ValueError, TypeError, AttributeError):
        return None
    return event if isinstance(event.seq, int) and event.seq > 0 and isinstance(event.at, int | float) else None
