"""Rows as a table for people: aligned by display width, as wide as the terminal, whole where there is none.

    for line in table(["id", "size"], [["vol-1", 8], ["vol-2", 500]], columns=80): ...

It streams: widths come from the first rows. Numbers stand right. A value that is a Link or Toned makes its line a Linked.
Where so many columns would not be six letters wide each, the values of a row stand below each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from resh.render.values import cell
from resh.render.vertical import vertical
from resh.text import Link, Linked, Toned, drawn, fit, fit_drawn, width

SAMPLE = 500
GAP = "  "
_NARROWEST = 6
_UPRIGHT = 20
"""On a screen narrower than this nothing is easy to read."""


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], columns: int | None = None) -> Iterator[str]:
    """Lines of the table. With `columns` no line is wider: the widest columns give way first, what is cut ends in …"""
    source = iter(rows)
    sample = list(islice(source, SAMPLE))
    titles = [cell(header) for header in headers]
    right = [bool(sample) and all(_is_number(row[n]) for row in sample) for n in range(len(titles))]
    cells = [[_cell(value) for value in row] for row in sample]
    widths = [max(width(line[n]) for line in [titles, *cells]) for n in range(len(titles))]
    if columns:
        widths = shrink(widths, columns)
        if columns >= _UPRIGHT and sum(widths) + len(GAP) * (len(widths) - 1) > columns:
            yield from vertical(titles, chain(cells, ([_cell(value) for value in row] for row in source)), columns)
            return
    for line in chain([titles], cells, ([_cell(value) for value in row] for row in source)):
        text = _line(line, widths, right, cut=bool(columns))
        yield _fitted(text, columns) if columns else text


def shrink(widths: Sequence[int], columns: int) -> list[int]:
    """Widths that fit into `columns` with the gaps between them, as long as every column can keep a few characters."""
    found = list(widths)
    spare = sum(found) + len(GAP) * (len(found) - 1) - columns
    while spare > 0 and max(found) > _NARROWEST:
        widest = found.index(max(found))
        others = [size for size in found if size < found[widest]]
        step = min(spare, found[widest] - max([*others, _NARROWEST]) or 1)
        found[widest] -= step
        spare -= step
    return found


def _cell(value: Any) -> str:
    if isinstance(value, Link):
        return Link(cell(value), value.url)
    return Toned(cell(value), value.tone) if isinstance(value, Toned) else cell(value)


def _line(values: Sequence[str], widths: Sequence[int], right: Sequence[bool], cut: bool) -> str:
    plain, shown = [], []
    for value, size, to_the_right in zip(values, widths, right, strict=True):
        text = fit(value, size) if cut else value
        room = " " * max(0, size - width(text))
        cell = drawn(value, text)
        plain.append(room + text if to_the_right else text + room)
        shown.append(room + cell if to_the_right else cell + room)
    line = GAP.join(plain).rstrip()
    return Linked(line, GAP.join(shown).rstrip()) if any(isinstance(value, Link | Toned) for value in values) else line


def _fitted(line: str, columns: int) -> str:
    return Linked(fit(line, columns), fit_drawn(line.drawn, columns)) if isinstance(line, Linked) else fit(line, columns)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
