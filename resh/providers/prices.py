"""What things cost on demand, by region: the same for every account, so it is read once for all of them and remembered between starts.

    prices = Prices(clock, packaged, every=lambda: 7 * 86400.0, stored=tables.prices)
    prices.wait("aws_ec2_instance_price", "eu-west-1")                   # seconds until it is to be read again
    prices.learn("aws_ec2_instance_price", "eu-west-1", {"t3.micro": 0.0114})
    prices.lent("aws_ec2_instance_price", "eu-west-1", "t3.micro")       # {'ondemand_cost': 0.0114}, {} where it is not known
    prices.remember()

What a cloud told goes before what a package knows. A price of one region says nothing about another, and none is not free: it is unknown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple, Protocol

from resh.clock import Clock, SystemClock

COST = "ondemand_cost"

Table = Mapping[str, float]
"""Prices by the id of what is sold."""


class Stored(Protocol):
    """Where they are kept between two starts; a row has kind, region, at and prices. `stamp` is another one after each change."""

    def stamp(self) -> object: ...

    def rows(self) -> list[dict[str, Any]]: ...

    def store(self, rows: Iterable[dict[str, Any]]) -> None: ...


class _Learned(NamedTuple):
    at: float
    """Epoch seconds."""
    table: Table


def _nothing(kind: str, region: str) -> Table:
    return {}


class Prices:
    """Safe for threads. `offline` knows prices without any call: by the kind of the price list and the region."""

    def __init__(
        self,
        clock: Clock | None = None,
        offline: Callable[[str, str], Table] = _nothing,
        every: Callable[[], float] = lambda: 0.0,
        stored: Stored | None = None,
    ) -> None:
        self._clock, self._offline, self._every, self._stored = clock or SystemClock(), offline, every, stored
        self._learned: dict[tuple[str, str], _Learned] = {}
        self._fresh: set[tuple[str, str]] = set()
        self._stamp: object = None
        self._lock = threading.Lock()

    def wait(self, kind: str, region: str) -> float:
        """Seconds until a price list is to be read again; not above 0 when it is time."""
        with self._lock:
            self._follow()
            learned = self._learned.get((kind, region))
        return learned.at + self._every() - self._clock.now() if learned else 0.0

    def learn(self, kind: str, region: str, table: Table) -> None:
        """A whole price list, just read."""
        with self._lock:
            self._learned[kind, region] = _Learned(self._clock.now(), _known(table))
            self._fresh.add((kind, region))

    def lent(self, kind: str, region: str, id: str) -> dict[str, float]:
        """What a node of that id takes over."""
        with self._lock:
            if self._stamp is None:
                self._follow()
            learned = self._learned.get((kind, region))
            cost = learned.table.get(id) if learned else None
            if cost is None:
                cost = self._offline(kind, region).get(id)
        return {} if cost is None else {COST: cost}

    def remember(self) -> None:
        """Store what was learned since it was last stored."""
        with self._lock:
            fresh, self._fresh = self._fresh, set()
            if fresh and self._stored:
                self._stored.store([_row(*place, self._learned[place]) for place in sorted(fresh)])

    def _follow(self) -> None:
        """Take up what another process has stored, unless this one has learned it later."""
        if self._stored is None or (stamp := self._stored.stamp()) == self._stamp:
            return
        self._stamp = stamp
        for row in self._stored.rows():
            place = str(row["kind"]), str(row["region"])
            if place not in self._learned or self._learned[place].at < row["at"]:
                self._learned[place] = _Learned(float(row["at"]), _known(row["prices"]))


def _known(table: Mapping[str, Any]) -> dict[str, float]:
    """Without what is no price: lists have entries at 0 for what is paid in another way."""
    return {id: float(cost) for id, cost in table.items() if is_price(cost)}


def is_price(cost: Any) -> bool:
    return isinstance(cost, int | float) and not isinstance(cost, bool) and isfinite(cost) and cost > 0


def _row(kind: str, region: str, learned: _Learned) -> dict[str, Any]:
    return {"kind": kind, "region": region, "at": learned.at, "prices": dict(learned.table)}
