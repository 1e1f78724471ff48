"""The calls of one account's collect, counted by region and operation: what `calls` shows.

    tally = Tally()
    tally.add(place, Heard(seconds=0.08, size=4096))        # from several threads
    tally.taken()                                           # the counts so far, which begin anew

However many calls there are, there is one count for each operation in each region.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from resh.providers.base import Heard
from resh.providers.limiter import Place
from resh.state.calls import CallCount

_MOST_CODES = 20  # of errors of one operation in one region; further ones are counted together


class Tally:
    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], CallCount] = {}
        self._lock = threading.Lock()

    def add(self, place: Place, heard: Heard) -> None:
        with self._lock:
            count = self._count(place.region, place.operation)
            count.calls += 1
            count.units += heard.units
            count.took(heard.seconds)
            if heard.size is None:
                count.unsized += 1
            else:
                count.bytes += heard.size
            if heard.repeated:
                count.repeated += 1
            if heard.error:
                count.throttled += heard.throttled
                known = heard.error in count.errors or len(count.errors) < _MOST_CODES
                code = heard.error if known else "other"
                count.errors[code] = count.errors.get(code, 0) + 1

    def include(self, counts: Iterable[CallCount]) -> None:
        """Those of another tally."""
        with self._lock:
            for count in counts:
                self._count(count.region, count.operation).add(count)

    def taken(self) -> tuple[CallCount, ...]:
        with self._lock:
            counts, self._counts = self._counts, {}
        return tuple(counts.values())

    def _count(self, region: str, operation: str) -> CallCount:
        count = self._counts.get((region, operation))
        if count is None:
            count = self._counts[region, operation] = CallCount(region, operation)
        return count
