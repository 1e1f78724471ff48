from __future__ import annotations

import threading

import pytest

from resh.clock import FakeClock
from resh.events.bus import EventBus
from resh.events.event import Event, Problem
from resh.events.listener import listening


def test_a_listener_hears_everything_in_order_and_holds_nobody() -> None:
    bus, heard, go = EventBus(FakeClock()), list[Event](), threading.Event()

    def slow(event: Event) -> None:
        go.wait()
        heard.append(event)

    stop = listening(bus, slow, "slow")
    for number in range(100):
        bus.emit(Problem(text=str(number)))
    assert heard == []
    go.set()
    stop()
    assert [event.text for event in heard] == [str(number) for number in range(100)]
    bus.emit(Problem(text="later"))
    assert len(heard) == 100


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_what_it_raises_is_told_once(error: type[BaseException]) -> None:
    bus, told = EventBus(FakeClock()), list[str]()
    bus.subscribe(lambda event: told.append(event.text))

    def faulty(event: Event) -> None:
        if not event.text.startswith("the listener"):
            raise error(event.text)

    stop = listening(bus, faulty, "racks")
    bus.emit(Problem(text="a"))
    bus.emit(Problem(text="b"))
    stop()
    assert [text for text in told if text.startswith("the listener")] == [f"the listener of racks: {error.__name__}: a"]
