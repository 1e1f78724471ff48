"""What calls came to: one file a run, which goes when the run is forgotten, and one for all commands.

    counts = CallCounts(home / "state" / "calls")
    counts.add("01a7", AccountCalls("aws", "123456789012", "demo", (CallCount("eu-west-1", "ec2:DescribeVolumes", calls=12),)))
    counts.runs()                       # ["01a7"], the newest first
    for account in counts.of("01a7"): ...

A file grows by one compressed line for each account, when its collect ends, however it ends. What a crash tore off is passed over.
The calls of commands are those of a run called `COMMANDS`; of them the last few thousand lines are kept.
"""

from __future__ import annotations

import gzip
import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, field
from math import floor, log2
from pathlib import Path
from typing import Any

from resh.errors import StateError
from resh.lock import FileLock, open_private

MOST_BYTES = 64_000_000
"""Room for the files of all runs; when it is used up the oldest go, before their runs."""
COMMANDS = "commands"
_BEFORE = "commands-before"
_MOST_OF_COMMANDS = 1_000_000
"""Bytes, of each of the two files that they are in."""
_STEPS = 8  # of the scale of durations between one value and its double: a percentile is off by 4 % at most
_SHORTEST = 1e-6  # seconds


@dataclass(slots=True)
class CallCount:
    """Calls of one operation in one region. Each attempt is a call; `repeated` are those that were not the first.

    `seconds` is how long they took together, `longest` the longest of them; `scale` tells how many took how long. `bytes` is the size of
    the answers, but for `unsized` ones. `units` is what some calls are billed by: metrics that were asked for.
    """

    region: str
    operation: str
    calls: int = 0
    throttled: int = 0
    repeated: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    bytes: int = 0
    unsized: int = 0
    units: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    scale: dict[int, int] = field(default_factory=dict)

    def took(self, seconds: float) -> None:
        self.seconds += seconds
        self.longest = max(self.longest, seconds)
        place = floor(log2(max(seconds, _SHORTEST)) * _STEPS)
        self.scale[place] = self.scale.get(place, 0) + 1

    def add(self, other: CallCount) -> None:
        for name in ("calls", "throttled", "repeated", "seconds", "bytes", "unsized", "units"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        _add(self.errors, other.errors)
        _add(self.scale, other.scale)

    def lasted(self) -> Iterator[tuple[float, int]]:
        """How long calls took, and how many of them."""
        return ((min(float(2 ** ((place + 0.5) / _STEPS)), self.longest), count) for place, count in sorted(self.scale.items()))

    def within(self, share: float) -> float:
        """Seconds in which that share of the calls was done; 0 when there was none."""
        left = share * sum(self.scale.values())
        for place, count in sorted(self.scale.items()):
            left -= count
            if left <= 0:
                return min(float(2 ** ((place + 0.5) / _STEPS)), self.longest)
        return self.longest


@dataclass(frozen=True, slots=True)
class AccountCalls:
    cloud: str
    account: str
    name: str
    counts: tuple[CallCount, ...]
    purpose: str = "collect"
    """What they were made for."""


class CallCounts:
    """Safe for threads. Of one run, one process writes; of commands all do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def add(self, run: str, account: AccountCalls) -> None:
        """Raises StateError when it cannot be written: then all that was there before is still there."""
        import orjson

        line = orjson.dumps(asdict(account), option=orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE)
        path = self._path(run)
        with self._lock, FileLock(self._folder / "commands.lock") if run == COMMANDS else nullcontext():
            if not path.exists():
                self._make_room()
            elif run == COMMANDS and path.stat().st_size > _MOST_OF_COMMANDS:
                path.replace(self._path(_BEFORE))
            _append(path, gzip.compress(line, 6, mtime=0))

    def of(self, run: str) -> Iterator[AccountCalls]:
        """In the order in which their collects ended. Nothing for a run that made no calls, or whose calls are forgotten."""
        import orjson

        for name in (_BEFORE, COMMANDS) if run == COMMANDS else (run,):
            with suppress(FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error), gzip.open(self._path(name), "rb") as file:
                for line in file:
                    row = orjson.loads(line)
                    yield AccountCalls(**{**row, "counts": tuple(map(_count, row["counts"]))})

    def runs(self) -> list[str]:
        """Those with calls, the newest first."""
        names = (path.stem for path in self._folder.glob("*.gz") if not path.stem.startswith(COMMANDS))
        return sorted(names, key=lambda run: int(run, 16), reverse=True)

    def sizes(self) -> dict[str, int]:
        """Bytes by run: they change when there are more calls. Those of commands are among them."""
        found = {}
        for path in self._folder.glob("*.gz"):
            with suppress(OSError):  # it was just forgotten
                found[path.stem] = path.stat().st_size
        found.pop(_BEFORE, None)
        return found

    def forget(self, runs: Iterable[str]) -> None:
        for run in runs:
            with suppress(OSError):
                self._path(run).unlink()

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.gz"

    def _make_room(self) -> None:
        left = MOST_BYTES
        for run in self.runs():
            with suppress(OSError):  # another process was quicker
                left -= self._path(run).stat().st_size
            if left < 0:
                self.forget((run,))


def _append(path: Path, data: bytes) -> None:
    fd = open_private(path, os.O_WRONLY | os.O_APPEND)
    try:
        before = os.fstat(fd).st_size
        try:
            if os.write(fd, data) < len(data):
                raise OSError("no room is left")
        except OSError as error:
            os.ftruncate(fd, before)
            raise StateError(f"{path} cannot be written: {error.strerror or error}", "the counts of calls are not complete") from None
    finally:
        os.close(fd)


def _count(row: Mapping[str, Any]) -> CallCount:
    return CallCount(**{**row, "scale": {int(place): count for place, count in row["scale"].items()}})


def _add(into: dict[Any, int], more: Mapping[Any, int]) -> None:
    for key, count in more.items():
        into[key] = into.get(key, 0) + count
