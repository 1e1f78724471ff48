"""Who may call now: declared limits, calls in flight of a service, and a pace that each operation learns from the cloud's throttling.

    limiter = Limiter(limits, per_service=8)
    blocked = limiter.enter(place)      # None: the call is made now; seconds until it may be tried; or the gate that must open first
    limiter.heard(place, throttled=True)
    limiter.leave(place)                # the gates that have room again

An operation runs free until the cloud throttles it in a region of an account. From then on it has a pace: cut at each throttling, rising
slowly while there is none, dropped when it is far above what was too much. Nothing else is slowed. Paces are remembered between runs.
Not safe for threads: the pool asks under its lock.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from resh.limits import Limit

_CUT, _FIRST_CUT = 0.7, 0.5
_SLOWEST = 0.2  # calls a second
_RISE = 0.05  # of the pace that was too much, each second without throttling
_FREE = 2.0  # times the pace that was too much: then none is needed any more
_DEAF = 1.0  # seconds after a cut in which calls that were on their way may be throttled, too: they say nothing new
_REMEMBERED = 7 * 86400.0  # seconds


class Place(NamedTuple):
    """What a limit may count; `operation` as clouds write it (`ec2:DescribeVolumes`). A task without a service makes no call."""

    account: str
    region: str
    service: str = ""
    operation: str = ""


class Learned(NamedTuple):
    """A pace as it is remembered: calls a second, the pace that was too much, when it was learned (epoch seconds)."""

    rate: float
    excess: float
    at: float


Memory = Mapping[Place, Learned]


@dataclass(eq=False, slots=True)
class Gate:
    """A bucket of tokens and a number of places. `waiting` are those who wait for a place; the pool keeps them."""

    rate: float = 0.0
    burst: float = 0.0
    concurrency: int = 0
    tokens: float = 0.0
    filled: float = 0.0
    busy: int = 0
    waiting: deque[Any] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until a token is there."""
        if not self.rate:
            return 0.0
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate

    @property
    def is_full(self) -> bool:
        return bool(self.concurrency) and self.busy >= self.concurrency


class Pace:
    """How fast one operation may be called, learned from throttling; see the module."""

    def __init__(self, learned: Learned | None = None) -> None:
        self._gate = Gate()
        self._excess = 0.0
        self._sent: deque[float] = deque(maxlen=256)
        self._cut_at = self._risen_at = float("-inf")
        if learned:
            self._excess = learned.excess
            self._set(learned.rate)

    @property
    def rate(self) -> float:
        """Calls a second; 0 when it is free."""
        return self._gate.rate

    @property
    def excess(self) -> float:
        return self._excess

    def wait(self, now: float) -> float:
        if not self._gate.rate:
            return 0.0
        self._rise(now)
        return self._gate.wait(now)

    def sent(self, now: float) -> None:
        self._sent.append(now)
        if self._gate.rate:
            self._gate.tokens -= 1

    def throttled(self, now: float) -> None:
        if now - self._cut_at < _DEAF:
            return
        if self._gate.rate:
            self._excess, rate = self._gate.rate, self._gate.rate * _CUT
        else:
            self._excess = float(max(1, sum(now - at < 1 for at in self._sent)))
            rate = self._excess * _FIRST_CUT
        self._cut_at = self._risen_at = now
        self._set(max(rate, _SLOWEST))
        self._gate.tokens, self._gate.filled = 0.0, now

    def _rise(self, now: float) -> None:
        """Only while it is used: a pause of an hour proves nothing."""
        seconds = min(now - self._risen_at, 1.0)
        self._risen_at = now
        self._set(self._gate.rate + max(self._excess, _SLOWEST) * _RISE * seconds)
        if self._gate.rate > max(self._excess, 1.0) * _FREE:
            self._gate.rate = 0.0

    def _set(self, rate: float) -> None:
        self._gate.rate, self._gate.burst = rate, max(rate, 1.0)


@dataclass(eq=False, slots=True)
class _Gates:
    """All that a call of one place passes."""

    pace: Pace
    gates: Sequence[Gate]


class Limiter:
    def __init__(
        self, limits: Sequence[Limit] = (), per_service: int = 0, memory: Memory | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits, self._per_service, self.now = limits, per_service, now
        self._memory = memory or {}
        self._places: dict[Place, _Gates] = {}
        self._shared: dict[tuple[object, ...], Gate] = {}

    def enter(self, place: Place) -> float | Gate | None:
        """None: it is counted as sent and in flight until `leave`."""
        if not place.service:
            return None
        passed, now = self._gates(place), self.now()
        full = next((gate for gate in passed.gates if gate.is_full), None)
        if full is not None:
            return full
        if wait := max((passed.pace.wait(now), *(gate.wait(now) for gate in passed.gates))):
            return wait
        passed.pace.sent(now)
        for gate in passed.gates:
            gate.tokens -= 1
            gate.busy += 1
        return None

    def leave(self, place: Place) -> Sequence[Gate]:
        if not place.service:
            return ()
        gates = self._gates(place).gates
        for gate in gates:
            gate.busy -= gate.busy > 0  # a call that hung may come back after all was forgotten
        return gates

    def heard(self, place: Place, throttled: bool) -> None:
        if throttled:
            self._gates(place).pace.throttled(self.now())

    def learned(self, at: float) -> dict[Place, Learned]:
        """Paces as of now, and those from before that nobody needed since; not the ones that are free again."""
        kept = {place: old for place, old in self._memory.items() if place not in self._places and at - old.at < _REMEMBERED}
        paced = ((place, passed.pace) for place, passed in self._places.items() if passed.pace.rate)
        return kept | {place: Learned(round(pace.rate, 2), round(pace.excess, 2), at) for place, pace in paced}

    def forget(self, account: str) -> None:
        """Its collect is over: only paces stay, there may be thousands of accounts."""
        for place in [place for place, passed in self._places.items() if place.account == account and not passed.pace.rate]:
            del self._places[place]
        for key in [key for key, gate in self._shared.items() if key[1] == account and not gate.busy and not gate.waiting]:
            del self._shared[key]

    def _gates(self, place: Place) -> _Gates:
        found = self._places.get(place)
        if found is None:
            found = self._places[place] = _Gates(Pace(self._memory.get(place)), tuple(self._declared(place)))
        return found

    def _declared(self, place: Place) -> Iterable[Gate]:
        if self._per_service:
            yield self._gate(Limit(concurrency=self._per_service), "service", place.account, place.region, place.service)
        for number, limit in enumerate(self._limits):
            if limit.fits(*place):
                yield self._gate(limit, number, place.account, place.region)

    def _gate(self, limit: Limit, *key: object) -> Gate:
        if key not in self._shared:
            self._shared[key] = Gate(limit.rate, limit.burst, limit.concurrency, limit.burst, self.now())
        return self._shared[key]
