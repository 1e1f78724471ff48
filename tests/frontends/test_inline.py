"""Events above prompts, without a terminal: what the prompt would be given to print."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.events.event import Problem, Progress, StepEvent
from resh.events.people import Login
from resh.frontends.interactive.inline import InlineEvents
from resh.shell.session import Session
from tests.commands.conftest import MemorySink

EVENTS, SESSIONS = 1000, 10
OTHER = """
import sys
from pathlib import Path
from resh.events.event import Problem
from resh.events.log import EventLog
log = EventLog(Path(sys.argv[1]) / "events.jsonl")
for number in range(int(sys.argv[2])):
    log.append(Problem(text=f"number {number}"))
"""


@pytest.fixture
def app(home: Path, clock: FakeClock) -> Iterator[App]:
    with App(home, clock=clock) as app:
        yield app


class Prompt:
    """One session with a prompt that is up, and everything that was printed above it."""

    def __init__(self, app: App, user: str = "ada", *, up: bool = True) -> None:
        self.session = Session(app, user=user, role=Role.admin, sink=MemorySink(80), interactive=True)
        self.blocks: list[str] = []
        self.printed = asyncio.Event()
        self.events = InlineEvents(self.session, self._show)
        self.events.prompting(up)

    async def _show(self, text: str) -> None:
        self.blocks.append(text)
        self.printed.set()

    async def block(self) -> str:
        await asyncio.wait_for(self.printed.wait(), 10)
        return self.blocks[0]

    @property
    def lines(self) -> list[str]:
        """What was printed, and what waits."""
        rest = self.events.take()
        return [line for block in [*self.blocks, rest] if block for line in block.splitlines()]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def counted(lines: list[str]) -> tuple[list[int], int]:
    """The numbers that are shown one by one, and how many more are told of."""
    numbers = [int(found[1]) for line in lines if (found := re.search(r"number (\d+)$", line))]
    floods = [int(found[1].replace(",", "")) for line in lines if (found := re.search(r"  ([\d,]+) events?: ", line))]
    return numbers, sum(floods)


def test_events_of_a_moment_are_one_block(app: App) -> None:
    async def work() -> None:
        prompt = Prompt(app)
        app.bus.emit(Problem(text="one"))
        app.bus.emit(Problem(text="two"))
        assert [line[10:].split() for line in (await prompt.block()).splitlines()] == [["error", "one"], ["error", "two"]]
        prompt.events.close()

    run(work())


def test_nothing_prints_while_a_command_does(app: App) -> None:
    async def work() -> None:
        prompt, other = Prompt(app, up=False), Prompt(app)
        app.bus.emit(Problem(text="one"))
        await other.block()
        assert prompt.blocks == []
        prompt.events.prompting(True)
        assert (await prompt.block()).endswith("one")

    run(work())


def test_what_is_only_kept_or_only_shown_elsewhere_does_not_print(app: App) -> None:
    async def work() -> None:
        prompt = Prompt(app)
        app.bus.emit(Problem(text="kept", severity="debug"))
        app.bus.emit(Progress(text="drawn"))
        prompt.session.followed.add("01a7")
        app.bus.emit(StepEvent(type="collect", run="01a7", text="followed"))
        prompt.session.followed.clear()
        app.bus.emit(Problem(text="seen"))
        assert (await prompt.block()).split()[1:] == ["error", "seen"]
        assert [event.text for event in app.log.last()] == ["kept", "followed", "seen"]

    run(work())


def test_a_flood_of_a_run_that_is_followed_is_not_counted(app: App) -> None:
    async def work() -> None:
        prompt = Prompt(app, up=False)
        app.bus.emit(StepEvent(type="collect", run="01a7", text="a moment before it is followed"))
        prompt.events.take()
        prompt.session.followed.add("01a7")
        for number in range(500):
            app.bus.emit(StepEvent(type="collect", run="01a7", text=f"number {number}"))
        app.bus.emit(Problem(text="number 7"))
        prompt.session.followed.clear()
        assert counted(prompt.lines) == ([7], 0)

    run(work())


def test_muted_events_do_not_print_and_are_kept(app: App) -> None:
    async def work() -> None:
        ada, victor = Prompt(app), Prompt(app, "victor")
        app.tables.mutes.add("ada", ["log*"])
        ada.session.muted.add("collect")
        for event in (Login(user="eve"), StepEvent(type="collect"), Problem(text="seen")):
            app.bus.emit(event)
        assert [line.split()[1] for line in (await ada.block()).splitlines()] == ["error"]
        assert [line.split()[1] for line in (await victor.block()).splitlines()] == ["login", "collect", "error"]
        assert len(app.log.last()) == 3

    run(work())


def test_mutes_that_can_not_be_read_hide_nothing(app: App) -> None:
    async def work() -> None:
        prompt = Prompt(app)
        (app.home / "state").mkdir(exist_ok=True)
        (app.home / "state" / "mutes.json").write_text("{ damaged")
        app.bus.emit(Problem(text="seen"))
        assert (await prompt.block()).endswith("seen")

    run(work())


def test_events_can_be_switched_off(home: Path, clock: FakeClock) -> None:
    async def work() -> None:
        with App(home, clock=clock, overrides=["shell.events=false"]) as app:
            prompt = Prompt(app)
            app.bus.emit(Problem(text="one"))
            assert prompt.lines == []

    run(work())


def test_ten_sessions_miss_nothing_of_a_thousand_events(app: App) -> None:
    async def work() -> None:
        prompts = [Prompt(app) for _ in range(SESSIONS)]

        def emit() -> None:
            for number in range(EVENTS):
                app.bus.emit(Problem(text=f"number {number}"))

        await asyncio.to_thread(emit)
        for prompt in prompts:
            numbers, told = counted(prompt.lines)
            assert numbers == sorted(numbers)
            assert len(numbers) + told == EVENTS
            assert len(prompt.blocks) < 100

    run(work())
    assert [event.text for event in app.log.last(EVENTS)] == [f"number {number}" for number in range(EVENTS)]


def test_ten_sessions_miss_nothing_of_what_another_process_does(app: App) -> None:
    complete = threading.Event()
    app.bus.subscribe(lambda event: complete.set() if event.text == f"number {EVENTS - 1}" else None)

    async def work() -> None:
        prompts = [Prompt(app) for _ in range(SESSIONS)]
        app.log.append(Problem(text="before"))
        app.hear_others()
        await asyncio.to_thread(until_heard, app)
        command = [sys.executable, "-c", OTHER, str(app.home), str(EVENTS)]
        assert (await asyncio.to_thread(subprocess.run, command, check=False)).returncode == 0
        assert await asyncio.to_thread(complete.wait, 20)
        for prompt in prompts:
            numbers, told = counted(prompt.lines)
            assert numbers == sorted(numbers)
            assert len(numbers) + told == EVENTS

    run(work())


def until_heard(app: App) -> None:
    """Until the relay has begun: what was appended before that is history."""
    heard = threading.Event()
    end = app.bus.subscribe(lambda event: heard.set() if event.severity == "debug" else None)
    from resh.events.log import EventLog

    other = EventLog(app.home / "events.jsonl")
    while not heard.wait(0.01):
        other.append(Problem(text="are you there?", severity="debug"))
    end()
