"""The lines of a script that arrives over SSH, from the loop that receives them to the thread that runs them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from resh.errors import TimedOut

MOST_WAITING = 256 * 1024
"""Characters that may wait before the client is asked to pause: lines may be long."""


class ScriptLines:
    """Feed text on the loop, iterate on another thread; `flow(pause)` asks the client to pause (True) or go on, on any thread.

    TimedOut when no line comes for `idle_seconds`.
    """

    def __init__(self, flow: Callable[[bool], None], idle_seconds: float | None = None) -> None:
        self._flow = flow
        self._idle_seconds = idle_seconds
        self._stopped = False
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._rest = ""
        self._paused = False
        self._waiting = 0
        self._lock = threading.Lock()

    def feed(self, text: str) -> None:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._lines.put(line)
        with self._lock:
            self._waiting += sum(map(len, lines))
            if not self._paused and self._waiting > MOST_WAITING:
                self._paused = True
                self._flow(True)

    def end(self) -> None:
        if self._rest:
            self._lines.put(self._rest)
            self._rest = ""
        self._lines.put(None)

    def stop(self) -> None:
        """No further line, whatever waits."""
        self._stopped = True
        self._lines.put(None)

    def _next(self) -> str | None:
        try:
            return self._lines.get(timeout=self._idle_seconds)
        except queue.Empty:
            raise TimedOut("idle for too long: good bye") from None

    def __iter__(self) -> Iterator[str]:
        while (line := self._next()) is not None and not self._stopped:
            self._taken(len(line))
            yield line

    def _taken(self, count: int) -> None:
        with self._lock:
            self._waiting -= count
            if self._paused and self._waiting < MOST_WAITING // 2:
                self._paused = False
                self._flow(False)
