"""Where calls run: threads that never keep the process alive, and a crew that works off tasks which add further tasks.

    crew = Crew(threads(16), cancel)
    crew.add(task)          # tasks may call crew.add themselves
    crew.join()             # returns when nothing is left; raises Cancelled, or the first error of a task

A crew takes any `concurrent.futures.Executor`.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

from resh.cancel import Cancel

P = ParamSpec("P")
T = TypeVar("T")
Task = Callable[[], None]


class DaemonExecutor(Executor):
    """A thread pool for calls that may hang: unlike ThreadPoolExecutor's, its threads are not waited for at exit."""

    def __init__(self, threads: int) -> None:
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"collect-{n}", daemon=True) for n in range(max(1, threads))]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as error:
                    future.set_exception(error)

        self._queue.put(run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            task()


class Crew:
    def __init__(self, executor: Executor, cancel: Cancel) -> None:
        self._executor = executor
        self._cancel = cancel
        self._left = 0
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._lanes: defaultdict[str, deque[Task]] = defaultdict(deque)
        self._busy: Counter[str] = Counter()

    @property
    def stopped(self) -> bool:
        return self._error is not None or bool(self._cancel)

    def add(self, task: Task, lane: str = "", width: int = 0) -> None:
        """At most `width` tasks of a lane run at a time; one that waits takes no thread."""
        with self._changed:
            self._left += 1
            if width and self._busy[lane] >= width:
                self._lanes[lane].append(task)
                return
            self._busy[lane] += 1
        self._executor.submit(self._do, task, lane)

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
                    self._executor.submit(self._do, self._lanes[lane].popleft(), lane)
                if not self._left or self.stopped:
                    self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
