"""What a value in a search means for a property whose type kinds declare, and for one of which nothing is known.

    forms("2026-01-01", {TIME}, "ctime", now)          texts 2026-01-01 and 2026-01-01T00:00:00Z
    bound(">", "365d", {NUMBER}, "keep_days", now)     the number 365
    bound("<", 5, {TEXT}, "release", now)              the text 5, and the number

A type adds a meaning to those that a value has without it: documents may hold anything, whatever is declared. Only a day that is compared
by size with times is something else than its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from resh.clock import iso
from resh.errors import BadValue
from resh.record import Record

TEXT, NUMBER, FLAG, TIME, DAY, DURATION = "text", "number", "flag", "time", "day", "duration"
_CATEGORIES = {"string": TEXT, "boolean": FLAG, "datetime": TIME, "date": DAY, "duration": DURATION}
_CATEGORIES |= dict.fromkeys(("int32", "int64", "float", "double", "number"), NUMBER)

_DATES = frozenset((TIME, DAY))
_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"
_ANY_NUMBER = r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?\s*"
_LONGEST = 18  # as many digits are a whole number for SQLite
_LONG = 400  # no number, date or duration is longer
_MOMENT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*"
_BEGUN = r"([1-9]\d{3})(?:-(\d\d))?"
_MIDNIGHT = "T00:00:00Z"
_FLAGS = {"true": True, "false": False}
_LAST = "~"  # behind a day it comes after all that begins with the day
_BEGINS = frozenset("0123456789+-.P")
"""What begins with something else means the same for every type."""
_FIRST = _BEGINS | frozenset("tTfF")
"""What a text begins with that may be more than a text: a number, a date, a duration, true or false."""
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 7 * 86400}

Types = frozenset[str]
Now = Callable[[], float]


class Forms(Record):
    """All that equals a value: texts, numbers, true and false."""

    texts: tuple[str, ...] = ()
    numbers: tuple[int | float, ...] = ()
    flags: frozenset[bool] = frozenset()


class Bound(Record):
    """What texts and numbers are compared with; nothing where they do not fit at all. A text that is a date is compared with `date`."""

    text: str | None = None
    number: int | float | None = None
    date: str | None = None


def category(declared: str) -> str:
    """Which of the types above a declared one is; of lists that of the elements. Nothing for `any` and objects."""
    return _CATEGORIES.get(declared.removesuffix("[]"), "")


def depends(operator: str, value: object) -> bool:
    """Whether it matters what type a value is compared with."""
    if isinstance(value, tuple):
        return any(depends(operator, item) for item in value)
    if isinstance(value, str):
        return value.lstrip()[:1] in _BEGINS
    return isinstance(value, (int, float)) and not isinstance(value, bool) and (operator[0] in "<>" or value in (0, 1))


def forms(value: bool | int | float | str, types: Types, name: str, now: Now) -> Forms:
    """What equals the value, of a property with this last name."""
    if isinstance(value, str) and (value.lstrip()[:1] not in _FIRST or len(value) > _LONG):
        return Forms((value,))
    if isinstance(value, bool):
        word = str(value)
        return Forms((word.lower(), word, word.upper()), (), frozenset((value,)))
    if not isinstance(value, str):
        return Forms((str(value),), (value,), frozenset((bool(value),)) if FLAG in types and value in (0, 1) else frozenset())
    texts, number, flag = dict.fromkeys((value, *_dates(value, types, now))), number_of(value, types, name), _FLAGS.get(value.lower())
    return Forms(tuple(texts), () if number is None else (number,), frozenset() if flag is None else frozenset((flag,)))


def bound(operator: str, value: int | float | str, types: Types, name: str, now: Now) -> Bound:
    """What is compared by size with a property of this last name."""
    if isinstance(value, str) and len(value) > _LONG:
        return Bound(value)
    text = str(value) if isinstance(value, str) or TEXT in types else None
    number = number_of(value, types, name) if isinstance(value, str) else value
    if types & _DATES:
        moment = _time(value, now)
        date = None if moment is None else _edge(operator, moment, types)
        return Bound(date, number) if date and types <= _DATES else Bound(text, number, date)
    if isinstance(value, str) and is_duration(value):
        return Bound(text, number, iso(now() + seconds(value)))
    moment = _moment(value)
    return Bound(text if moment is None else iso(moment), number)


def unit_of(name: str) -> int:
    """Seconds of the unit that a number has by its name, as `group_retention_in_days` says; 0 where it says none."""
    return _UNITS.get(name.rpartition("_")[2], 0)


def is_duration(value: str) -> bool:
    from resh.durations import is_duration

    return is_duration(value)


def number_of(value: str, types: Types, name: str) -> int | float | None:
    """Of a text that is a number, or a duration in the unit that a property with this last name has."""
    if re.fullmatch(_NUMBER, value):
        return float(value) if "." in value or len(value) > _LONGEST else int(value)
    if NUMBER in types and re.fullmatch(_ANY_NUMBER, value):
        return float(value)
    unit = unit_of(name) or int(DURATION in types) if types & {NUMBER, DURATION} else 0
    if unit and is_duration(value):
        from resh.durations import parse_duration

        return parse_duration(value) / unit
    return None


def _dates(value: str, types: Types, now: Now) -> list[str]:
    """As the graph has the moment or the day that the text is."""
    moment = _time(value, now) if types & _DATES else _moment(value)
    if moment is None:
        return []
    text = iso(moment)
    return [text, text[:10]] if DAY in types or (TIME in types and text.endswith(_MIDNIGHT)) else [text]


def _edge(operator: str, moment: float, types: Types) -> str:
    """A day is the moment at which it begins, and stands before it as text: so the smaller one is taken where both belong to the larger."""
    text = iso(moment)
    if TIME in types:
        return text[:10] if operator in ("<", ">=") and text.endswith(_MIDNIGHT) else text
    return text[:10] if operator in ("<", ">=") else text[:10] + _LAST


def _time(value: int | float | str, now: Now) -> float | None:
    """Epoch seconds of a year, a month, a day, a time, or of a duration from now on."""
    if isinstance(value, str) and is_duration(value):
        return now() + seconds(value)
    begun = re.fullmatch(_BEGUN, str(value))
    return _parsed(f"{begun[1]}-{begun[2] or '01'}-01" if begun else str(value))


def _moment(value: object) -> float | None:
    """Epoch seconds of a text that is a date with a time; stored times are ISO in UTC and compare as text."""
    return _parsed(value) if isinstance(value, str) and re.fullmatch(_MOMENT, value) else None


def _parsed(value: str) -> float | None:
    from resh.durations import parse_time

    try:
        return parse_time(value, 0)
    except (BadValue, OverflowError):
        return None


def seconds(duration: str) -> float:
    """Of a duration; bounded, so that every moment that it leads to has a date."""
    from resh.durations import parse_duration

    return max(-5e10, min(5e10, parse_duration(duration)))
