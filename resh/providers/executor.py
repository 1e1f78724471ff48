"""Threads that never keep the process alive, for calls that may hang and belong to no collect.

executor = DaemonExecutor(16)
executor.submit(call, parameter).result()
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Task = Callable[[], None]


class DaemonExecutor(Executor):
    """A thread pool for calls that may hang: unlike ThreadPoolExecutor's, its threads are not waited for at exit."""

    def __init__(self, threads: int) -> None:
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"ask-{n}", daemon=True) for n in range(max(1, threads))]
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
