"""A moment before now, as an option of a command gives it.

moment("1w", now, "search --at")             epoch seconds
moment("2099-01-01", now, "search --at")     BadValue: search --at: 2099-01-01 is in the future
"""

from __future__ import annotations

from resh.clock import iso
from resh.errors import BadValue


def moment(text: str, now: float, label: str) -> float:
    """Raises BadValue for what is no time, and for what is yet to come."""
    from resh.durations import parse_time

    try:
        found = parse_time(text, now)
        iso(found)
    except (OverflowError, ValueError, OSError):
        raise BadValue(f"{label}: '{text}' is out of all calendars", "write it like 1w, 2026-11-23 or 2026-11-23T10:00:00Z") from None
    except BadValue as error:
        raise BadValue(f"{label}: {error.message}", "write it like 1w, 2026-11-23 or 2026-11-23T10:00:00Z") from None
    if found > now:
        raise BadValue(f"{label}: {text} is in the future", f"it is {iso(now)} now, a moment before that is meant")
    return found
