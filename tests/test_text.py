from __future__ import annotations

import pytest

from resh.text import fold, squeeze, width


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("hello world foo", 8, ["> hello", "  world", "  foo"]),
        ("hello world foo", None, ["> hello world foo"]),
        ("x" * 12, 8, ["> xxxxxx", "  xxxxxx"]),
        ("ab " + "x" * 12, 8, ["> ab", "  xxxxxx", "  xxxxxx"]),
        ("データベース用", 8, ["> データ", "  ベース", "  用"]),
        ("", 8, ["> "]),
        ("ab cd", 1, ["> ab", "  cd"]),
    ],
)
def test_text_is_broken_between_words_and_else_anywhere(text: str, columns: int | None, lines: list[str]) -> None:
    assert fold(text, columns, "> ", "  ") == lines


def test_a_line_that_starts_too_wide_goes_on_below() -> None:
    assert fold("word", 10, "1234567 ", "  ") == ["1234567", "  word"]


@pytest.mark.parametrize("columns", range(1, 12))
def test_beginning_and_end_stay_when_the_middle_goes(columns: int) -> None:
    for text in ("abcdefghijkl", "データベース", "e\u0301" * 12):
        assert 0 < width(squeeze(text, columns)) <= columns
    assert squeeze("abcdefghijkl", 7) == "abc…jkl"
    assert squeeze("short", 11) == "short"
