"""Times at which something may be deleted: `mon-fri 09:00-17:00`, `sat,sun`, `22:00-06:00`.

hours = parse("mon-fri 09:00-17:00")
hours.contain(datetime.now(ZoneInfo("Europe/Berlin")))
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from resh.errors import BadValue

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EXAMPLE = "write it like mon-fri 09:00-17:00"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Hours:
    """`days` counts from Monday, 0; a span that ends before it begins goes over midnight and belongs to the day on which it begins."""

    days: frozenset[int]
    start: time = time.min
    end: time = time.min

    def contain(self, moment: datetime) -> bool:
        now, today = moment.time(), moment.weekday()
        if self.start < self.end:
            return today in self.days and self.start <= now < self.end
        if now >= self.start:
            return today in self.days
        return now < self.end and (today - 1) % 7 in self.days


def parse(text: str) -> Hours:
    """Raises BadValue with the word that is wrong."""
    days, span = frozenset(range(7)), (time.min, time.min)
    for word in text.lower().split():
        if found := _SPAN.fullmatch(word):
            span = (_time(word, found[1], found[2]), _time(word, found[3], found[4]))
        else:
            days = frozenset(_days(word))
    return Hours(days, *span)


def _days(word: str) -> Iterator[int]:
    for part in word.split(","):
        first, _, last = part.partition("-")
        start, end = _day(first, word), _day(last or first, word)
        yield from ((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day(name: str, word: str) -> int:
    if name not in DAYS:
        raise BadValue(f"'{name or word}' is neither a day nor a time", _EXAMPLE)
    return DAYS.index(name)


def _time(word: str, hour: str, minute: str) -> time:
    if hour == "24" and minute == "00":
        return time.min
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise BadValue(f"'{word}' has no such time", _EXAMPLE) from None
