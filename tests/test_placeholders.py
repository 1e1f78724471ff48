from __future__ import annotations

import pytest

from resh.placeholders import PLACEHOLDERS, fill, value

MONDAY_NOON = 1_700_481_600.0  # 2023-11-20T12:00:00Z


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@NOW@", "2023-11-20T12:00:00Z"),
        ("since @today@!", "since 2023-11-20!"),
        ("@YESTERDAY@ @TOMORROW@", "2023-11-19 2023-11-21"),
        ("@MONDAY@ @SUNDAY@", "2023-11-20 2023-11-26"),
        ("ada@example.com @nothing@", "ada@example.com @nothing@"),
        ('owner = "a@NOW.example"', 'owner = "a@NOW.example"'),
        ('"a@NOW.example, b@now.example"', '"a@NOW.example, b@now.example"'),
        ("@Now@@utc@", "2023-11-20T12:00:00Z2023-11-20T12:00:00Z"),
        ("@YEAR@-@MONTH@-@DAY@T@TIME@ @HOUR@:@MINUTE@:@SECOND@ @TZ@ @TZ_OFFSET@", "2023-11-20T12:00:00 12:00:00 UTC +0000"),
    ],
)
def test_filling(text: str, expected: str) -> None:
    assert fill(text, MONDAY_NOON) == expected


def test_every_placeholder_has_a_value() -> None:
    assert all(value(name, MONDAY_NOON) for name in PLACEHOLDERS)
