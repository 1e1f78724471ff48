"""`search`: resources from the graph. Behind another search it narrows what that one found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from resh.commands.base import BOTH, Argument, Command, Context, Option, Rows
from resh.commands.found import Found
from resh.commands.moment import moment
from resh.errors import UsageError

if TYPE_CHECKING:
    from resh.search.tree import Query

_OPTIONS = ("at", "with_edges", "explain")
"""What a line wants of its search, whatever further stages make of it."""


def run(context: Context, rows: Rows, query: str, **options: Any) -> Rows:
    raise UsageError("search works on the graph, not on the rows before it", "start the line with it")


def _fuse(query: Query | None, params: Mapping[str, Any]) -> Query | None:
    from resh.search import parse

    if query is None:
        return parse(params["query"])
    if given := [f"--{name.replace('_', '-')}" for name in _OPTIONS if params[name]]:
        raise UsageError(f"{given[0]} belongs to the search that starts the line", f"write search {given[0]} … | search …")
    return query.then(parse(params["query"]))


def _begin(context: Context, query: Query, params: Mapping[str, Any]) -> Rows:
    if params["at"] is not None:
        context.at = moment(params["at"], context.app.clock.now(), "search --at")
    if params["explain"]:
        from resh.commands.explain import explained

        return explained(context, query)
    return cast(Rows, Found(context, query, with_edges=params["with_edges"]))


SEARCH = Command(
    "search",
    run,
    "find resources in the graph",
    BOTH,
    arguments=(Argument("query", help="what to look for", complete="search", raw=True),),
    options=(
        Option("at", str, None, "as it was then: a date, a time, or how long ago, such as 1w", complete="moment", variable="at"),
        Option("with-edges", help="the edges between what is found too, as rows behind it"),
        Option("explain", help="instead of what is found: how it is found, how much, and in what time"),
    ),
    help="is(kind), id(…), property = value with = != < <= > >= ~ in, and, or, not, brackets; age > 3d; sort, limit; --> and <-- to what "
    "is connected; aggregate(kind: sum(1)): to sum up. and and or work from left to right. --explain rates a search: simple when it looks "
    "at some kinds or uses an index, complex when it goes through all resources, bad when it reads all their documents. "
    "--at asks the graph as it was: conditions, edges, marks and ages are those of then; the variable at in front of the "
    "line does the same.",
    examples=(
        ("search is(volume) and volume_status = available", "unattached volumes"),
        ("search is(volume) and age > 14d <-- is(aws_region)", "the regions that have old volumes"),
        ("search aggregate(kind: sum(1) as count): is(resource)", "how many of each kind"),
        ("search --at 1d is(instance) | count instance_status", "what ran a day ago"),
        ("search --with-edges is(aws_vpc) -[0:]-> all", "networks, all that is in them, and how it is connected"),
        (
            "search --explain is(volume) and volume_size > 100 <-- is(instance) | format {nr_items} found, {rating}: {steps}",
            "what is done to answer it; without format also the statement of SQL, an estimate and the time",
        ),
    ),
    fuse=_fuse,
    begin=_begin,
)
