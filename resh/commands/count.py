"""`count`: how many rows, or how many of each value of a property.

    us-east-1: 3
    eu-west-1: 12
    total matched: 15
    total unmatched: 2

Straight after a search the graph counts; the lines are the same on any stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from resh.commands.base import FLOW, Argument, Command, Context, Rows
from resh.commands.found import Found
from resh.commands.paths import value
from resh.errors import UsageError
from resh.render.values import cell

Pairs = Iterable[tuple[Any, int]]


def run(context: Context, rows: Rows, path: str | None) -> Iterator[str]:
    """Each element of a list counts, the row itself is matched once."""
    _check(path)
    counter: Counter[str] = Counter()
    matched = unmatched = 0
    for found, count in _pairs(rows, path and context.led(path)):
        present = [element for element in _elements(found) if element is not None]
        if path and not present:
            unmatched += count
            continue
        matched += count
        for element in present:
            counter[cell(element)] += count
    for text, count in sorted(counter.items(), key=lambda item: (item[1], item[0])):
        yield f"{text}: {count}"
    yield f"total matched: {matched}"
    yield f"total unmatched: {unmatched}"


def run_to_count(context: Context, rows: Rows) -> Iterator[str]:
    """Of each row the group and the first of what was counted."""
    matched: float = 0
    unmatched: float = 0
    for row in rows:
        group = row.get("group", {}) if isinstance(row, dict) else None
        numbers = [one for name, one in row.items() if name != "group"] if isinstance(group, dict) else []
        if not numbers or not isinstance(number := numbers[0], int | float):
            raise UsageError("aggregate_to_count: a row is none of an aggregate", "write aggregate kind: sum(1) as count in front of it")
        if group and all(one is None for one in group.values()):
            unmatched += number
            continue
        matched += number
        if group:
            yield f"{', '.join(map(cell, group.values()))}: {cell(number)}"
    yield f"total matched: {cell(matched)}"
    yield f"total unmatched: {cell(unmatched)}"


def _check(path: str | None) -> None:
    """A second property would be taken for a part of the first one's name, and every row be unmatched."""
    if path and "`" not in path and ("," in path or " " in path):
        raise UsageError(
            f"count: '{path}' is not one property", "several group in aggregate, such as aggregate kind, region: sum(1) as count"
        )


def _elements(found: Any) -> list[Any]:
    """Of a list, which the graph gives as JSON text; of anything else the thing itself."""
    if isinstance(found, str) and found.startswith("[") and found.endswith("]"):
        from orjson import JSONDecodeError, loads

        with suppress(JSONDecodeError):
            found = loads(found)
    return found if isinstance(found, list) else [found]


def _pairs(rows: Rows, path: str | None) -> Pairs:
    """(value, how many rows have it). Lists are counted row by row: their elements are what counts."""
    if isinstance(rows, Found) and not rows.is_aggregate:
        if path and "[" in path:
            return ((row[0], 1) for row in rows.values((path,)))
        return rows.counts(path)
    return ((value(row, path), 1) for row in rows) if path else ((None, 1) for _ in rows)


COUNT = Command(
    "count",
    run,
    "count rows, or rows by the values of a property",
    FLOW,
    arguments=(Argument("path", required=False, help="a property", complete="property", raw=True),),
    help="Values come fewest first. Rows without the property are the unmatched ones.",
    examples=(("search is(volume) | count", "how many volumes"), ("search is(volume) | count volume_type", "how many of each type")),
)

AGGREGATE_TO_COUNT = Command(
    "aggregate_to_count",
    run_to_count,
    "rows of an aggregate as count tells them",
    FLOW,
    help="What counts is the first function of the aggregate. Groups without a value are unmatched.",
    examples=(("search is(volume) | aggregate volume_type: sum(1) as count | aggregate_to_count", "the same as count volume_type"),),
)
