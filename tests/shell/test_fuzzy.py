from __future__ import annotations

import pytest

from resh.shell.fuzzy import MOST, matches

NAMES = sorted(["instance", "volume", "volume_size", "volume_status", "size", "aws_ec2_volume"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("vol", ["volume", "volume_size", "volume_status", "aws_ec2_volume"]),
        ("si", ["size", "volume_size"]),
        ("vst", ["volume_status"]),
        ("zzz", []),
        (".*(", []),
    ],
)
def test_best_first(typed: str, expected: list[str]) -> None:
    assert matches(typed, NAMES)[: len(expected)] == expected


def test_never_too_many() -> None:
    assert len(matches("", [f"{n:05}" for n in range(9999)])) == MOST
