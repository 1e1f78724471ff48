"""All events of a state folder, those of this process at once and those of others as they appear in the log, to any number of sessions.

    feed = EventFeed(app.bus, app.log)
    unsubscribe = feed.subscribe(callback)       # callback(event), on any thread; it must not block
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from resh.cancel import Cancel
from resh.events.bus import EventBus
from resh.events.event import Event
from resh.events.log import EventLog

Callback = Callable[[Event], None]


class EventFeed:
    def __init__(self, bus: EventBus, log: EventLog) -> None:
        self._subscribers: list[Callback] = []
        self._lock = threading.Lock()
        self._own: deque[int] = deque(maxlen=10_000)
        self._cancel = Cancel()
        self._unsubscribe = bus.subscribe(self._from_bus)
        self._thread = threading.Thread(target=self._tail, args=(log,), name="events", daemon=True)
        self._thread.start()

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        with self._lock:
            self._subscribers = [*self._subscribers, callback]
        return lambda: self._remove(callback)

    def close(self) -> None:
        self._cancel.set()
        self._unsubscribe()
        self._thread.join(timeout=2)

    def _remove(self, callback: Callback) -> None:
        with self._lock:
            self._subscribers = [other for other in self._subscribers if other is not callback]

    def _from_bus(self, event: Event) -> None:
        if event.ephemeral:
            return
        self._own.append(event.seq)
        self._publish(event)

    def _tail(self, log: EventLog) -> None:
        last = log.last(1)
        for event in log.follow(last[-1].seq if last else 0, self._cancel):
            if event.seq not in self._own:
                self._publish(event)

    def _publish(self, event: Event) -> None:
        for callback in self._subscribers:
            callback(event)
