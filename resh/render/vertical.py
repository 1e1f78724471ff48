"""Rows one below the other, a line for each value: for a screen that is too narrow for a table of so many columns.

── 1 ──────
id    vol-1
size  8
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from resh.text import Linked, drawn, fit, fit_drawn, pad, width

GAP = "  "


def vertical(titles: Sequence[str], rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """No line is wider than `columns`. What a row does not have is left out."""
    room = max(width(title) for title in titles)
    for number, row in enumerate(rows, 1):
        yield fit(f"── {number} {'─' * columns}", columns).replace("…", "─")
        for title, value in zip(titles, row, strict=True):
            if value:
                before = pad(title, room) + GAP
                plain = fit(before + value, columns)
                shown = drawn(value)
                yield plain if shown == value else Linked(plain, fit_drawn(before + shown, columns))
