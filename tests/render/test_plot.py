from __future__ import annotations

import pytest

from resh.render.plot import FORMS, Picture, plot, short
from resh.text import width

HOUR = 3600
TIMES = [1_700_006_400 + hour * HOUR for hour in range(48)]
RISING = Picture("x_total", TIMES, {"total": [float(n) for n in range(48)]})
TWO = Picture("x_total", TIMES, {"a": [1.0] * 48, "b": [None] * 24 + [3.0] * 24})


def drawn(form: str, picture: Picture, columns: int = 80, height: int = 8, colour: bool = False) -> list[str]:
    return list(plot(form, picture, columns, height, colour))


def test_a_line_rises_from_the_lower_left_to_the_upper_right() -> None:
    assert drawn("line", RISING, columns=30, height=4) == [
        "x_total",
        "  47 ┤                    ●●●●",
        "     │            ●●●●●●●●",
        "15.7 ┤    ●●●●●●●●",
        "   0 ┤●●●●",
        "     └────────────────────────",
        "      11-15 00:00  11-16 23:00",
    ]


def test_bars_stand_on_each_other_and_have_marks_of_their_own() -> None:
    assert drawn("bar", TWO, columns=24, height=4) == [
        "x_total",
        "   4 ┤         ▓▓▓▓▓▓▓▓▓",
        "     │         ▓▓▓▓▓▓▓▓▓",
        "1.33 ┤         ▓▓▓▓▓▓▓▓▓",
        "   0 ┤██████████████████",
        "     └──────────────────",
        "      11-15 00:00",
        "█ a   ▓ b",
    ]


def test_a_gap_is_blank() -> None:
    gap = Picture("x", TIMES, {"total": [1.0] * 20 + [None] * 8 + [1.0] * 20})
    (line,) = (line for line in drawn("line", gap) if "●" in line)
    assert "●      " in line
    assert line.count("●") < 75


def test_days_and_hours_have_shades_and_what_was_not_measured_a_dot() -> None:
    lines = drawn("heat", Picture("x", TIMES[:30], {"total": [float(n % 24) for n in range(30)]}))
    assert lines[2].startswith("2023-11-15 ")
    assert lines[2].endswith("██")
    assert lines[3].endswith("·" * 36)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("columns", [20, 80, 200])
@pytest.mark.parametrize(
    "picture", [RISING, TWO, Picture("one", TIMES[:1], {"total": [5.0]}), Picture("none", TIMES, {"total": [None] * 48})]
)
def test_nothing_is_wider_than_the_terminal(form: str, columns: int, picture: Picture) -> None:
    lines = drawn(form, picture, columns)
    assert max(map(width, lines)) <= max(columns, 36 if form == "heat" else 20)


@pytest.mark.parametrize("form", FORMS)
def test_colours_change_no_character(form: str) -> None:
    import re

    coloured = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in drawn(form, TWO, colour=True)]
    assert coloured == drawn(form, TWO)
    assert any("\x1b[" in line for line in drawn(form, TWO, colour=True))


def test_names_of_clouds_cannot_draw() -> None:
    hostile = Picture("x", TIMES, {"\x1b[2J": [1.0] * 48, "b": [1.0] * 48})
    assert not any("\x1b" in line for line in drawn("bar", hostile))


def test_a_legend_of_wide_and_broken_names_is_no_wider_than_the_terminal() -> None:
    names = ["東京" * 30, "🚀 team", "two\nlines", "x" * 300]
    lines = drawn("bar", Picture("x", TIMES, {name: [1.0] * 48 for name in names}), columns=60)
    assert max(map(width, lines)) <= 60
    assert "▒ two lines" in "".join(lines)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "", "0"), (1234, "", "1.23k"), (1536, "bytes", "1.5Ki"), (2.5, "USD/h", "2.5"), (7e18, "", "7E"), (1e24, "", "1e+24"),
        (999.9, "", "1k"), (999_999, "", "1M"), (1010, "bytes", "1010"), (-1234, "", "-1.23k"), (3e-7, "", "3e-07"),
    ],
)  # fmt: skip
def test_short_numbers(value: float, unit: str, text: str) -> None:
    assert short(value, unit) == text
