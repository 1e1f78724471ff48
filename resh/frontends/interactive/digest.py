"""How events print: each as a line; in a flood, one line a second that counts them. All of them are in the log.

    digest = Digest()
    digest.add(event, now)              # now: seconds of any clock that only goes forward
    digest.due(now)                     # seconds until there is something to print; None: nothing waits
    digest.take(now)                    # events and floods that are due, in their order

What waits while a command prints is bounded, too: beyond `MOST_WAITING` lines the rest is counted.
"""

from __future__ import annotations

from collections import Counter

from resh.events.event import ERROR, INFO, WARNING, Event
from resh.events.filter import rank

LINES_A_SECOND = 50
MOST_WAITING = 200
SECOND = 1.0
BATCH_SECONDS = 0.05
_NAMED = 3


class Flood:
    """Events that are only counted; `since` is when the first of them came, by the clock of the digest."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.first = 0
        self.at = 0.0
        self.types = Counter[str]()
        self.severities = Counter[str]()

    def add(self, event: Event) -> None:
        self.first = self.first or event.seq
        self.at = event.at
        self.types[event.type] += 1
        self.severities[event.severity] += 1

    @property
    def severity(self) -> str:
        return max(self.severities, key=rank, default=INFO)

    @property
    def text(self) -> str:
        """`1,000 events: 940 resource_cleaned, 60 cleanup_failed (60 errors): events --after 4711`"""
        named = [f"{count:,} {type}" for type, count in self.types.most_common(_NAMED)]
        if rest := self.types.total() - sum(count for _, count in self.types.most_common(_NAMED)):
            named.append(f"{rest:,} others")
        bad = [_counted(self.severities[name], name) for name in (WARNING, ERROR) if self.severities[name]]
        where = f": events --after {self.first - 1}" if self.first else ""
        trouble = f" ({', '.join(bad)})" if bad else ""
        return f"{_counted(self.types.total(), 'event')}: {', '.join(named)}{trouble}{where}"


class Digest:
    def __init__(self) -> None:
        self._waiting: list[Event | Flood] = []
        self._second = float("-inf")
        self._in_second = 0
        self._flooding = False

    def add(self, event: Event, now: float) -> None:
        self._turn(now)
        self._in_second += 1
        self._flooding = self._flooding or self._in_second > LINES_A_SECOND
        if self._flooding or len(self._waiting) >= MOST_WAITING:
            self._flood(now).add(event)
        else:
            self._waiting.append(event)

    def due(self, now: float) -> float | None:
        if not self._waiting:
            return None
        first = self._waiting[0]
        return max(BATCH_SECONDS, first.since + SECOND - now) if isinstance(first, Flood) else BATCH_SECONDS

    def take(self, now: float, *, whole: bool = False) -> list[Event | Flood]:
        """A flood that began less than a second ago goes on, unless the `whole` is wanted."""
        items, self._waiting = self._waiting, []
        if items and not whole and isinstance(items[-1], Flood) and now < items[-1].since + SECOND:
            self._waiting.append(items.pop())
        return items

    def _turn(self, now: float) -> None:
        """A flood is over after a second with few enough events."""
        if now >= self._second + SECOND:
            self._flooding = self._in_second > LINES_A_SECOND and now < self._second + 2 * SECOND
            self._second, self._in_second = now, 0

    def _flood(self, now: float) -> Flood:
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, Flood):
            return last
        flood = Flood(now)
        self._waiting.append(flood)
        return flood


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
