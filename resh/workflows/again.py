"""Starts that wait for the end of a run: one a workflow is remembered.

again = Again(start)
again.later("nightly", start)       # False when one waits already
again.close()
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context

from resh.cancel import Cancel
from resh.errors import AlreadyRunning

LOOK_SECONDS = 0.5


class Again:
    """`failed(name, error)` hears of a start that did not work out."""

    def __init__(self, failed: Callable[[str, Exception], None]) -> None:
        self._failed = failed
        self._closed = Cancel()
        self._lock = threading.Lock()
        self._waiting: dict[str, threading.Thread] = {}

    def later(self, name: str, start: Callable[[], object]) -> bool:
        """`start` raises AlreadyRunning as long as it is too early."""
        with self._lock:
            if name in self._waiting or self._closed:
                return False
            thread = threading.Thread(target=copy_context().run, args=(self._wait, name, start), name=f"again-{name}", daemon=True)
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

    def _wait(self, name: str, start: Callable[[], object]) -> None:
        try:
            while not self._closed.wait(LOOK_SECONDS):
                try:
                    start()
                except AlreadyRunning:
                    continue
                return
        except Exception as error:
            self._failed(name, error)
        finally:
            with self._lock:
                del self._waiting[name]
