"""One flag that ends work: every loop over data checks it, long calls register how to be interrupted.

cancel = Cancel()
with cancel.interrupting(connection.interrupt):
    for row in connection.execute(sql): ...
cancel.set("stopped by ada")        # from any thread
cancel.set_part("eu-west-1", "…")   # what works on that part ends, the rest goes on
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from resh.errors import Cancelled


class Cancel:
    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._interrupts: list[Callable[[], None]] = []
        self._parts: dict[str, str] = {}
        self.reason = "cancelled"
        self.late = False
        """Whether it was set because the time was up."""

    def set(self, reason: str = "cancelled", late: bool = False) -> None:
        with self._lock:
            if self._event.is_set():
                return
            self.reason, self.late = reason, late
            self._event.set()
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()

    def set_part(self, part: str, reason: str) -> None:
        """Whoever works on the part asks for it: nothing is interrupted."""
        with self._lock:
            self._parts = {part: reason, **self._parts}

    @property
    def parts(self) -> Mapping[str, str]:
        """Those that are to end alone, with the reasons."""
        return self._parts

    def __bool__(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        if self._event.is_set():
            raise Cancelled(self.reason)

    def wait(self, seconds: float) -> bool:
        """Sleep at most `seconds`; True as soon as the flag is set."""
        return self._event.wait(min(seconds, threading.TIMEOUT_MAX))

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            self._interrupts.append(interrupt)
            already = self._event.is_set()
        if already:
            interrupt()
        try:
            yield
        finally:
            with self._lock:
                self._interrupts.remove(interrupt)
