from __future__ import annotations

import json as stdlib_json

import pytest

from resh.render.bar import bar, shares
from resh.render.csv import csv
from resh.render.json import compact, pretty
from resh.render.markdown import markdown
from resh.render.table import shrink, table
from resh.render.tree import tree
from resh.render.values import cell, plain
from resh.render.yaml import document
from resh.text import width

HOSTILE = "a\x1b[31m\x9b2J\u202eb\x07\x00"
HEADERS = ["id", "name"]


def test_table_aligns_by_display_width() -> None:
    lines = list(table(HEADERS, [["1", "日本"], ["22", "x"]]))
    assert lines == ["id  name", "1   日本", "22  x"]


def test_table_is_whole_without_a_terminal_and_fits_one() -> None:
    rows = [["i" * 40, "n" * 60], ["i", "日本" * 30]]
    assert list(table(HEADERS, rows))[1] == "i" * 40 + "  " + "n" * 60
    assert all(width(line) <= 30 for line in table(HEADERS, rows, 30))


@pytest.mark.parametrize("columns", [1, 2, 5, 11])
def test_table_survives_a_tiny_terminal(columns: int) -> None:
    assert all(width(line) <= columns for line in table(HEADERS, [["abcdefgh", "日本日本日本"]], columns))


def test_numbers_stand_right() -> None:
    assert list(table(["n"], [[1], [100]])) == ["  n", "  1", "100"]


def test_later_wide_rows_stay_whole() -> None:
    lines = list(table(["n"], [*(["x"] for _ in range(600)), ["wide value"]]))
    assert lines[-1] == "wide value"


def test_shrink_takes_from_the_widest() -> None:
    assert shrink([10, 40, 20], 54) == [10, 20, 20]


def test_csv_quotes_text_and_defuses_formulas() -> None:
    assert list(csv(HEADERS, [["=1+1", 5], ['say "x"', None]])) == ['"id","name"', '"\'=1+1",5', '"say ""x""",']


def test_markdown_escapes_pipes() -> None:
    assert list(markdown(["a"], [["x|y"]])) == ["| a    |", "|------|", "| x\\|y |"]


def test_json_is_one_line_and_valid() -> None:
    assert stdlib_json.loads(compact({"t": HOSTILE})) == {"t": HOSTILE}
    assert "\x9b" not in compact(HOSTILE)
    assert "\n" not in compact({"t": "a\nb"})
    assert stdlib_json.loads(pretty({"big": 2**70})) == {"big": 2**70}


def test_no_renderer_lets_control_characters_through() -> None:
    rendered = [*table([HOSTILE], [[HOSTILE]]), *csv([HOSTILE], [[HOSTILE]]), *markdown([HOSTILE], [[HOSTILE]])]
    rendered += [*tree([(HOSTILE, [])]), document({"a": HOSTILE}), compact({"a": HOSTILE}), pretty([HOSTILE]), plain(HOSTILE)]
    for text in rendered:
        assert not any(letter in text for letter in "\x1b\x9b\u202e\x07\x00")


def test_values() -> None:
    assert [cell(value) for value in (None, True, 1.0, "a\nb", {"a": 1})] == ["", "true", "1", "a b", '{"a":1}']


def test_tree() -> None:
    assert list(tree([("a", [("b", [])]), ("c", [])])) == ["├── a", "│   └── b", "└── c"]


def test_bar_is_full_only_at_the_end() -> None:
    assert (bar(0, 0), bar(99, 100), bar(100, 100)) == ("░" * 10, "█" * 9 + "░", "█" * 10)


def test_shares_are_bars_of_the_whole() -> None:
    assert shares([7.0, 3.0, 0.1]) == ["███████ ", "███ ", ""]
    assert shares([0.0, 0.0]) == ["", ""]
