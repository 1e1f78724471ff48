"""Counts calls that are no part of an account's collect: those that find accounts, and those of clean-ups, `tag`, `refresh` and `aws`.

    counting = Counting("cleanup")
    with counting:
        provider.delete(node)                      # what this thread calls is counted
        pool.map(carried(provider.delete), nodes)  # and what the pool's threads call
    counting.keep(counts, "01a7", graph.accounts)

Providers tell `called` of each such call. Whom it counts for depends on the thread alone, so that nothing that deletes, tags or reads a
single resource has to hand it on; a call that nobody counts is forgotten.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from resh.errors import ReshError
from resh.graph import base as graph
from resh.providers.base import Account, Heard
from resh.providers.limiter import Place
from resh.providers.tally import Tally
from resh.state.calls import AccountCalls, CallCounts

P = ParamSpec("P")
T = TypeVar("T")
Hear = Callable[[str, Place, Heard], None]
"""Is told the cloud, where the call went, and how."""

_EAR: ContextVar[Hear | None] = ContextVar("ear", default=None)


def called(cloud: str, place: Place, heard: Heard) -> None:
    """A call was made in this thread. The account of its place is empty where it belongs to none."""
    if hear := _EAR.get():
        hear(cloud, place, heard)


@contextmanager
def heard_by(hear: Hear | None) -> Iterator[None]:
    """Calls of this thread are told there. Nothing may be yielded to others meanwhile: they would be heard, too."""
    token = _EAR.set(hear)
    try:
        yield
    finally:
        _EAR.reset(token)


@contextmanager
def also_heard_by(hear: Hear) -> Iterator[None]:
    """Calls of this thread are told there, and to whom they were told before."""
    before = _EAR.get()

    def both(cloud: str, place: Place, heard: Heard) -> None:
        hear(cloud, place, heard)
        if before:
            before(cloud, place, heard)

    with heard_by(both):
        yield


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The same work for another thread: whoever hears the calls of this one hears those."""
    hear = _EAR.get()

    def heard(*args: P.args, **kwargs: P.kwargs) -> T:
        with heard_by(hear):
            return work(*args, **kwargs)

    return heard


class Counting:
    """By account, for one purpose. Its `with` block may be entered several times, one after the other."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose
        self._tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
        self._lock = threading.Lock()
        self._entered = ExitStack()

    def __enter__(self) -> Counting:
        self._entered.enter_context(heard_by(self._hear))
        return self

    def __exit__(self, *exc: object) -> None:
        self._entered.close()

    def keep(self, counts: CallCounts, run: str, accounts: Callable[[], Iterable[Account | graph.Account]] = tuple) -> ReshError | None:
        """Write what was counted until now; what went wrong, if something did. `accounts` gives those whose names are known."""
        with self._lock:
            tallies, self._tallies = self._tallies, defaultdict(Tally)
        try:
            names = {(account.cloud, account.id): account.name for account in accounts()} if tallies else {}
            for (cloud, account), tally in sorted(tallies.items()):
                counts.add(run, AccountCalls(cloud, account, names.get((cloud, account), ""), tally.taken(), self._purpose))
        except ReshError as error:
            return error
        return None

    def _hear(self, cloud: str, place: Place, heard: Heard) -> None:
        with self._lock:
            self._tallies[cloud, place.account].add(place, heard)
