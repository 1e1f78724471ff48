"""When a resource expires, as its tags say. The graph stores the answer with each node, the clean-up rule `expired` goes by it.

A time in `resh:expires` or `resoto:expires` wins; else a duration after the resource's ctime in `resh:expiration`, `resoto:expiration` or
`expiration`, where a date means itself:

    expires({"ctime": "2026-11-01T00:00:00Z", "tags": {"expiration": "3d"}})      # "2026-11-04T00:00:00Z"
    expires({"tags": {"expiration": "never"}})                                    # None
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from resh.clock import iso
from resh.durations import parse_duration
from resh.errors import BadValue

TIME_TAGS = ("resh:expires", "resoto:expires")
DURATION_TAGS = ("resh:expiration", "resoto:expiration", "expiration")

_TAGS = frozenset(TIME_TAGS + DURATION_TAGS)


def expires(reported: Mapping[str, Any]) -> str | None:
    """ISO time in UTC; None when no tag says so, and when what it says makes no sense."""
    tags = reported.get("tags")
    if not isinstance(tags, dict) or _TAGS.isdisjoint(tags):
        return None
    for tag in TIME_TAGS:
        if tag in tags and (moment := _time(tags[tag])) is not None:
            return iso(moment)
    for tag in DURATION_TAGS:
        if tag in tags and (moment := _time(tags[tag]) or _after(reported.get("ctime"), tags[tag])) is not None:
            return iso(moment)
    return None


def _time(value: Any) -> float | None:
    if not isinstance(value, str) or "-" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _after(start: Any, duration: Any) -> float | None:
    begin = _time(start)
    if begin is None or not isinstance(duration, str):
        return None
    try:
        moment = begin + parse_duration(duration)
        datetime.fromtimestamp(moment, UTC)  # raises beyond the year 9999, which is as good as never
    except (BadValue, ValueError, OverflowError):
        return None
    return moment if moment >= begin else None
