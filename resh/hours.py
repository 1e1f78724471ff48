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
    words = text.lower().split()
    spans, days = [word for word in words if _SPAN.fullmatch(word)], [word for word in words if not _SPAN.fullmatch(word)]
    if further := [*days[1:], *spans[1:]]:
        raise BadValue(f"'{further[0]}' is one too many: there is room for days and a time", _EXAMPLE)
    on = frozenset(_days(days[0])) if days else frozenset(range(7))
    return Hours(on, *_span(spans[0])) if spans else Hours(on)


def _span(word: str) -> tuple[time, time]:
    start_hour, start_minute, end_hour, end_minute = re.findall(r"\d+", word)
    return _time(word, start_hour, start_minute), _time(word, end_hour, end_minute)


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
