"""When something may be deleted: days and times as people write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from resh.errors import BadValue
from resh.hours import parse
from resh.settings import Settings


@pytest.mark.parametrize(
    ("text", "moment", "inside"),
    [
        ("mon-fri 09:00-17:00", "2026-11-27 09:00", True),
        ("mon-fri 09:00-17:00", "2026-11-27 17:00", False),
        ("mon-fri 09:00-17:00", "2026-11-28 09:00", False),
        ("fri-mon", "2026-11-29 12:00", True),
        ("fri 22:00-06:00", "2026-11-28 05:59", True),
        ("fri 22:00-06:00", "2026-11-27 05:59", False),
        ("sat,sun", "2026-11-28 00:00", True),
        ("22:00-24:00", "2026-11-28 23:59", True),
    ],
)
def test_hours_mean_what_they_say(text: str, moment: str, inside: bool) -> None:
    assert parse(text).contain(datetime.fromisoformat(moment)) is inside


@pytest.mark.parametrize(
    "text",
    [
        "monday",
        "mon-fry",
        "9-17",
        "25:00-26:00",
        "mon-fri 09:00-12:00 13:00-17:00",
        "mon 09:00-17:00 tue",  # of which only the last would count
    ],
)
def test_odd_hours_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse(text)
    with pytest.raises(BadValue, match=r"^cleanup\.hours: "):
        Settings().set("cleanup.hours", text, "option")
