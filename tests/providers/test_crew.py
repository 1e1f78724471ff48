from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.providers.crew import Crew
from resh.providers.limiter import Limiter, Place
from resh.providers.pool import Guest, Pool

HERE = Place("1", "r1")


@pytest.fixture
def guest() -> Iterator[Guest]:
    with Pool(6, Limiter()).guest() as guest:
        yield guest


def test_tasks_may_add_tasks(guest: Guest) -> None:
    done: list[int] = []
    crew = Crew(guest, Cancel())

    def task(depth: int) -> None:
        done.append(depth)
        for _ in range(2 if depth else 0):
            crew.add(lambda: task(depth - 1), HERE)

    crew.add(lambda: task(3), HERE)
    crew.join()
    assert len(done) == 15


def test_no_task_is_no_wait(guest: Guest) -> None:
    Crew(guest, Cancel()).join()


def test_the_first_error_ends_it(guest: Guest) -> None:
    crew = Crew(guest, Cancel())

    def fail() -> None:
        raise ValueError("no")

    crew.add(fail, HERE)
    with pytest.raises(ValueError, match="no"):
        crew.join()
    assert crew.stopped


def test_cancelled_while_a_call_hangs(guest: Guest) -> None:
    cancel, hangs, release = Cancel(), threading.Event(), threading.Event()
    crew = Crew(guest, cancel)

    def hang() -> None:
        hangs.set()
        release.wait()

    crew.add(hang, HERE)
    hangs.wait()
    cancel.set("stopped")
    with pytest.raises(Cancelled, match="stopped"):
        crew.join()
    release.set()


def test_a_lane_is_no_wider_than_told_and_holds_up_nobody_else(guest: Guest) -> None:
    crew = Crew(guest, Cancel())
    lock, free = threading.Lock(), threading.Event()
    inside = most = others = 0

    def heavy() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        free.wait(5)
        with lock:
            inside -= 1

    def light() -> None:
        nonlocal others
        with lock:
            others += 1
            if others == 3:
                free.set()

    for _ in range(8):
        crew.add(heavy, HERE, "heavy", 2)
    for _ in range(3):
        crew.add(light, HERE)
    crew.join()
    assert (most, others, inside) == (2, 3, 0)
