"""A thousand events a second to ten sessions: none may be lost, and none may make an emit slow."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure

from resh.clock import SystemClock
from resh.events.bus import EventBus
from resh.events.event import StepEvent
from resh.events.log import EventLog

EVENTS, SESSIONS, SECONDS = 3000, 10, 3.0


def figures(home: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        log = EventLog(Path(folder) / "events.jsonl")
        bus = EventBus(SystemClock(), log)
        seen = [0] * SESSIONS
        for number in range(SESSIONS):
            bus.subscribe(lambda event, number=number: seen.__setitem__(number, seen[number] + 1))
        start = time.perf_counter()
        for number in range(EVENTS):
            bus.emit(StepEvent(type="collect", text=str(number)))
        elapsed = time.perf_counter() - start
    yield Figure("events lost, of 3,000 to 10 sessions", EVENTS * SESSIONS - sum(seen) + 1, 1, 1, "none", "event + 1")
    yield Figure("3,000 events persisted and delivered", elapsed, SECONDS, 1, "1,000 events a second", "s")
