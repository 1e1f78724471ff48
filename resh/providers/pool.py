"""The threads of a provider, which all its accounts share: whose turn it is, and what has to wait without taking one.

    pool = Pool(16, limiter)
    with pool.guest() as guest:                  # one for each account that is collected
        guest.add(place, task)                   # tasks may add tasks
    pool.permit(place)                           # in a task, before each call: None when it may go, else what the task waits for

A free thread goes to the account, and in it to the region, with the fewest calls in flight: a slow one gets no more than its share, and
never all of them while there are others. A task whose call must wait is put aside with its place; see `Pending`. Threads never keep the
process alive: a call may hang.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any, NamedTuple

from resh.cancel import Cancel
from resh.providers.limiter import Gate, Limiter, Memory, Place

Task = Callable[[], None]

_SHARE = 0.75  # of the threads, at most, for one region while there are others
_IDLE = 5.0  # seconds, after which a thread that nobody needs ends


class Pending(NamedTuple):
    """A call of the place must wait, that many seconds if it is known. Whoever reads pages gets it in between, and goes on later."""

    place: Place
    seconds: float = 0.0

    def sit_out(self, cancel: Cancel) -> None:
        """For whoever has nothing else to do. Raises Cancelled."""
        cancel.wait(max(self.seconds, 0.01))
        cancel.check()


class InFlight(NamedTuple):
    """What a thread is at, and since when (as the pool counts time)."""

    place: Place
    since: float


class _Line:
    """Tasks of one place, in their order. It is in the region's `ready`, or somewhere it waits, or empty."""

    __slots__ = ("place", "region", "tasks", "woken_by")

    def __init__(self, place: Place, region: _Region) -> None:
        self.place, self.region = place, region
        self.tasks: deque[Task] = deque()
        self.woken_by: Gate | None = None


class _Region:
    __slots__ = ("busy", "guest", "lines", "ready")

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self.busy = 0
        self.ready: deque[_Line] = deque()
        self.lines: dict[Place, _Line] = {}


class Guest:
    """One account's tasks."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.regions: dict[str, _Region] = {}
        self.busy = 0
        self.is_gone = False

    def add(self, place: Place, task: Task, after: float = 0.0) -> None:
        """Do it when its call may go, at the earliest in that many seconds."""
        self._pool.put(self, place, task, after)


class Pool:
    def __init__(self, threads: int, limiter: Limiter, now: Callable[[], float] | None = None) -> None:
        self._size, self._limiter = max(1, threads), limiter
        self._now = now or limiter.now
        self._guests: list[Guest] = []
        self._timed: list[tuple[float, int, _Line, Task | None]] = []
        self._count = 0
        self._threads = self._idle = self._called = 0
        self._changed = threading.Condition()
        self._local = threading.local()
        self._flying: dict[int, InFlight] = {}

    @contextmanager
    def guest(self) -> Iterator[Guest]:
        """What it has not begun when the block ends is never done."""
        guest = Guest(self)
        with self._changed:
            self._guests.append(guest)
        try:
            yield guest
        finally:
            self._remove(guest)

    def put(self, guest: Guest, place: Place, task: Task, after: float = 0.0) -> None:
        with self._changed:
            if guest.is_gone:
                return
            region = guest.regions.get(place.region)
            if region is None:
                region = guest.regions[place.region] = _Region(guest)
            line = region.lines.get(place)
            if line is None:
                line = region.lines[place] = _Line(place, region)
            if after > 0:
                self._later(after, line, task)
            else:
                self._append(line, task)
            self._wake()

    def permit(self, place: Place) -> Pending | None:
        """Count the call in the place of the one that this thread made before."""
        local = self._local
        granted, local.granted = getattr(local, "granted", None), None
        if granted == place:
            return None
        with self._changed:
            held: Place | None = getattr(local, "held", None)
            if held is not None:
                self._leave(held)
                local.held = None
            blocked = self._limiter.enter(place)
            if blocked is None:
                if held is None:
                    self._leave(place)  # no task of ours: only its pace counts
                else:
                    local.held = place
                return None
        return Pending(place, blocked if isinstance(blocked, float) else 0.0)

    def heard(self, place: Place, throttled: bool) -> None:
        if throttled:
            with self._changed:
                self._limiter.heard(place, throttled)

    def oldest(self) -> tuple[Place, float] | None:
        """The call that has been in flight longest, and for how many seconds."""
        flying = [one for one in list(self._flying.values()) if one.place.service]
        if not flying:
            return None
        first = min(flying, key=lambda one: one.since)
        return first.place, max(0.0, self._now() - first.since)

    def learned(self, at: float) -> Memory:
        with self._changed:
            return self._limiter.learned(at)

    # -- all that follows runs under the lock --------------------------------------------------------------------------------------

    def _append(self, line: _Line, task: Task) -> None:
        line.tasks.append(task)
        if len(line.tasks) == 1:
            line.region.ready.append(line)

    def _later(self, seconds: float, line: _Line, task: Task | None) -> None:
        self._count += 1
        heappush(self._timed, (self._now() + seconds, self._count, line, task))

    def _wake(self) -> None:
        """One thread more, unless all are busy; `_called` are those of the idle ones that do not know yet."""
        if self._idle > self._called:
            self._called += 1
            self._changed.notify()
        elif self._threads < self._size:
            self._threads += 1
            threading.Thread(target=self._work, name=f"call-{self._threads}", daemon=True).start()

    def _next(self) -> tuple[_Line, Task] | None:
        """A task that may go now, of whoever has the least in flight."""
        self._revive()
        for guest in sorted(self._guests, key=_busy) if len(self._guests) > 1 else self._guests:
            for region in sorted(guest.regions.values(), key=_busy):
                if region.ready and not self._is_greedy(region):
                    while region.ready:
                        line = region.ready.popleft()
                        if self._enters(line):
                            task = line.tasks.popleft()
                            if line.tasks:
                                region.ready.append(line)
                            return line, task
        return None

    def _is_greedy(self, region: _Region) -> bool:
        if region.busy < self._size * _SHARE:
            return False
        return len(self._guests) > 1 or len(region.guest.regions) > 1

    def _enters(self, line: _Line) -> bool:
        """Else it waits for what stands in its way."""
        woken_by, line.woken_by = line.woken_by, None
        blocked = self._limiter.enter(line.place)
        if blocked is None:
            return True
        if isinstance(blocked, float):
            self._later(blocked, line, None)
        else:
            blocked.waiting.append(line)
        if woken_by is not None and woken_by is not blocked:
            self._open(woken_by)
        return False

    def _revive(self) -> None:
        """What has waited long enough."""
        now = self._now()
        while self._timed and self._timed[0][0] <= now:
            _, _, line, task = heappop(self._timed)
            if line.region.guest.is_gone:
                continue
            self._wake()
            if task is not None:
                self._append(line, task)
            else:
                line.region.ready.append(line)

    def _leave(self, place: Place) -> None:
        for gate in self._limiter.leave(place):
            self._open(gate)

    def _open(self, gate: Gate) -> None:
        while gate.waiting and not gate.is_full:
            line: _Line = gate.waiting.popleft()
            if not line.region.guest.is_gone:
                line.woken_by = gate
                line.region.ready.append(line)
                self._wake()
                return

    def _remove(self, guest: Guest) -> None:
        with self._changed:
            guest.is_gone = True
            self._guests.remove(guest)
            self._threads -= guest.busy  # these may hang: others take their turns, and they end when they come back
            for account in {place.account for region in guest.regions.values() for place in region.lines}:
                self._limiter.forget(account)
            guest.regions.clear()
            for _ in range(self._idle):  # there may be more threads for the others now
                self._wake()

    # -- the threads -------------------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while (turn := self._turn()) is not None:
            line, task = turn
            self._local.granted = self._local.held = line.place
            self._flying[threading.get_ident()] = InFlight(line.place, self._now())
            try:
                task()
            finally:
                del self._flying[threading.get_ident()]
                is_lost = self._done(line)
            if is_lost:
                return

    def _turn(self) -> tuple[_Line, Task] | None:
        with self._changed:
            while (turn := self._next()) is None:
                self._idle += 1
                woken = self._changed.wait(self._patience())
                self._idle -= 1
                self._called = max(self._called - 1, 0) if woken else min(self._called, self._idle)
                if not woken and not self._timed and not self._guests:
                    self._threads -= 1
                    return None
            turn[0].region.busy += 1
            turn[0].region.guest.busy += 1
            if self._timed and self._idle > self._called:
                self._wake()  # somebody must know when the next one is due
            return turn

    def _patience(self) -> float:
        return max(self._timed[0][0] - self._now(), 0.0) if self._timed else _IDLE

    def _done(self, line: _Line) -> bool:
        """Whether the thread is counted no more."""
        with self._changed:
            held: Place | None = self._local.held
            if held is not None:
                self._leave(held)
            line.region.busy -= 1
            line.region.guest.busy -= 1
            return line.region.guest.is_gone


def _busy(one: Guest | _Region) -> int:
    return one.busy


def settled(pages: Iterable[Any], cancel: Cancel) -> Iterator[Any]:
    """Pages without the waiting, for whoever reads them outside of the pool. Raises Cancelled."""
    for page in pages:
        if isinstance(page, Pending):
            page.sit_out(cancel)
        else:
            yield page
