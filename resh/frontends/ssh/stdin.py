"""The lines of a script that arrives over SSH, from the loop that receives them to the thread that runs them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from resh.commands.continuation import LONGEST, too_long
from resh.errors import TimedOut

MOST_WAITING = 256 * 1024
"""Characters that may wait before the client is asked to pause: lines may be long."""


class ScriptLines:
    """Feed text on the loop, iterate on another thread; `flow(pause)` asks the client to pause (True) or go on, on any thread.

    TimedOut when no line comes for `idle_seconds`, UsageError for a line that does not end.
    """

    def __init__(self, flow: Callable[[bool], None], idle_seconds: float | None = None) -> None:
        self._flow = flow
        self._idle_seconds = idle_seconds
        self._stopped = False
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._rest: list[str] = []
        """Of a line whose end has not come yet."""
        self._length = 0
        self._paused = False
        self._waiting = 0
        self._lock = threading.Lock()

    def feed(self, text: str) -> None:
        first, *others = text.split("\n")
        self._begin(first)
        if not others:
            return
        lines = ["".join(self._rest), *others[:-1]]
        self._rest, self._length = [], 0
        self._begin(others[-1])
        for line in lines:
            self._lines.put(line)
        with self._lock:
            self._waiting += sum(map(len, lines))
            if not self._paused and self._waiting > MOST_WAITING:
                self._paused = True
                self._flow(True)

    def _begin(self, text: str) -> None:
        """A line that is too long is told of before its end comes: it may have none."""
        if self._length > LONGEST:
            return
        self._rest.append(text)
        self._length += len(text)
        if self._length > LONGEST:
            self._lines.put("".join(self._rest))

    def end(self) -> None:
        if self._length:
            self._lines.put("".join(self._rest))
            self._rest, self._length = [], 0
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
            if len(line) > LONGEST:
                raise too_long()
            yield line

    def _taken(self, count: int) -> None:
        with self._lock:
            self._waiting -= count
            if self._paused and self._waiting < MOST_WAITING // 2:
                self._paused = False
                self._flow(False)
