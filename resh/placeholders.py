"""Placeholders in arguments: `@TODAY@`, `@NOW@`, … are replaced as text before a command sees its arguments. All times are UTC.

fill("/metadata.expires < \\"@NOW@\\"", now)
"""

from __future__ import annotations

import re
import time

_PLACEHOLDER = r"@([A-Za-z_]+)@"
_LAST_RESULT = r"(?<![\w$\\'\"])\$(\d{1,6}|_)(?!\w)"
_DAY = 86400
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

PLACEHOLDERS: dict[str, str] = {
    "NOW": "%Y-%m-%dT%H:%M:%SZ",
    "UTC": "%Y-%m-%dT%H:%M:%SZ",
    "TODAY": "%Y-%m-%d",
    "TOMORROW": "%Y-%m-%d",
    "YESTERDAY": "%Y-%m-%d",
    "YEAR": "%Y",
    "MONTH": "%m",
    "DAY": "%d",
    "TIME": "%H:%M:%S",
    "HOUR": "%H",
    "MINUTE": "%M",
    "SECOND": "%S",
    "TZ": "UTC",
    "TZ_OFFSET": "+0000",
    **dict.fromkeys(_WEEKDAYS, "%Y-%m-%d"),
}
_SHIFT = {"TOMORROW": _DAY, "YESTERDAY": -_DAY}


def fill(text: str, now: float) -> str:
    """Replace every placeholder that we know, in upper or lower case; other text between @ stays."""
    if "@" not in text:
        return text
    return re.sub(_PLACEHOLDER, lambda found: value(found[1].upper(), now) or found[0], text)


def masked(text: str) -> str:
    """The text with a word of the same length for every placeholder, for whoever reads it before it is filled.

    `$1` and `$_` of the shell, which are an id and a list of ids by then, are masked, too.
    """
    if "$" in text:
        text = re.sub(_LAST_RESULT, lambda found: "[]" if found[1] == "_" else "x" * len(found[0]), text)
    if "@" not in text:
        return text
    return re.sub(_PLACEHOLDER, lambda found: "x" * len(found[0]) if found[1].upper() in PLACEHOLDERS else found[0], text)


def value(name: str, now: float) -> str | None:
    """What the placeholder stands for; a weekday is today or the next such day. None when there is no such placeholder."""
    form = PLACEHOLDERS.get(name)
    if form is None:
        return None
    moment = now + _SHIFT.get(name, 0)
    if name in _WEEKDAYS:
        moment += (_WEEKDAYS.index(name) - time.gmtime(now).tm_wday) % 7 * _DAY
    return time.strftime(form, time.gmtime(moment))
