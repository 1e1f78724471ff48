"""What the schedule starts: a name, when, and how."""

from __future__ import annotations

from collections.abc import Callable

from resh.record import Record


class Scheduled(Record):
    """`name` tells it from all others; `expression` is as of `resh.timing`; `start` returns at once."""

    name: str
    expression: str
    start: Callable[[], object]
