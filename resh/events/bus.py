"""The bus: whoever does something tells it here, whoever wants to know subscribes.

    bus = EventBus(clock, EventLog(home / "events.jsonl"))
    unsubscribe = bus.subscribe(lambda event: queue.put(event))
    bus.emit(Problem(text="…"))                  # numbered, stored, then delivered, in the caller's thread

All subscribers see all events in one order. They are called with the bus locked: a subscriber that has work to do puts the event
into a queue of its own. `relay` adds what other processes of the same state folder emit; the order is then that of the numbers.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from resh.cancel import Cancel
from resh.clock import Clock
from resh.errors import StateError
from resh.events.event import Event, Problem, problem

if TYPE_CHECKING:
    from resh.events.log import EventLog

Subscriber = Callable[[Event], None]


class EventBus:
    def __init__(self, clock: Clock, log: EventLog | None = None) -> None:
        self._clock = clock
        self._log = log
        self._log_works = True
        self._lock = threading.RLock()
        self._subscribers: list[Subscriber] = []
        self._faulty: set[Subscriber] = set()
        self._own_only: set[Subscriber] = set()
        self._waiting: deque[tuple[Event, bool]] = deque()
        self._delivering = False
        self._heard: int | None = None
        """Number of the last event that was delivered, while others are heard."""

    def subscribe(self, subscriber: Subscriber, *, own: bool = False) -> Callable[[], None]:
        """Returns what ends the subscription. `own`: only what this process emits, so that of several processes one acts."""
        with self._lock:
            self._subscribers.append(subscriber)
            if own:
                self._own_only.add(subscriber)

        def unsubscribe() -> None:
            with self._lock:
                if subscriber in self._subscribers:
                    self._subscribers.remove(subscriber)
                self._faulty.discard(subscriber)
                self._own_only.discard(subscriber)

        return unsubscribe

    def emit(self, event: Event) -> Event:
        """The event as delivered: with its time and its number (0 when it is not stored). Never raises."""
        with self._lock:
            event = event.changed(at=event.at or self._clock.now(), text=event.text or event.line())
            before: list[Event] = []
            trouble: list[Event] = []
            if self._log and not event.ephemeral:
                event, trouble = self._store(self._log, event)
                before = self._missed(self._log, event.seq)
            self._deliver(event, *trouble, others=before)
            return event

    def relay(self, cancel: Cancel) -> None:
        """Deliver what other processes emit, until cancelled. Runs in a thread of its own."""
        if self._log is None:
            return
        with self._lock:
            after = self._heard = self._log.last_seq()
        for event in self._log.follow(after, cancel):
            with self._lock:
                if event.seq > self._heard:
                    self._heard = event.seq
                    self._deliver(others=[event])
        self._heard = None

    def _store(self, log: EventLog, event: Event) -> tuple[Event, list[Event]]:
        """The numbered event, and the news that the log failed when that is news."""
        try:
            event = log.append(event)
        except (StateError, OSError) as error:
            news = problem(error, "events: ").changed(
                at=event.at, run=event.run, workflow=event.workflow
            )  # whoever follows the run hears it
            was_fine, self._log_works = self._log_works, False
            return event, [news] if was_fine else []
        self._log_works = True
        return event, []

    def _missed(self, log: EventLog, seq: int) -> list[Event]:
        """What others emitted before the event of that number, and nobody here has heard yet."""
        if self._heard is None or seq <= self._heard:
            return []
        heard, self._heard = self._heard, seq
        return [event for event in log.since(heard) if event.seq < seq] if heard < seq - 1 else []

    def _deliver(self, *events: Event, others: Sequence[Event] = ()) -> None:
        """`others` come first: what other processes emitted. Subscribers may emit: that waits until everybody has seen these."""
        self._waiting.extend((event, False) for event in others)
        self._waiting.extend((event, True) for event in events)
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._waiting:
                self._tell_all(*self._waiting.popleft())
        finally:
            self._delivering = False

    def _tell_all(self, event: Event, own: bool) -> None:
        for subscriber in list(self._subscribers):
            if not own and subscriber in self._own_only:
                continue
            try:
                subscriber(event)
            except Exception as error:
                if subscriber not in self._faulty:
                    self._faulty.add(subscriber)
                    self._waiting.append((Problem(text=f"a listener of events failed: {error!r}", at=event.at), True))
