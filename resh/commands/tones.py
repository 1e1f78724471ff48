"""Colours of states and ages in a table: green is well, yellow changes or waits, red is broken; grey is old.

toned(columns, rows)        the rows, with a Toned in the place of each value that says how something is
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from resh.commands.columns import Column, age_seconds
from resh.text import Toned

GREEN, YELLOW, RED, GREY = "32", "33", "31", "90"
_STATES = ("status", "state", "severity", "health", "change")
_WORDS = {
    GREEN: "active attached completed created enabled healthy in-use in_use issued ok operational ready running succeeded success",
    YELLOW: "applying attaching creating deleting denied_partially detaching held interrupted modifying partial pending rebooting "
    "provisioning shutting-down skipped starting stale stopped stopping throttled updated updating warning",
    RED: "cancelled critical deleted denied disabled error expired failed impaired insufficient_data revoked rollback_complete terminated "
    "timed_out unhealthy unavailable",
}
_TONES = {word: tone for tone, words in _WORDS.items() for word in words.split()}
_DAY, _YEAR = 86400.0, 365 * 86400.0


def toned(columns: Sequence[Column], rows: Iterator[tuple[Any, ...]], now: float) -> Iterator[tuple[Any, ...]]:
    """Ages are still the times that they are counted from."""
    states = [n for n, column in enumerate(columns) if column.name.rpartition("_")[2].lower() in _STATES]
    ages = [n for n, column in enumerate(columns) if column.is_age]
    if not states and not ages:
        yield from rows
        return
    for row in rows:
        found = list(row)
        for n in states:
            if isinstance(row[n], str) and (tone := _TONES.get(row[n].lower())):
                found[n] = Toned(row[n], tone)
        for n in ages:
            if isinstance(row[n], str) and (tone := _of_age(age_seconds(row[n], now))):
                found[n] = Toned(row[n], tone)
        yield tuple(found)


def _of_age(seconds: float | None) -> str:
    """What is new stands out, what is old steps back."""
    if seconds is None:
        return ""
    return GREEN if seconds < _DAY else GREY if seconds > _YEAR else ""
