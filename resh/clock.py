"""Time, injected: whatever asks for the time or sleeps takes a Clock, so that tests never wait.

Times inside resh are epoch seconds (float); in documents and output they are ISO 8601 in UTC with seconds, `2026-11-23T05:33:00Z`,
which sorts as text.
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class FakeClock:
    """Stands still until told: `clock.advance(3600)`; a sleep advances it."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def advance(self, seconds: float) -> None:
        self._now += seconds


def iso(epoch: float) -> str:
    """Epoch seconds as `2026-11-23T05:33:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
