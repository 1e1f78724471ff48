"""Where a resource is in its cloud's console: `/console` for `list` and `format`, and links behind names and ids in a terminal.

    page(context, document)                     "https://console.aws.amazon.com/…", None when nobody knows it
    with_pages(context, rows)                   documents with `/console` in them
    linked(context, columns, rows)              rows of values, names and ids as links

The address is made of what the graph has of a resource, when it is shown: it is no part of the document, and no search finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from resh.commands.base import Context, Row
from resh.commands.columns import PAGE, Column
from resh.commands.paths import absolute, is_node, value
from resh.providers.base import Facts
from resh.render.values import cell
from resh.search.paths import steps
from resh.text import Link

SOURCES = ("cloud", "kind", "id", "name", "arn", "region", "account.id")
"""What an address is made of: a cloud and the fields of Facts."""
_SHOWN = (("reported", "id"), ("reported", "name"))


def page(context: Context, document: Row) -> str | None:
    return _address(context, tuple(value(document, path) for path in SOURCES)) or None


def is_page(path: str) -> bool:
    return path.startswith("/") and steps(path) == steps(PAGE)


def with_pages(context: Context, rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {**row, "console": page(context, row)} if is_node(row) and "console" not in row else row


def links(columns: Sequence[Column]) -> tuple[int, ...]:
    """Which of the columns become links."""
    return tuple(n for n, column in enumerate(columns) if absolute(column.path) in _SHOWN)


def linked(context: Context, places: Sequence[int], values: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of values, without those of SOURCES, which each of them ends in."""
    for row in values:
        yield with_link(row[: -len(SOURCES)], places, _address(context, row[-len(SOURCES) :]))


def with_link(row: tuple[Any, ...], places: Sequence[int], url: str | None) -> tuple[Any, ...]:
    if not url:
        return row
    return tuple(Link(cell(shown), url) if n in places and shown is not None else shown for n, shown in enumerate(row))


def _address(context: Context, sources: tuple[Any, ...]) -> str:
    cloud, *facts = (found if isinstance(found, str) else "" for found in sources)
    provider = context.app.providers.get(cloud)
    return provider.console(Facts(*facts)) if provider else ""
