"""A crew works off the tasks of one collect, which add further tasks, on the threads of a pool.

with pool.guest() as guest:
    crew = Crew(guest, cancel)
    crew.add(task, place)   # tasks may call crew.add themselves
    crew.join()             # returns when nothing is left; raises Cancelled, or the first error of a task
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from functools import partial

from resh.cancel import Cancel
from resh.providers.limiter import Place
from resh.providers.pool import Guest, Task


class Crew:
    def __init__(self, guest: Guest, cancel: Cancel) -> None:
        self._guest = guest
        self._cancel = cancel
        self._left = 0
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._lanes: defaultdict[str, deque[tuple[Task, Place]]] = defaultdict(deque)
        self._busy: Counter[str] = Counter()

    @property
    def stopped(self) -> bool:
        return self._error is not None or bool(self._cancel)

    def add(self, task: Task, place: Place, lane: str = "", width: int = 0, after: float = 0.0) -> None:
        """At most `width` tasks of a lane run at a time; one that waits takes no thread. `after` is in seconds."""
        with self._changed:
            self._left += 1
            if width and self._busy[lane] >= width:
                self._lanes[lane].append((task, place))
                return
            self._busy[lane] += 1
        self._guest.add(place, partial(self._do, task, lane), after)

    def join(self) -> None:
        with self._cancel.interrupting(self._wake):
            with self._changed:
                while self._left and not self.stopped:
                    self._changed.wait()
        self._cancel.check()
        if self._error is not None:
            raise self._error

    def _do(self, task: Task, lane: str) -> None:
        try:
            if not self.stopped:
                task()
        except BaseException as error:
            self._error = self._error or error
        finally:
            with self._changed:
                self._left -= 1
                self._busy[lane] -= 1
                if self._lanes[lane]:
                    self._busy[lane] += 1
                    waiting, place = self._lanes[lane].popleft()
                    self._guest.add(place, partial(self._do, waiting, lane))
                if not self._left or self.stopped:
                    self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
