"""A call that one can stop waiting for.

    call_within(work, name="collect", seconds=60, cancel=run_cancel, grace=5)      # work(cancel) -> what it returns

The function runs in a thread of its own and is told by its Cancel when the time is up or the run is cancelled. Python cannot end a thread:
one that does not listen is left behind after the grace, and the caller hears of it as Abandoned.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

from resh.cancel import Cancel
from resh.durations import format_duration
from resh.errors import ReshError, TimedOut

T = TypeVar("T")
POLL_SECONDS = 0.5


class Abandoned(TimedOut):
    """It was told to stop and did not; its thread may still be at work."""


def call_within(
    function: Callable[[Cancel], T],
    *,
    name: str,
    seconds: float,
    cancel: Cancel,
    grace: float,
    tick: Callable[[], None] = lambda: None,
) -> T:
    """What the function returns or raises. Raises TimedOut when it took longer. `tick` is called twice a second."""
    with linked(cancel) as own:
        future = _in_thread(lambda: function(own), name)
        late = _wait(future, time.monotonic() + seconds, own, tick)
        if late:
            own.set(f"{name} took longer than {format_duration(seconds)}")
        if not wait([future], grace).done:
            raise Abandoned(f"{own.reason}, and did not stop within {format_duration(grace)}")
        if late:
            raise TimedOut(own.reason)
        return future.result()


@contextmanager
def linked(parent: Cancel) -> Iterator[Cancel]:
    """A Cancel that is set with its parent and may be set alone."""
    child = Cancel()
    with parent.interrupting(lambda: child.set(parent.reason)):
        yield child


def _in_thread(function: Callable[[], T], name: str) -> Future[T]:
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except Exception as error:
            future.set_exception(error)
        except BaseException as end:  # SystemExit of somebody's command line must not end the waiting thread
            future.set_exception(ReshError(f"it ended with {end!r}"))

    threading.Thread(target=copy_context().run, args=(run,), name=name, daemon=True).start()
    return future


def _wait(future: Future[T], deadline: float, cancel: Cancel, tick: Callable[[], None]) -> bool:
    """Until it is done or cancelled; True when the deadline came first."""
    while not future.done() and not cancel:
        left = deadline - time.monotonic()
        if left <= 0:
            return True
        wait([future], min(POLL_SECONDS, left))
        tick()
    return False
