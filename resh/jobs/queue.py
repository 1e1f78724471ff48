"""Work in threads, a few at a time, one of a name: what is started while the same runs is done once more when that has ended.

    queue = Queue(lambda: 8)
    queue.put("nag", work)        # True; False when one of that name waits already
    queue.join()

A thousand jobs that are due at once are a thousand entries here, and eight threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from resh.cancel import Cancel

Work = Callable[[Cancel], None]


class Queue:
    """`most` says how many threads there may be at this moment."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._waiting: dict[str, Work] = {}
        self._running: dict[str, Cancel] = {}
        self._closed = ""

    def put(self, name: str, work: Work) -> bool:
        with self._changed:
            if name in self._waiting or self._closed:
                return False
            self._waiting[name] = work
            self._begin()
        return True

    def waiting(self) -> list[str]:
        with self._changed:
            return list(self._waiting)

    def drop(self, name: str, reason: str) -> bool:
        """Neither goes on nor begins; whether there was one."""
        with self._changed:
            waited, running = self._waiting.pop(name, None), self._running.get(name)
            self._changed.notify_all()
        if running is not None:
            running.set(reason)
        return waited is not None or running is not None

    def cancel(self, reason: str) -> None:
        """End what runs; what waits does not begin."""
        with self._changed:
            self._closed = reason
            self._waiting.clear()
            running = list(self._running.values())
            self._changed.notify_all()
        for cancel in running:
            cancel.set(reason)

    def join(self, seconds: float | None = None) -> bool:
        """Until nothing runs and nothing waits, at most so long; whether it is so."""
        end = None if seconds is None else monotonic() + seconds
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._running, None if end is None else end - monotonic())

    def _begin(self) -> None:
        """As many as may, the first come first; called with the lock."""
        for name in [name for name in self._waiting if name not in self._running]:
            if len(self._running) >= max(1, self._most()):
                return
            work, cancel = self._waiting.pop(name), Cancel()
            self._running[name] = cancel
            threading.Thread(target=self._work, args=(name, work, cancel), name=f"job-{name}", daemon=True).start()

    def _work(self, name: str, work: Work, cancel: Cancel) -> None:
        try:
            work(cancel)
        finally:
            with self._changed:
                del self._running[name]
                self._begin()
                self._changed.notify_all()
