"""How many may come: connections of all and of one address, those that have not logged in yet, attempts, sessions of all and of one user.

    refused = doorkeeper.arrives("192.0.2.1")        # "" or why not
    doorkeeper.logged_in("192.0.2.1"); doorkeeper.leaves("192.0.2.1", logged_in=True)

Without a login a connection costs a key exchange, which everybody else waits for; so addresses get few of them at a time, and those that
fail again and again wait longer each time. Knows nothing of SSH; the clock is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import TypeVar

from resh.record import Record

T = TypeVar("T")
MOST_ADDRESSES = 10_000
"""Addresses to remember failures of; the oldest are forgotten first."""
FREE_FAILURES = 5
LONGEST_PAUSE = 300.0
FORGOTTEN_AFTER = 900.0


class Most(Record):
    sessions: int = 100
    user_sessions: int = 20
    connections: int = 200
    startups: int = 40
    address_startups: int = 10
    """Connections that have not logged in: of all, and of one address."""
    rate: int = 10
    """Connections a second, of one address."""
    exempt: tuple[str, ...] = ()
    """Networks that neither the rate nor the pause after failures is for: many people come from a bastion."""


class Doorkeeper:
    def __init__(self, most: Callable[[], Most], now: Callable[[], float]) -> None:
        self._most = most
        self._now = now
        self._connections = 0
        self._startups: Counter[str] = Counter()
        self._failures: dict[str, tuple[int, float]] = {}
        self._arrivals: dict[str, tuple[float, float]] = {}
        self._sessions: Counter[str] = Counter()

    def arrives(self, address: str) -> str:
        """Why the connection is refused; when it is not, it counts until it `leaves`."""
        most = self._most()
        if self._connections >= most.connections:
            return "too many connections"
        if self._startups.total() >= most.startups:
            return "too many connections that have not logged in"
        if reason := "" if _within(address, most.exempt) else self._holds_back(address, most):
            return reason
        self._connections += 1
        self._startups[address] += 1
        return ""

    def logged_in(self, address: str) -> None:
        self._started(address)
        self._failures.pop(address, None)

    def leaves(self, address: str, logged_in: bool, failed: bool = False) -> None:
        self._connections -= 1
        if not logged_in:
            self._started(address)
        if failed:
            self._remember(self._failures, address, (self._failed(address) + 1, self._now()))

    def admits(self, user: str) -> str:
        """Why the user gets no further session; "" when there is room."""
        most = self._most()
        if self._sessions.total() >= most.sessions:
            return f"there are {most.sessions} sessions already"
        return f"{user} has {most.user_sessions} sessions already" if self._sessions[user] >= most.user_sessions else ""

    def opens(self, user: str) -> None:
        self._sessions[user] += 1

    def closes(self, user: str) -> None:
        self._sessions[user] -= 1
        self._sessions += Counter()

    @property
    def counts(self) -> tuple[int, int, int]:
        """Connections, those of them without a login, sessions."""
        return self._connections, self._startups.total(), self._sessions.total()

    def _started(self, address: str) -> None:
        self._startups[address] -= 1
        self._startups += Counter()

    def _failed(self, address: str) -> int:
        count, at = self._failures.get(address, (0, 0.0))
        return count if self._now() < at + FORGOTTEN_AFTER else 0

    def _pause(self, address: str) -> float:
        """Until when the address has to wait."""
        over = self._failed(address) - FREE_FAILURES
        return self._failures[address][1] + min(2.0**over, LONGEST_PAUSE) if over >= 0 else 0.0

    def _holds_back(self, address: str, most: Most) -> str:
        if self._startups[address] >= most.address_startups:
            return "too many connections of this address that have not logged in"
        if self._pause(address) > self._now():
            return "failed too often"
        return "" if self._in_time(address, most.rate) else "too many connections a second"

    def _in_time(self, address: str, rate: int) -> bool:
        """A bucket for each address that holds one second's worth."""
        left, at = self._arrivals.get(address, (float(rate), self._now()))
        left = min(float(rate), left + (self._now() - at) * rate)
        self._remember(self._arrivals, address, (left - 1 if left >= 1 else left, self._now()))
        return left >= 1

    @staticmethod
    def _remember(known: dict[str, T], address: str, what: T) -> None:
        known.pop(address, None)
        known[address] = what
        if len(known) > MOST_ADDRESSES:
            del known[next(iter(known))]


def _within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
    except ValueError:  # a setting that is no network opens nothing
        return False
