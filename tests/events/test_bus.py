from __future__ import annotations

import threading
from pathlib import Path

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.errors import StateError
from resh.events.bus import EventBus
from resh.events.event import Event, Problem, Progress
from resh.events.log import EventLog

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    return EventLog(tmp_path / "events.jsonl")


@pytest.fixture
def bus(log: EventLog) -> EventBus:
    return EventBus(FakeClock(100.0), log)


@pytest.fixture
def seen(bus: EventBus) -> list[Event]:
    events: list[Event] = []
    bus.subscribe(events.append)
    return events


def test_an_event_gets_its_time_and_number_and_is_stored(bus: EventBus, log: EventLog, seen: list[Event]) -> None:
    event = bus.emit(Problem(text="a"))
    assert (event.at, event.seq) == (100.0, 1)
    assert seen == log.last() == [event]


def test_progress_is_delivered_and_not_stored(bus: EventBus, log: EventLog, seen: list[Event]) -> None:
    bus.emit(Progress(path=("collect",), done=1, total=2))
    assert [event.type for event in seen] == ["progress"]
    assert log.last() == []


def test_unsubscribe(bus: EventBus) -> None:
    events: list[Event] = []
    unsubscribe = bus.subscribe(events.append)
    unsubscribe()
    unsubscribe()
    bus.emit(Problem())
    assert events == []


def test_a_failing_subscriber_breaks_nothing_and_is_reported_once(bus: EventBus) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError("oops")

    bus.subscribe(fail)
    events: list[Event] = []
    bus.subscribe(events.append)
    bus.emit(Problem(text="a"))
    bus.emit(Problem(text="b"))
    assert [event.text for event in events] == ["a", "a listener of events failed: ZeroDivisionError('oops')", "b"]


def test_an_event_from_a_subscriber_comes_after_the_present_one(bus: EventBus) -> None:
    def answer(event: Event) -> None:
        if event.text == "question":
            bus.emit(Problem(text="answer"))

    bus.subscribe(answer)
    events: list[Event] = []
    bus.subscribe(events.append)
    bus.emit(Problem(text="question"))
    assert [event.text for event in events] == ["question", "answer"]


def test_threads_deliver_in_the_order_of_the_numbers(bus: EventBus, seen: list[Event]) -> None:
    threads = [threading.Thread(target=lambda: [bus.emit(Problem()) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in seen] == list(range(1, 201))


def test_an_unwritable_log_is_reported_once_and_events_go_on(
    bus: EventBus, log: EventLog, seen: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(event: Event) -> Event:
        raise StateError("events.jsonl cannot be written: No space left", "events are shown and not kept")

    with monkeypatch.context() as patch:
        patch.setattr(log, "append", full)
        for text in "abc":
            bus.emit(Problem(text=text))
    bus.emit(Problem(text="d"))
    note = "events: events.jsonl cannot be written: No space left (events are shown and not kept)"
    assert [(event.text, event.seq) for event in seen] == [("a", 0), (note, 0), ("b", 0), ("c", 0), ("d", 1)]


def test_a_log_in_a_place_that_cannot_be_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bus = EventBus(FakeClock(), EventLog(tmp_path / "file" / "events.jsonl"))
    events: list[Event] = []
    bus.subscribe(events.append)
    bus.emit(Problem(text="a"))
    assert events[0].text == "a"
    assert "cannot be opened" in events[1].text


@FULL
def test_a_full_disk_is_reported_once_and_events_go_on(log: EventLog, bus: EventBus, seen: list[Event]) -> None:
    log.path.symlink_to("/dev/full")
    for text in "abc":
        bus.emit(Problem(text=text))
    log.path.unlink()
    bus.emit(Problem(text="d"))
    assert [(event.text, event.seq) for event in seen if not event.text.startswith("events: ")] == [("a", 0), ("b", 0), ("c", 0), ("d", 1)]
    (note,) = [event.text for event in seen if event.text.startswith("events: ")]
    assert note.endswith("events.jsonl cannot be written: No space left on device (events are shown and not kept)")


@FULL
def test_whoever_follows_a_run_hears_that_its_events_are_not_kept(log: EventLog, bus: EventBus, seen: list[Event]) -> None:
    log.path.symlink_to("/dev/full")
    bus.emit(Problem(text="not kept", run="01a7", workflow="collect"))
    assert [(event.text[:8], event.run, event.workflow) for event in seen] == [
        ("not kept", "01a7", "collect"),
        ("events: ", "01a7", "collect"),
    ]


def test_a_log_that_fails_again_is_reported_again(log: EventLog, bus: EventBus, seen: list[Event]) -> None:
    for _ in range(2):
        log.path.symlink_to("/dev/full")
        bus.emit(Problem(text="not kept"))
        log.path.unlink()
        bus.emit(Problem(text="kept"))
        log.path.unlink()
    assert [event.text[:8] for event in seen] == ["not kept", "events: ", "kept"] * 2


def test_relay_delivers_the_events_of_others_and_ours_once(bus: EventBus, log: EventLog) -> None:
    log.append(Problem(text="before"))
    other = EventLog(log.path)
    cancel, ready, complete = Cancel(), threading.Event(), threading.Event()
    seen: list[str] = []

    def note(event: Event) -> None:
        seen.append(event.text)
        ready.set()
        if event.text == "last":
            complete.set()

    bus.subscribe(note)
    thread = threading.Thread(target=bus.relay, args=(cancel,))
    thread.start()
    while not ready.wait(0.01):
        other.append(Problem(text="hello"))
    for number in range(20):
        bus.emit(Problem(text=f"ours {number}"))
        other.append(Problem(text=f"theirs {number}"))
    other.append(Problem(text="last"))
    assert complete.wait(10)
    cancel.set()
    thread.join()
    assert [text for text in seen if text != "hello"] == [
        *(f"{name} {number}" for number in range(20) for name in ("ours", "theirs")),
        "last",
    ]


def test_what_a_listener_emits_does_not_come_between_what_others_did(bus: EventBus, log: EventLog) -> None:
    other = EventLog(log.path)
    cancel, ready = Cancel(), threading.Event()
    seen: list[Event] = []

    def answer(event: Event) -> None:
        seen.append(event)
        ready.set()
        if event.text.startswith("theirs"):
            bus.emit(Problem(text="an answer"))

    bus.subscribe(answer)
    thread = threading.Thread(target=bus.relay, args=(cancel,))
    thread.start()
    while not ready.wait(0.01):
        other.append(Problem(text="hello"))
    for number in range(20):
        other.append(Problem(text=f"theirs {number}"))
        other.append(Problem(text=f"theirs too {number}"))
        bus.emit(Problem(text=f"ours {number}"))
    cancel.set()
    thread.join()
    numbers = [event.seq for event in seen]
    assert numbers == sorted(set(numbers))
    assert len([event for event in seen if event.text != "hello"]) == 20 * 5


def test_without_a_relay_a_bus_tells_only_its_own(bus: EventBus, log: EventLog, seen: list[Event]) -> None:
    other = EventLog(log.path)
    for number in range(3):
        other.append(Problem(text=f"theirs {number}"))
        bus.emit(Problem(text=f"ours {number}"))
    assert [event.text for event in seen] == ["ours 0", "ours 1", "ours 2"]


def test_who_acts_hears_only_what_this_process_emits(tmp_path: Path) -> None:
    log, clock = EventLog(tmp_path / "events.jsonl"), FakeClock()
    bus, cancel, heard = EventBus(clock, log), Cancel(), threading.Event()
    own: list[str] = []
    remove = bus.subscribe(lambda event: own.append(event.text), own=True)
    bus.subscribe(lambda event: heard.set() if event.text == "elsewhere" else None)
    relay = threading.Thread(target=bus.relay, args=(cancel,))
    relay.start()
    while not heard.wait(0.05):  # until the relay has begun, what others append lies before its beginning
        log.append(Problem(text="elsewhere", at=clock.now()))
    bus.emit(Problem(text="here"))
    cancel.set()
    relay.join()
    remove()
    bus.emit(Problem(text="later"))
    assert own == ["here"]
