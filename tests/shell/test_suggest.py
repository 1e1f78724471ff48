from __future__ import annotations

import pytest

from resh.shell.complete import Candidate
from resh.shell.suggest import rest

LINES = ["search is(instance)", "search is(volume) | count", "echo one\ntwo"]
VOLUME = [Candidate("volume", -3, "volume", "a disk"), Candidate("volume_type", -3, "volume_type", "")]


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("search is(vol", "ume) | count"),
        ("search is(", "instance)"),
        ("echo o", "ne"),
        ("kinds vol", "ume"),
        ("search is(instance)", ""),
        ("", ""),
        ("  ", ""),
        ("echo one\ntw", ""),
    ],
)
def test_the_newest_line_that_begins_so_else_the_word_that_fits_best(text: str, suggested: str) -> None:
    assert rest(text, LINES, VOLUME if text.endswith("vol") else []) == suggested


def test_a_word_is_guessed_by_its_beginning_only() -> None:
    assert rest("kinds ume", [], [Candidate("volume", -3, "volume", "")]) == ""
    assert rest("kinds v", [], [Candidate("volume", -1, "volume", "")]) == ""
