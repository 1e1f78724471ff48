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


def test_what_is_dropped_does_not_begin_and_what_is_cancelled_ends() -> None:
    queue, started = Queue(lambda: 1), threading.Event()
    done: list[str] = []

    def wait(cancel: Cancel) -> None:
        started.set()
        cancel.wait(PATIENCE)
        done.append(cancel.reason)

    queue.put("a", wait)
    assert started.wait(PATIENCE)
    queue.put("a", lambda cancel: done.append("again"))
    queue.put("b", lambda cancel: done.append("b"))
    queue.drop("a")
    queue.cancel("resh ended")
    assert queue.join(PATIENCE)
    assert done == ["resh ended"]
    assert not queue.put("c", lambda cancel: done.append("c"))
