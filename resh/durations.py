"""Durations and dates as people write them: `3d`, `2 weeks 4h`, `PT30M`, `2026-11-23`, `2026-11-23T10:00:00+01:00`.

A year is 365 days and a month 31 days, as in the search language since Resoto.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from resh.errors import BadValue

_UNITS: dict[str, float] = {}
for _seconds, _names in (
    (365 * 86400, "years year yr y"),
    (31 * 86400, "months month mo M"),
    (7 * 86400, "weeks week w"),
    (86400, "days day d"),
    (3600, "hours hour h"),
    (60, "minutes minute min m"),
    (1, "seconds second sec s"),
):
    for _name in _names.split():
        _UNITS[_name] = _seconds

_PART = re.compile(r"\s*(?:and\b|,)?\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)")
_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_ISO_SECONDS = (365 * 86400, 31 * 86400, 7 * 86400, 86400, 3600, 60, 1)


def parse_duration(text: str) -> float:
    """Seconds; negative with a leading `-`. Raises BadValue with the part that is wrong."""
    body = text.strip()
    sign = -1.0 if body.startswith("-") else 1.0
    body = body.lstrip("+-").strip()
    if body.startswith("P"):
        return sign * _parse_iso(text, body)
    total, position = 0.0, 0
    while position < len(body):
        part = _PART.match(body, position)
        if part is None or part[2] not in _UNITS:
            wrong = part[2] if part else body[position:]
            raise BadValue(f"'{wrong}' is not part of a duration in '{text}'", "write it like 30m, 3d, 2w or '1d 4h'")
        total += float(part[1]) * _UNITS[part[2]]
        position = part.end()
        if not body[position:].strip():
            break
    if not body:
        raise BadValue("a duration is missing", "write it like 30m, 3d, 2w or '1d 4h'")
    return sign * total


def _parse_iso(text: str, body: str) -> float:
    found = _ISO.fullmatch(body)
    if found is None or body in ("P", "PT"):
        raise BadValue(f"'{text}' is not an ISO 8601 duration", "write it like P3DT4H or 3d4h")
    return sum(float(number) * seconds for number, seconds in zip(found.groups(), _ISO_SECONDS, strict=True) if number)


def is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except BadValue:
        return False
    return True


def parse_time(text: str, now: float) -> float:
    """Epoch seconds of an ISO date or time (UTC when it names no zone) or of a duration, counted back from now (`3d`) or on (`+3d`)."""
    body = text.strip()
    if body[:4].isdigit() and body[4:5] == "-":
        try:
            moment = datetime.fromisoformat(body)
        except ValueError:
            raise BadValue(f"'{text}' is not a date", "write it like 2026-11-23 or 2026-11-23T10:00:00Z") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    try:
        seconds = parse_duration(body)
    except BadValue:
        raise BadValue(f"'{text}' is neither a date nor a duration", "write it like 2026-11-23, 2026-11-23T10:00:00Z or 3d") from None
    return now + seconds if body.startswith("+") else now - abs(seconds)


def is_time(text: str) -> bool:
    try:
        parse_time(text, 0)
    except (BadValue, OverflowError):
        return False
    return True


def written(seconds: float) -> str:
    """So that `parse_duration` reads exactly these seconds: `2d`, `90m`, `1.5s`."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    if seconds.is_integer():
        return f"{seconds:.0f}s"
    from decimal import Decimal

    return f"{Decimal(repr(seconds)):f}s"


def format_duration(seconds: float) -> str:
    """The two largest units: `3 d 4 h`, `8.2 s`, `45 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    parts = []
    rest = round(seconds)
    for name, size in (("y", 365 * 86400), ("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}")
        if len(parts) == 2:
            break
    return " ".join(parts)
