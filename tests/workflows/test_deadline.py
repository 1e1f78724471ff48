from __future__ import annotations

import sys
import threading

import pytest

from resh.cancel import Cancel
from resh.errors import Cancelled, ReshError, TimedOut
from resh.workflows.deadline import Abandoned, call_within


def wait_for_cancel(cancel: Cancel) -> str:
    cancel.wait(10)
    cancel.check()
    return "never told"


def test_what_it_returns_and_raises_comes_through() -> None:
    assert call_within(lambda cancel: 7, name="a", seconds=5, cancel=Cancel(), grace=1) == 7
    with pytest.raises(ZeroDivisionError):
        call_within(lambda cancel: 1 // 0, name="a", seconds=5, cancel=Cancel(), grace=1)
    with pytest.raises(ReshError, match=r"SystemExit\(3\)"):
        call_within(lambda cancel: sys.exit(3), name="a", seconds=5, cancel=Cancel(), grace=1)


def test_it_is_told_when_the_time_is_up() -> None:
    with pytest.raises(TimedOut, match=r"a took longer than 0\.1 s"):
        call_within(wait_for_cancel, name="a", seconds=0.05, cancel=Cancel(), grace=5)


def test_it_is_told_when_the_caller_is_cancelled() -> None:
    cancel = Cancel()
    threading.Timer(0.05, cancel.set, ("stopped by ada",)).start()
    with pytest.raises(Cancelled, match="stopped by ada"):
        call_within(wait_for_cancel, name="a", seconds=5, cancel=cancel, grace=5)


def test_one_that_does_not_listen_is_left_behind() -> None:
    release = threading.Event()
    with pytest.raises(Abandoned, match="did not stop within"):
        call_within(lambda cancel: release.wait(10), name="a", seconds=0.01, cancel=Cancel(), grace=0.05)
    release.set()


def test_the_time_of_one_call_does_not_cancel_the_caller() -> None:
    cancel = Cancel()
    with pytest.raises(TimedOut):
        call_within(wait_for_cancel, name="a", seconds=0.01, cancel=cancel, grace=5)
    assert not cancel
