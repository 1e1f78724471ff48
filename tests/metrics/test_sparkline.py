from __future__ import annotations

from collections.abc import Sequence

import pytest

from resh.metrics.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "line"),
    [([], ""), ([None], ""), ([5, 5], "▁▁"), ([0, 7], "▁█"), ([1, None, 8], "▁ █"), ([-7, 0], "▁█"), ([0, 1, 2, 3], "▁▃▆█")],
)
def test_a_line_of_heights(values: Sequence[float | None], line: str) -> None:
    assert sparkline(values) == line
