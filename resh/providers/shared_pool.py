"""The pool of a provider, as its settings want it, and the memory of the paces that its operations have learned.

    calls = SharedPool(settings, clock, tables.paces)
    with calls.pool.guest() as guest: ...
    calls.remember(id)                           # after a collect

A pool is made anew when settings have changed: what runs goes on with the old one, and what that learned goes along.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from resh.clock import Clock
from resh.limits import parse
from resh.providers.limiter import Learned, Limiter, Memory, Place
from resh.providers.pool import Pool
from resh.settings import Settings


class Paces(Protocol):
    """Where paces are kept between two starts; a row has the fields of Place and of Learned."""

    def rows(self) -> list[dict[str, Any]]: ...

    def replace(self, account: str, rows: Iterable[dict[str, Any]]) -> None: ...


class SharedPool:
    def __init__(self, settings: Settings, clock: Clock, paces: Paces | None = None) -> None:
        self._settings, self._clock, self._paces = settings, clock, paces
        self._lock = threading.Lock()
        self._made_for: object = None
        self._pool: Pool | None = None
        self._memory: Memory = {}

    @property
    def pool(self) -> Pool:
        settings = self._settings
        wanted = settings.number("aws.concurrency"), settings.number("aws.service_concurrency"), settings.get("aws.limits")
        with self._lock:
            if self._pool is None:
                self._memory = dict(map(_remembered, self._paces.rows())) if self._paces else {}
            if self._pool is None or wanted != self._made_for:
                threads, per_service, limits = wanted
                memory = self._pool.learned(self._clock.now()) if self._pool else self._memory
                self._pool, self._made_for = Pool(threads, Limiter(parse(limits), per_service, memory)), wanted
            return self._pool

    def oldest(self) -> tuple[Place, float] | None:
        """The call that has been in flight longest, and for how many seconds; no pool is made for the question."""
        with self._lock:
            pool = self._pool
        return pool.oldest() if pool else None

    def remember(self, account: str) -> None:
        """What was learned in its collect; written only when it is not what was known."""
        learned = {place: pace for place, pace in self.pool.learned(self._clock.now()).items() if place.account == account}
        with self._lock:
            known = {place: pace for place, pace in self._memory.items() if place.account == account}
            if self._paces is None or _rates(learned) == _rates(known):
                return
            others = {place: pace for place, pace in self._memory.items() if place.account != account}
            self._memory = others | learned
            self._paces.replace(account, [place._asdict() | pace._asdict() for place, pace in learned.items()])


def _remembered(row: Mapping[str, Any]) -> tuple[Place, Learned]:
    return Place(*(str(row[name]) for name in Place._fields)), Learned(*(float(row[name]) for name in Learned._fields))


def _rates(memory: Memory) -> dict[Place, float]:
    return {place: learned.rate for place, learned in memory.items()}
