"""When something on a schedule is due: a cron expression or an interval, with some jitter if wanted.

    timing = parse("0 9 * * MON-FRI")               # minute, hour, day of month, month, day of week; also @hourly and its like
    timing = parse("every 15m ~ 1m")                # at multiples of 15 minutes, up to a minute later
    timing.after(now, ZoneInfo("Europe/Berlin"), "job nag")         # epoch seconds

A cron expression is met in its time zone as Debian's cron does: a time that daylight saving skips is made up for, one that comes twice
counts once, hourly is every real hour. An interval counts from 1970, whatever ran when, so that nothing drifts. The jitter of a name and a
time is always the same: two processes expect the same moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zlib import crc32

from resh.durations import parse_duration
from resh.errors import BadValue
from resh.record import Record
from resh.text import did_you_mean

NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
FORMS = "write five fields, such as 0 9 * * MON-FRI (minute, hour, day of month, month, day of week), @hourly, or every 15m"
SHORTEST = 1.0
"""Seconds of the shortest interval."""
_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")


class Timing(Record):
    """Either `cron` or `every` (seconds); `jitter` is the longest delay in seconds."""

    cron: str = ""
    every: float = 0.0
    jitter: float = 0.0

    def after(self, moment: float, zone: tzinfo, name: str = "") -> float:
        """The first time after `moment`; `name` is what is due, and tells its jitter from others'."""
        for due in self._due(moment - self.jitter, zone):
            if (delayed := due + self._delay(due, name)) > moment:
                return delayed
        raise AssertionError("a schedule goes on for ever")

    def _due(self, moment: float, zone: tzinfo) -> Iterator[float]:
        if self.every:
            number = moment // self.every
            while True:
                number += 1
                yield number * self.every
        from cronsim import CronSim

        for match in CronSim(self.cron, datetime.fromtimestamp(moment, zone)):
            if match.timestamp() > moment:  # in the hour that comes twice the library may offer the first again
                yield match.timestamp()

    def _delay(self, due: float, name: str) -> float:
        return self.jitter * crc32(f"{name} {due:.0f}".encode()) / 0x1_0000_0000 if self.jitter else 0.0


def parse(text: str) -> Timing:
    """Raises BadValue with the word that is wrong and the forms that there are."""
    words, tilde, jitter = text.partition("~")
    most = _seconds(jitter, text) if tilde else 0.0
    words = words.strip()
    if words.startswith("every"):
        return Timing(every=_interval(words.removeprefix("every"), text), jitter=most)
    cron = NAMED.get(words.lower(), words)
    if cron.startswith("@"):
        raise BadValue(f"'{words}' is no schedule", did_you_mean(words, NAMED) or FORMS)
    _check_cron(cron)
    return Timing(cron, jitter=most)


def _interval(words: str, text: str) -> float:
    seconds = _seconds(words, text)
    if seconds < SHORTEST:
        raise BadValue(f"'{text}' is too often", "the shortest interval is 1s")
    return seconds


def _seconds(words: str, text: str) -> float:
    try:
        seconds = parse_duration(words.strip())
    except BadValue as error:
        raise BadValue(f"'{text}' is no schedule: {error.message}", FORMS) from None
    if seconds < 0:
        raise BadValue(f"'{text}' is no schedule: {words.strip()} is negative", FORMS)
    return seconds


def _check_cron(expression: str) -> None:
    from cronsim import CronSim, CronSimError

    words = expression.split()
    if len(words) != len(_FIELDS):
        raise BadValue(f"'{expression}' is not a cron expression: it has {len(words)} fields", FORMS)
    try:
        CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        field = re.sub("^Bad ", "", str(error))
        word = words[_FIELDS.index(field)] if field in _FIELDS else expression
        raise BadValue(f"'{expression}' is not a cron expression: '{word}' is no {field}", FORMS) from None
