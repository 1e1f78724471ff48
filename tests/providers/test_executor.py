from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from resh.providers.executor import DaemonExecutor


@pytest.fixture
def executor() -> Iterator[DaemonExecutor]:
    executor = DaemonExecutor(2)
    yield executor
    executor.shutdown()


def test_calls_run_side_by_side(executor: DaemonExecutor) -> None:
    meet = threading.Barrier(2)
    calls = [executor.submit(meet.wait, timeout=60) for _ in range(2)]
    assert sorted(call.result() for call in calls) == [0, 1]


def test_errors_are_results_and_threads_go_on(executor: DaemonExecutor) -> None:
    calls = [executor.submit(int, text) for text in ("one", "2", "three", "4")]
    assert [call.result() for call in (calls[1], calls[3])] == [2, 4]
    with pytest.raises(ValueError, match="one"):
        calls[0].result()


def test_its_threads_never_keep_the_process_alive(executor: DaemonExecutor) -> None:
    assert executor.submit(lambda: threading.current_thread().daemon).result()
