from __future__ import annotations

import pytest

from resh.render.table import table
from resh.text import Link, Linked, Toned, width

MANY = [f"column_{n}" for n in range(12)]


def test_a_table_of_too_many_columns_stands_upright() -> None:
    lines = list(table(MANY, [["x"] * 12, ["日本" * 40] * 12], 60))
    assert lines[0] == "── 1 " + "─" * 55
    assert lines[1] == "column_0   x"
    assert lines[13].startswith("── 2 ")
    assert len(lines) == 26
    assert all(width(line) <= 60 for line in lines)


def test_what_a_row_does_not_have_is_left_out() -> None:
    lines = list(table(MANY, [["a", None, "", *["b"] * 9]], 60))
    assert not any(line.startswith(("column_1 ", "column_2 ")) for line in lines)


@pytest.mark.parametrize("columns", [None, 200])
def test_where_there_is_room_it_is_a_table(columns: int | None) -> None:
    assert len(list(table(MANY, [["x"] * 12], columns))) == 2


def test_links_and_colours_stay() -> None:
    lines = list(table(MANY, [[Link("name", "http://x"), Toned("ok", "32"), *["b"] * 10]], 60))
    assert isinstance(lines[1], Linked)
    assert isinstance(lines[2], Linked)
    assert "http://x" in lines[1].drawn
    assert lines[2].drawn == "column_1   \x1b[32mok\x1b[0m"
    assert lines[2] == "column_1   ok"
