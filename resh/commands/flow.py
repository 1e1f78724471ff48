"""`head`, `tail`, `limit`, `sort`, `uniq`, `flatten`, `chunk`: fewer rows, or the same in another order.

Right after a search, head, tail, limit and sort become part of the query; on any other stream they do the same in Python.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from resh.commands.base import FLOW, Argument, Command, Context, Row, Rows
from resh.commands.paths import is_age, is_node, order, value
from resh.errors import BadValue, UsageError

if TYPE_CHECKING:
    from resh.search.tree import Query

Params = Mapping[str, Any]
_MOST = 100
MOST_ROWS = 1 << 60
"""More than anybody has; beyond it, and beyond so many digits, numbers are no longer those of C."""
_DIGITS = 18
_LIMIT = re.compile(r"(?:(\d+)\s*,\s*)?(\d+)")
_KEY = re.compile(r"((?:`[^`]*`|[^\s,`])+)(?:\s+(asc|desc))?\s*(?:,|$)\s*")


def run_head(context: Context, rows: Rows, n: str | None) -> Rows:
    return islice(rows, number("head", n))


def run_tail(context: Context, rows: Rows, n: str | None) -> Rows:
    last: deque[Row] = deque(maxlen=number("tail", n))
    for row in rows:
        context.cancel.check()
        last.append(row)
    yield from last


def run_limit(context: Context, rows: Rows, limit: str) -> Rows:
    offset, count = limits(limit)
    return islice(rows, offset, offset + count)


def run_sort(context: Context, rows: Rows, keys: str) -> Rows:
    """Rows without the property come first, as in a search; ages of resources sort from young to old."""
    found: list[Row] = []
    for row in rows:
        context.cancel.check()
        found.append(row)
    for path, descending in ((context.led(path), descending) for path, descending in reversed(sort_keys(keys))):
        turned = is_age(path) and any(map(is_node, found[:1]))
        found.sort(key=lambda row, path=path: order(value(row, path)), reverse=descending != turned)  # type: ignore[misc]
    yield from found


def run_uniq(context: Context, rows: Rows) -> Rows:
    import orjson

    seen: set[bytes] = set()
    for row in rows:
        key = orjson.dumps(row, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        if key not in seen:
            seen.add(key)
            yield row


def run_flatten(context: Context, rows: Rows) -> Rows:
    for row in rows:
        if isinstance(row, list):
            yield from row
        else:
            yield row


def run_chunk(context: Context, rows: Rows, n: int) -> Rows:
    if n < 1:
        raise BadValue(f"chunk: {n} is no size", "write a number from 1 up")
    while found := list(islice(rows, min(n, MOST_ROWS))):
        yield found


def number(name: str, text: str | None) -> int:
    """`5` or `-5`; 100 for nothing."""
    body = (text or str(_MOST)).removeprefix("-n").strip().removeprefix("-")
    if not body.isdecimal():
        raise UsageError(f"{name}: '{text}' is not a number of rows", f"write it like {name} 5")
    return _as_number(body)


def limits(text: str) -> tuple[int, int]:
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"limit: '{text}' is not a limit", "write it like limit 10 or, from an offset, limit 20, 10")
    return _as_number(found[1] or "0"), _as_number(found[2])


def _as_number(digits: str) -> int:
    return int(digits) if len(digits) <= _DIGITS else MOST_ROWS


def sort_keys(text: str) -> list[tuple[str, bool]]:
    """(path, descending) for each key. Raises UsageError with the part that is none."""
    keys: list[tuple[str, bool]] = []
    position = 0
    while position < len(text):
        found = _KEY.match(text, position)
        if found is None:
            raise UsageError(f"sort: '{text[position:]}' is not a sort key", "write it like sort age desc, name")
        keys.append((found[1], found[2] == "desc"))
        position = found.end()
    return keys


def _fuse_head(query: Query | None, params: Params) -> Query | None:
    return query.limited(0, number("head", params["n"])) if query and query.is_open else None


def _fuse_tail(query: Query | None, params: Params) -> Query | None:
    return query.ended(number("tail", params["n"])) if query and query.is_open else None


def _fuse_limit(query: Query | None, params: Params) -> Query | None:
    return query.limited(*limits(params["limit"])) if query and query.is_open else None


def _fuse_sort(query: Query | None, params: Params) -> Query | None:
    from resh.search.tree import Sort

    return query.sorted_by(tuple(Sort(*key) for key in sort_keys(params["keys"]))) if query and query.is_open else None


HEAD = Command(
    "head",
    run_head,
    "keep the first rows",
    FLOW,
    arguments=(Argument("n", required=False, help=f"how many, {_MOST} if not given", raw=True, complete="free"),),
    examples=(("search is(volume) | head 5", "five volumes"), ("search is(volume) sort volume_size desc | head -3", "the three largest")),
    fuse=_fuse_head,
)
TAIL = Command(
    "tail",
    run_tail,
    "keep the last rows",
    FLOW,
    arguments=(Argument("n", required=False, help=f"how many, {_MOST} if not given", raw=True, complete="free"),),
    examples=(("search is(volume) sort volume_size | tail 3", "the three largest, the largest last"),),
    fuse=_fuse_tail,
)
LIMIT = Command(
    "limit",
    run_limit,
    "keep a number of rows, from an offset if wanted",
    FLOW,
    arguments=(Argument("limit", help="how many, or offset, how many", raw=True, complete="free"),),
    examples=(("search is(volume) | limit 10, 5", "the 11th to the 15th"),),
    fuse=_fuse_limit,
)
UNIQ = Command(
    "uniq",
    run_uniq,
    "drop rows that came before",
    FLOW,
    help="Two rows are the same when they hold the same, whatever the order of their keys.",
    examples=(("search is(volume) | format {volume_type} | uniq", "every type that is in use"),),
)
FLATTEN = Command(
    "flatten", run_flatten, "one row for each element of a list", FLOW, examples=(("json [[1, 2], [3]] | flatten", "three rows"),)
)
CHUNK = Command(
    "chunk",
    run_chunk,
    "gather rows into lists of a given size",
    FLOW,
    arguments=(Argument("n", int, required=False, default=_MOST, help="how many rows in a list"),),
    examples=(("json [1, 2, 3] | chunk 2", "two rows: [1,2] and [3]"),),
)
SORT = Command(
    "sort",
    run_sort,
    "order rows by properties",
    FLOW,
    arguments=(Argument("keys", help="path [asc|desc], …", complete="sort", raw=True),),
    examples=(("search is(volume) | sort volume_size desc, name | head 3", "the three largest"),),
    fuse=_fuse_sort,
)
