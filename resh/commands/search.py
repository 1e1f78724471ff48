"""`search`: resources from the graph. Behind another search it narrows what that one found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resh.commands.base import BOTH, Argument, Command, Context, Rows
from resh.errors import UsageError

if TYPE_CHECKING:
    from resh.search.tree import Query


def run(context: Context, rows: Rows, query: str) -> Rows:
    raise UsageError("search works on the graph, not on the rows before it", "start the line with it")


def _fuse(query: Query | None, params: Mapping[str, Any]) -> Query | None:
    from resh.search import parse

    found = parse(params["query"])
    return query.then(found) if query else found


SEARCH = Command(
    "search",
    run,
    "find resources in the graph",
    BOTH,
    arguments=(Argument("query", help="what to look for", complete="search", raw=True),),
    help="is(kind), id(…), property = value with = != < <= > >= ~ in, and, or, not, brackets; age > 3d; sort, limit; --> and <-- to what "
    "is connected; aggregate(kind: sum(1)): to sum up. and and or work from left to right.",
    examples=(
        ("search is(volume) and volume_status = available", "unattached volumes"),
        ("search is(volume) and age > 14d <-- is(aws_region)", "the regions that have old volumes"),
        ("search aggregate(kind: sum(1) as count): is(resource)", "how many of each kind"),
    ),
    fuse=_fuse,
)
