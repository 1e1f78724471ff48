"""Rows as CSV (RFC 4180, lines end in a newline): text is quoted, numbers are not, missing values are empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from resh.render.values import cell

# A spreadsheet runs a cell that begins so as a formula; an apostrophe in front keeps it text.
_FORMULA = ("=", "+", "-", "@")


def csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield ",".join(_quoted(cell(header)) for header in headers)
    for row in rows:
        yield ",".join(_field(value) for value in row)


def _field(value: Any) -> str:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return cell(value)
    text = cell(value)
    return _quoted("'" + text if isinstance(value, str) and text.startswith(_FORMULA) else text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
