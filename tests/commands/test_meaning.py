"""What a search asks, held against what kinds declare."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("is(volume) and volume_size > abc", "volume_size is a number, 'abc' is none"),
        ("is(volume) and volume_size = abc", "volume_size is a number, 'abc' is none"),
        ("is(volume) and volume_size != many", "volume_size is a number, 'many' is none"),
        ("is(volume) and volume_size > 3d", "volume_size is a number, '3d' is none"),
        ("is(volume) and volume_encrypted = maybe", "volume_encrypted is true or false, 'maybe' is neither"),
        ("is(instance) or (not volume_size <= tall)", "'tall' is none"),
        ("is(volume) and ctime > 2024-13-45", "'2024-13-45' is not a date"),
        ("is(volume) and /reported.ctime < yesterdayish", "neither a date nor a duration"),
        ("is(instance) <-[0:]- volume_size > abc", "volume_size is a number"),
    ],
)
def test_a_comparison_that_can_not_be_meant(shell: Shell, search: str, words: str) -> None:
    assert shell(f"search {search} | count") == []
    assert shell.status == 2
    assert words in shell.notes[0]


@pytest.mark.parametrize(
    "search",
    [
        'volume_size > "5"',
        "volume_size > 5.5",
        "ctime > 2023-01-01",
        "ctime > 2023-01",
        "ctime < @NOW@",
        "ctime > 3d",
        'ctime > "2023-01-01T00:00:00Z"',
        "volume_type > gp2",
        'volume_size = "8"',
        'volume_size >= "1e3"',
        "ctime > 2023",
        "volume_encrypted = True",
        "volume_encrypted = true",
        "volume_encrypted = null",
        "volume_type = 8",
        "tags.owner > a",
        "zones > a",
    ],
)
def test_a_comparison_that_may_be_meant(shell: Shell, search: str) -> None:
    shell(f"search {search} | count")
    assert (shell.status, shell.notes) == (0, [])
