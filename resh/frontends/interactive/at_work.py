"""A line that shows nothing for a moment is told to be at work, and for how long; what it shows then takes the place of that.

with at_work(sink): …                  half a second later: "0.5 s · Ctrl-C ends it", and so on each second
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from resh.commands.base import Sink
from resh.durations import format_duration
from resh.frontends.interactive.sink import TerminalSink
from resh.text import Drawn

SECONDS = 0.5


@contextmanager
def at_work(sink: Sink) -> Iterator[None]:
    if not isinstance(sink, TerminalSink):
        yield
        return
    sink.begin()
    told = asyncio.get_running_loop().create_task(_tell(sink))
    try:
        yield
    finally:
        told.cancel()


async def _tell(sink: TerminalSink) -> None:
    loop = asyncio.get_running_loop()
    began, pause = loop.time(), SECONDS
    while True:
        await asyncio.sleep(pause)
        text = f"{format_duration(round(loop.time() - began, 1))} · Ctrl-C ends it"
        if not sink.still(Drawn(f"\x1b[2m{text}\x1b[0m") if sink.colour else text):
            return
        pause = 1.0
