"""Work on many things at once, but on few of each lane: an API of an account gets so many deletions at the same time, and no more.

for result in in_turns(pool, attempt, items, lane=lambda item: item.account, most=4): ...

Results come in the order in which they are there. What waits for its turn takes no thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_turns(pool: ThreadPoolExecutor, work: Callable[[T], R], items: Iterable[T], lane: Callable[[T], str], most: int) -> Iterator[R]:
    """The result of each item. What `work` raises ends the iteration: nothing that waits is begun then."""
    lanes: dict[str, deque[T]] = {}
    for item in items:
        lanes.setdefault(lane(item), deque()).append(item)
    running: dict[Future[R], str] = {}
    for name, waiting in lanes.items():
        for _ in range(min(max(most, 1), len(waiting))):
            running[pool.submit(work, waiting.popleft())] = name
    while running:
        for done in wait(running, return_when=FIRST_COMPLETED).done:
            name = running.pop(done)
            result = done.result()
            if lanes[name]:
                running[pool.submit(work, lanes[name].popleft())] = name
            yield result
