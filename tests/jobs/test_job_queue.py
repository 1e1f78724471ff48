"""Work in threads: a few at a time, one of a name, one more that waits."""

from __future__ import annotations

import threading

from resh.cancel import Cancel
from resh.jobs.queue import Queue

PATIENCE = 10.0


def test_a_few_at_a_time_and_all_of_them() -> None:
    queue, go, lock = Queue(lambda: 3), threading.Event(), threading.Lock()
    now = most = done = 0

    def work(cancel: Cancel) -> None:
        nonlocal now, most, done
        with lock:
            now += 1
            most = max(most, now)
        go.wait(PATIENCE)
        with lock:
            now -= 1
            done += 1

    assert all(queue.put(f"job {number}", work) for number in range(50))
    go.set()
    assert queue.join(PATIENCE)
    assert (most, done) == (3, 50)


def test_one_of_a_name_and_one_that_waits() -> None:
    queue, go, started = Queue(lambda: 3), threading.Event(), threading.Semaphore(0)
    done: list[str] = []

    def work(name: str) -> None:
        started.release()
        go.wait(PATIENCE)
        done.append(name)

    assert queue.put("a", lambda cancel: work("first"))
    assert started.acquire(timeout=PATIENCE)
    assert queue.put("a", lambda cancel: work("second"))
    assert not queue.put("a", lambda cancel: work("third"))
    assert queue.put("b", lambda cancel: work("other"))
    assert started.acquire(timeout=PATIENCE)
    assert queue.waiting() == ["a"]
    go.set()
    assert queue.join(PATIENCE)
    assert sorted(done) == ["first", "other", "second"]


class Held:
    """A queue of one thread, in which `a` runs until it is told to end."""

    def __init__(self) -> None:
        self.queue, self.done = Queue(lambda: 1), list[str]()
        started = threading.Event()

        def wait(cancel: Cancel) -> None:
            started.set()
            cancel.wait(PATIENCE)
            self.done.append(cancel.reason)

        self.queue.put("a", wait)
        assert started.wait(PATIENCE)
        for name in "ab":
            self.queue.put(name, lambda cancel, name=name: self.done.append(name))  # type: ignore[misc]


def test_what_is_dropped_ends_and_does_not_begin() -> None:
    held = Held()
    assert held.queue.drop("b", "stopped")
    assert held.queue.drop("a", "stopped")
    assert held.queue.join(PATIENCE)
    assert not held.queue.drop("a", "stopped")
    assert held.done == ["stopped"]


def test_what_is_cancelled_ends_and_nothing_begins() -> None:
    held = Held()
    held.queue.cancel("resh ended")
    assert held.queue.join(PATIENCE)
    assert held.done == ["resh ended"]
    assert not held.queue.put("c", lambda cancel: held.done.append("c"))
