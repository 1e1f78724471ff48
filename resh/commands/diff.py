"""`diff`: what appeared, vanished and changed between two moments, among what a search finds then and then.

    diff 1w is(volume)              + aws_ec2_volume vol-9 (new)
                                    - aws_ec2_volume vol-2 (scratch)
                                    ~ aws_ec2_volume vol-1 (data)
                                        volume_size: 8 -> 100

The ids of both moments are compared first; documents are read only of resources that came, went, or that history tells of. So it knows
nothing of what changed and was changed back, or of what was deleted and is there again as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from resh.commands.base import SOURCE, Argument, Command, Context, Row, Rows
from resh.commands.differences import documents_differ, drawn, named, pairs
from resh.commands.moment import moment
from resh.commands.sheet import Sheet
from resh.durations import is_time
from resh.errors import BadValue, UsageError
from resh.graph.base import Document
from resh.text import fit

if TYPE_CHECKING:
    from resh.search.tree import Query

_CHUNK = 500
_SIGNS = {"appeared": "+", "vanished": "-", "changed": "~"}


def run(context: Context, rows: Rows, to: str | None, search: str, **params: str) -> Rows:
    now = context.app.clock.now()
    start = moment(params["from"], now, "diff")
    end = moment(to, now, "diff") if to else now
    if end < start:
        raise BadValue(f"diff: {to} is before {params['from']}", "write the earlier moment first")
    context.query = query = _query(context, search)
    found = False
    for row in _compared(context, query, start, end):
        context.cancel.check()
        found = True
        yield row
    if context.interactive and not found:
        context.sink.note("nothing changed")


def _query(context: Context, text: str) -> Query:
    from resh.commands.meaning import check

    query = context.app.searches.parsed(text, context.env)
    if query.aggregate:
        raise UsageError("diff compares resources, not the rows of an aggregate", "leave the aggregate out, and count what differs")
    check(query, context.app.kind_ids.property_types, context.app.kind_ids.possible_types)
    return query


def _compared(context: Context, query: Query, start: float, end: float) -> Iterator[Row]:
    """In the order of the search at the end; behind these what it found only at the start."""
    whole = any(part.merges for part in query.parts)
    befores, afters = (_found(context, query, at, whole) for at in (start, end))
    touched = befores.keys() & afters.keys()
    if not whole:
        touched &= context.app.graph.changed_ids(start, end)
    ids = iter(
        [id for id in (*afters, *(id for id in befores if id not in afters)) if id in touched or not (id in befores and id in afters)]
    )
    while chunk := list(islice(ids, _CHUNK)):
        then, now = (_documents(context, chunk, at) for at in (start, end))
        if whole:
            then |= {id: document for id in chunk if (document := befores.get(id))}
            now |= {id: document for id in chunk if (document := afters.get(id))}
        for id in chunk:
            change = "changed" if id in befores and id in afters else "appeared" if id in afters else "vanished"
            if row := _row(change, then.get(id), now.get(id)):
                yield row


def _found(context: Context, query: Query, at: float, whole: bool) -> dict[str, Document | None]:
    """The ids; the documents too when there is more in them than a resource's own."""
    if whole:
        return {document["id"]: document for document in context.app.documents(query, context.cancel, at)}
    _, rows = context.app.search(query, context.cancel, ("/id",), at)
    return {row[0]: None for row in rows}


def _documents(context: Context, ids: Sequence[str], at: float) -> dict[str, Document]:
    from resh.search.terms import Id
    from resh.search.tree import Part, Query

    return {document["id"]: document for document in context.app.documents(Query((Part(Id(tuple(ids))),)), context.cancel, at)}


def _row(change: str, before: Document | None, after: Document | None) -> Sheet | None:
    """The resource as it is at the end, or was last, with what it was before; nothing when that is the same."""
    differ = documents_differ(before, after) if before and after else {}
    if change == "changed" and not differ:
        return None
    node: Any = after or before
    row: dict[str, Any] = {"change": change, **node}
    if before and after:
        row["before"] = before
        row["differences"] = pairs(differ)

    def lines(columns: int) -> Iterator[str]:
        yield fit(f"{_SIGNS[change]} {named(node)}", columns)
        yield from drawn(differ, columns)

    return Sheet(row, lines)


DIFF = Command(
    "diff",
    run,
    "what appeared, vanished and changed between two moments",
    SOURCE,
    arguments=(
        Argument("from", help="a date, a time, or how long ago, such as 1w", complete="moment"),
        Argument("to", required=False, help="the later moment, now when not given", complete="moment", fits=is_time),
        Argument("search", help="among what this finds", complete="search", raw=True),
    ),
    help="What the search finds only at the later moment appeared, what it finds only at the earlier one vanished, whether it is gone or "
    "matches no more. A row is the resource with its change, and with before and differences if it was there both times.",
    examples=(
        ("diff 1d is(volume)", "what happened to volumes within a day"),
        ("diff 1d 1h all | count change", "how much happened until an hour ago"),
    ),
)
