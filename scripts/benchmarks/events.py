"""A thousand events a second to ten sessions: none may be lost or come out of order, none may make an emit slow, and keys stay quick."""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure

from resh.app import App
from resh.clock import SystemClock
from resh.commands.base import Role
from resh.events.bus import EventBus
from resh.events.event import Event, Problem, StepEvent
from resh.events.log import EventLog
from resh.frontends.interactive.inline import InlineEvents
from resh.frontends.script import StreamSink
from resh.shell.session import Session

EVENTS, SESSIONS, SECONDS = 3000, 10, 3.0
TICK_SECONDS, FRAME_MS = 0.005, 16.7
OTHER = """
import sys, time
from pathlib import Path
from resh.clock import SystemClock
from resh.events.bus import EventBus
from resh.events.event import Problem
from resh.events.log import EventLog
bus = EventBus(SystemClock(), EventLog(Path(sys.argv[1])))
count, seconds, start = int(sys.argv[2]), float(sys.argv[3]), time.perf_counter()
for number in range(count):
    time.sleep(max(0.0, start + number * seconds / count - time.perf_counter()))
    bus.emit(Problem(text=f"number {number}", severity="info"))
"""


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
    with tempfile.TemporaryDirectory() as folder, App(Path(folder) / "home") as app:
        yield from asyncio.run(_attached(app))


async def _attached(app: App) -> list[Figure]:
    """Ten prompts, while another process emits 1,000 events a second; a key is as late as the loop is."""
    sessions = [_Attached(app) for _ in range(SESSIONS)]
    order: list[int] = []
    app.bus.subscribe(lambda event: order.append(_number(event)))
    app.hear_others()
    await asyncio.sleep(1)
    command = [sys.executable, "-c", OTHER, str(app.home / "events.jsonl"), str(EVENTS), str(SECONDS)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    late = await _late(process)
    await asyncio.sleep(1.5)
    lost = sum(EVENTS - session.counted() for session in sessions) + (order != list(range(EVENTS)))
    lines = max(session.lines for session in sessions)
    what = "3,000 events of another process in 3 s to 10 sessions"
    return [
        Figure(f"{what}: lost or out of order", lost + 1, 1, 1, "none", "event + 1"),
        Figure(f"{what}: lines above a prompt", lines, 50 + SECONDS + 2, 1, "50, then one a second", "lines"),
        Figure(f"{what}: how late a key is (p95)", statistics.quantiles(late, n=20)[-1], FRAME_MS, 1, "a frame of a screen"),
    ]


async def _late(process: asyncio.subprocess.Process) -> list[float]:
    """Milliseconds that the loop comes too late, every few milliseconds until the process ends."""
    late = []
    while process.returncode is None:
        due = time.perf_counter() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        late.append((time.perf_counter() - due) * 1000)
    return late


class _Attached:
    """A prompt that is up, and what is printed above it."""

    def __init__(self, app: App) -> None:
        session = Session(app, user="bench", role=Role.viewer, sink=StreamSink(sys.stdout, sys.stderr), interactive=True)
        self._printed: list[str] = []
        self._events = InlineEvents(session, self._show)
        self._events.prompting(True)

    async def _show(self, text: str) -> None:
        self._printed += text.splitlines()

    @property
    def lines(self) -> int:
        return len(self._printed)

    def counted(self) -> int:
        """Events that were shown, or told of in a line about a flood."""
        self._printed += self._events.take().splitlines()
        floods = [found[1] for line in self._printed if (found := re.search(r"  ([\d,]+) events?: ", line))]
        return len(self._printed) - len(floods) + sum(int(count.replace(",", "")) for count in floods)


def _number(event: Event) -> int:
    return int(event.text.split()[-1]) if isinstance(event, Problem) else -1
