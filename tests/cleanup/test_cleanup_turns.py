from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from resh.cleanup.turns import in_turns


class Busy:
    """Work that knows how much of each lane is under way."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, item: str) -> str:
        lane = item[0]
        with self.lock:
            self.now[lane] += 1
            self.most[lane] = max(self.most[lane], self.now[lane])
        with self.lock:
            self.now[lane] -= 1
        return item


@pytest.mark.parametrize("most", [1, 2, 5])
def test_each_lane_has_its_turns(most: int) -> None:
    items, busy = [f"{lane}{number}" for lane in "abc" for number in range(40)], Busy()
    with ThreadPoolExecutor(16) as pool:
        assert sorted(in_turns(pool, busy, items, lambda item: item[0], most)) == sorted(items)
    assert max(busy.most.values()) <= most


def test_a_lane_that_hangs_holds_up_no_other() -> None:
    released = threading.Event()

    def work(item: str) -> str:
        if item[0] == "a":
            assert released.wait(20)
        return item

    with ThreadPoolExecutor(2) as pool:
        found = in_turns(pool, work, ["a1", "a2", "b1", "b2", "b3"], lambda item: item[0], 1)
        assert [next(found) for _ in range(3)] == ["b1", "b2", "b3"]
        released.set()
        assert list(found) == ["a1", "a2"]


def test_what_raises_ends_it_before_others_begin() -> None:
    done: list[str] = []

    def work(item: str) -> str:
        if item == "a1":
            raise OSError("the disk is full")
        done.append(item)
        return item

    with ThreadPoolExecutor(2) as pool, pytest.raises(OSError, match="full"):
        list(in_turns(pool, work, ["a1", "a2", "a3"], lambda item: item[0], 1))
    assert done == []
