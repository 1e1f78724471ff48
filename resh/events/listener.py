"""A subscriber that may take its time: events wait for it in a queue, and a thread of its own hands them over one by one.

    stop = listening(bus, listener, "racks")        # stop() waits a moment for what is still to be told

What it raises is told once.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from resh.events.event import Event, problem

if TYPE_CHECKING:
    from resh.events.bus import EventBus

CLOSE_SECONDS = 2.0


def listening(bus: EventBus, listener: Callable[[Event], None], name: str) -> Callable[[], None]:
    waiting: queue.SimpleQueue[Event | None] = queue.SimpleQueue()

    def work() -> None:
        told = False
        while (event := waiting.get()) is not None:
            try:
                listener(event)
            except (Exception, SystemExit) as error:
                if not told:
                    bus.emit(problem(error, f"the listener of {name}: "))
                told = True

    thread = threading.Thread(target=work, name=f"listener-{name}", daemon=True)
    unsubscribe = bus.subscribe(waiting.put)
    thread.start()

    def stop() -> None:
        unsubscribe()
        waiting.put(None)
        thread.join(CLOSE_SECONDS)

    return stop
