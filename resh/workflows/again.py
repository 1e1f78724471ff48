"""Starts that wait for the end of a run: one a workflow is remembered.

again = Again(failed, pending)
again.later(Start("workflow", "nightly", by, at), start)      # False when one waits already
again.close()                                                 # another process takes up what still waits
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context

from resh.cancel import Cancel
from resh.errors import AlreadyRunning
from resh.state.pending import Pending, Start

LOOK_SECONDS = 0.5


class Again:
    """`failed(name, error)` hears of a start that did not work out."""

    def __init__(self, failed: Callable[[str, Exception], None], pending: Pending) -> None:
        self._failed, self._pending = failed, pending
        self._closed = Cancel()
        self._lock = threading.Lock()
        self._waiting: dict[str, threading.Thread] = {}

    def later(self, kept: Start, start: Callable[[], object]) -> bool:
        """`start` raises AlreadyRunning as long as it is too early."""
        name = kept.name
        with self._lock:
            if name in self._waiting or self._closed:
                return False
            thread = threading.Thread(target=copy_context().run, args=(self._wait, kept, start), name=f"again-{name}", daemon=True)
            self._waiting[name] = thread
        thread.start()
        return True

    def waiting(self) -> list[str]:
        with self._lock:
            return list(self._waiting)

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            threads = list(self._waiting.values())
        for thread in threads:
            thread.join(2 * LOOK_SECONDS)
        self._pending.close()

    def _wait(self, kept: Start, start: Callable[[], object]) -> None:
        name, number = kept.name, self._pending.add(kept)
        try:
            while not self._closed.wait(LOOK_SECONDS):
                try:
                    start()
                except AlreadyRunning:
                    continue
                self._pending.done(number)
                return
        except Exception as error:
            self._pending.done(number)
            self._failed(name, error)
        finally:
            with self._lock:
                del self._waiting[name]
