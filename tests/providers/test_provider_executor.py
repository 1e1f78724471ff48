from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from resh.cancel import Cancel
from resh.errors import Cancelled
from resh.providers.executor import Crew, DaemonExecutor


@pytest.fixture
def executor() -> Iterator[DaemonExecutor]:
    executor = DaemonExecutor(3)
    yield executor
    executor.shutdown()


def test_tasks_may_add_tasks(executor: DaemonExecutor) -> None:
    done: list[int] = []
    crew = Crew(executor, Cancel())

    def task(depth: int) -> None:
        done.append(depth)
        for _ in range(2 if depth else 0):
            crew.add(lambda: task(depth - 1))

    crew.add(lambda: task(3))
    crew.join()
    assert len(done) == 15


def test_no_task_is_no_wait(executor: DaemonExecutor) -> None:
    Crew(executor, Cancel()).join()


def test_the_first_error_ends_it(executor: DaemonExecutor) -> None:
    crew = Crew(executor, Cancel())

    def fail() -> None:
        raise ValueError("no")

    crew.add(fail)
    with pytest.raises(ValueError, match="no"):
        crew.join()
    assert crew.stopped


def test_cancelled_while_a_call_hangs(executor: DaemonExecutor) -> None:
    cancel, hangs, release = Cancel(), threading.Event(), threading.Event()
    crew = Crew(executor, cancel)

    def hang() -> None:
        hangs.set()
        release.wait()

    crew.add(hang)
    hangs.wait()
    cancel.set("stopped")
    with pytest.raises(Cancelled, match="stopped"):
        crew.join()
    release.set()


def test_results_and_errors_of_the_pool(executor: DaemonExecutor) -> None:
    assert executor.submit(int, "7").result() == 7
    assert isinstance(executor.submit(int, "x").exception(), ValueError)


def test_a_lane_is_no_wider_than_told_and_holds_up_nobody_else() -> None:
    crew = Crew(DaemonExecutor(6), Cancel())
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
        others += 1
        if others == 3:
            free.set()

    for _ in range(8):
        crew.add(heavy, "heavy", 2)
    for _ in range(3):
        crew.add(light)
    crew.join()
    assert (most, others, inside) == (2, 3, 0)
