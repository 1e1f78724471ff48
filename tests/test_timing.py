"""Schedules: what they say, when they are due, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from resh.errors import BadValue
from resh.timing import NAMED, parse

BERLIN = ZoneInfo("Europe/Berlin")


def due(text: str, begin: str, count: int = 3, zone: str = "UTC", name: str = "") -> list[str]:
    """The first times after `begin`, as the clocks of the zone show them."""
    place = ZoneInfo(zone)
    moment, found = datetime.fromisoformat(begin).replace(tzinfo=place).timestamp(), []
    for _ in range(count):
        moment = parse(text).after(moment, place, name)
        found.append(datetime.fromtimestamp(moment, place).strftime("%m-%d %H:%M:%S"))
    return found


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("30 9 * * *", ["06-01 09:30:00", "06-02 09:30:00", "06-03 09:30:00"]),
        ("0 9 * * mon-fri", ["06-01 09:00:00", "06-02 09:00:00", "06-03 09:00:00"]),
        ("0 9 * * SAT,SUN", ["06-06 09:00:00", "06-07 09:00:00", "06-13 09:00:00"]),
        ("*/20 8-9 * JUN *", ["06-01 08:00:00", "06-01 08:20:00", "06-01 08:40:00"]),
        ("0 0 1 */3 *", ["07-01 00:00:00", "10-01 00:00:00", "01-01 00:00:00"]),
        ("0 0 L * *", ["06-30 00:00:00", "07-31 00:00:00", "08-31 00:00:00"]),
        ("@hourly", ["06-01 07:00:00", "06-01 08:00:00", "06-01 09:00:00"]),
        ("@Weekly", ["06-07 00:00:00", "06-14 00:00:00", "06-21 00:00:00"]),
        ("every 15m", ["06-01 06:45:00", "06-01 07:00:00", "06-01 07:15:00"]),
        ("every 1h 30m", ["06-01 07:30:00", "06-01 09:00:00", "06-01 10:30:00"]),
    ],
)
def test_when_it_is_due(text: str, times: list[str]) -> None:
    assert due(text, "2026-06-01T06:30:00") == times


def test_every_name_is_an_expression() -> None:
    assert all(parse(name).cron == expression for name, expression in NAMED.items())


def test_daylight_saving() -> None:
    assert due("30 2 * * *", "2026-03-28T12:00:00", 2, "Europe/Berlin") == ["03-29 03:00:00", "03-30 02:30:00"]
    assert due("30 2 * * *", "2026-10-24T12:00:00", 2, "Europe/Berlin") == ["10-25 02:30:00", "10-26 02:30:00"]
    moments = [parse("@hourly").after(1774738800.0 + 3600 * hour, BERLIN) for hour in range(30)]
    assert {later - sooner for sooner, later in pairwise(moments)} == {3600.0}


def test_an_interval_drifts_with_nobody() -> None:
    timing = parse("every 10m")
    assert timing.after(599.999, UTC) == 600.0
    assert timing.after(600.0, UTC) == 1200.0
    assert timing.after(1207.5, UTC) == 1800.0


def test_jitter_is_the_same_for_everybody_and_differs_by_name() -> None:
    timing = parse("0 * * * * ~ 10m")
    found = {name: timing.after(0.0, UTC, name) for name in ("a", "b", "c", "d")}
    assert all(0.0 < at - 3600.0 <= 600.0 or at <= 600.0 for at in found.values())
    assert len(set(found.values())) == 4
    assert found == {name: parse("0 * * * * ~ 10m").after(0.0, UTC, name) for name in found}


def test_jitter_neither_skips_nor_repeats() -> None:
    timing, moment, hours = parse("@hourly ~ 59m"), 0.0, []
    for _ in range(200):
        moment = timing.after(moment, UTC, "nag")
        hours.append(moment // 3600)
    assert hours == list(range(int(hours[0]), int(hours[0]) + 200))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 25 * * *", "'25' is no hour"),
        ("0 9 * * MOO", "'MOO' is no day-of-week"),
        ("60 * * * *", "'60' is no minute"),
        ("0 0 31 FEB *", "'31' is no day-of-month"),
        ("0 9 * *", "it has 4 fields"),
        ("0 0 9 * * *", "it has 6 fields"),
        ("", "it has 0 fields"),
        ("@hurly", "'@hurly' is no schedule"),
        ("every", "a duration is missing"),
        ("every 5 parsecs", "'parsecs' is not part of a duration"),
        ("every 0s", "is too often"),
        ("every -5m", "is negative"),
        ("@daily ~ soon", "'soon' is not part of a duration"),
    ],
)
def test_what_is_refused_is_named_with_the_forms(text: str, message: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.hint
