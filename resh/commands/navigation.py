"""`predecessors`, `successors`, `ancestors`, `descendants`: from the resources so far to those that are connected with them.

Right after a search they become part of it; on any other stream the resources are looked up by their ids, to the same result.

    search is(volume) | predecessors            what volumes hang on, as in: is(volume) <-- all
    search is(volume) | successors delete       what must go before them: is(volume) -delete-> all
    search is(network) | descendants            everything below, to the end: is(network) -[1:]-> all
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from resh.commands.base import FLOW, Argument, Command, Context, Option, Rows
from resh.commands.found import Found, is_edge
from resh.commands.lookup import node_id
from resh.errors import UsageError

if TYPE_CHECKING:
    from resh.search.tree import Navigation, Query


class _Way(NamedTuple):
    """`end` is the last step that counts; None: as far as it goes."""

    inbound: bool
    end: int | None


def _navigation(way: _Way, params: Mapping[str, Any]) -> Navigation:
    from resh.search.tree import Navigation

    types = (_edge_type(params["edge_type"] or "default"),)
    start = 0 if params["with_origin"] else 1
    return Navigation((), types, start, way.end) if way.inbound else Navigation(types, (), start, way.end)


def _edge_type(text: str) -> str:
    from resh.model.edge import EDGE_TYPES
    from resh.text import did_you_mean

    if text not in EDGE_TYPES:
        raise UsageError(f"there is no edge type '{text}'", did_you_mean(text, EDGE_TYPES) or f"one of {', '.join(EDGE_TYPES)}")
    return text


def run(way: _Way, context: Context, rows: Rows, **params: Any) -> Rows:
    return _reached(context, rows, _navigation(way, params))


def _reached(context: Context, rows: Rows, navigation: Navigation) -> Rows:
    """In one search, however many rows there are: its order and what it leaves out are those of the fused command."""
    from resh.search.terms import Id
    from resh.search.tree import Part, Query

    ids = tuple(dict.fromkeys(_ids(context, rows)))
    if ids:
        yield from Found(context, Query((Part(Id(ids)),)).followed_by(navigation))


def _ids(context: Context, rows: Rows) -> Iterator[str]:
    for row in rows:
        context.cancel.check()
        if not is_edge(row):
            yield node_id(context, row)


def fuse(way: _Way, query: Query | None, params: Mapping[str, Any]) -> Query | None:
    return query.followed_by(_navigation(way, params)) if query else None


def _command(name: str, way: _Way, summary: str, help: str, *examples: tuple[str, str]) -> Command:
    return Command(
        name,
        partial(run, way),
        summary,
        FLOW,
        arguments=(Argument("edge_type", required=False, help="default or delete", complete="edge", variable="edge_type"),),
        options=(Option("with-origin", help="the resources that it starts from too"),),
        help=f"{help} Each is found once, in the order of kind, name and id. The variable edge_type says which type of edges is followed "
        "when the command does not.",
        examples=examples,
        fuse=partial(fuse, way),
    )


PREDECESSORS = _command(
    "predecessors",
    _Way(True, 1),
    "what is one step above the resources so far",
    "One step against the direction of the edges: along default edges the region, network or instance that a resource belongs to; "
    "along delete edges what can only go after it.",
    ("search is(volume) | predecessors | count kind", "what volumes belong to"),
)
SUCCESSORS = _command(
    "successors",
    _Way(False, 1),
    "what is one step below the resources so far",
    "One step in the direction of the edges: along default edges what belongs to a resource; along delete edges what must be gone "
    "before it.",
    ("search is(aws_region) and name = eu-west-1 | successors | count kind", "what is in a region"),
    ("search is(volume) | successors delete", "what must go before a volume can"),
)
ANCESTORS = _command(
    "ancestors",
    _Way(True, None),
    "everything above the resources so far",
    "All steps against the direction of the edges, up to the root of the graph.",
    ("search is(volume) and volume_status = available | ancestors | list kind, name", "where unattached volumes live"),
)
DESCENDANTS = _command(
    "descendants",
    _Way(False, None),
    "everything below the resources so far",
    "All steps in the direction of the edges, to the last.",
    ("search is(aws_vpc) | descendants --with-origin | list kind, id, name", "networks and all that is in them"),
)
