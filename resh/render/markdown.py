"""Rows as a Markdown table, padded so that its source reads well too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from resh.render.values import cell
from resh.text import pad, width

SAMPLE = 500


def markdown(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Columns are as wide as the first rows need; a later, wider value makes only its own line longer."""
    lines = ([_escaped(value) for value in row] for row in rows)
    sample = list(islice(lines, SAMPLE))
    titles = [_escaped(header) for header in headers]
    widths = [max(3, *(width(line[n]) for line in [titles, *sample])) for n in range(len(titles))]
    yield _line(titles, widths)
    yield "|" + "|".join("-" * (size + 2) for size in widths) + "|"
    for line in chain(sample, lines):
        yield _line(line, widths)


def _escaped(value: Any) -> str:
    return cell(value).replace("|", "\\|")


def _line(values: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(pad(value, size) for value, size in zip(values, widths, strict=True)) + " |"
