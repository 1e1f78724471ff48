"""`history`: what changed in the graph, newest first, and what it was before.

    history --since 1d --change updated is(volume)      each change of a volume, with what was and what became
    history vol-0f3a91c2                                everything that ever happened to one resource

A row is the resource as the change left it (as it was last, when it was deleted) with `change`, `changed_at`, `by`, and for an update
`before`, the resource as it was, and `differences`, as `diff` gives them. A search may stand behind the options: it is held against the
resource after the change, and before it. It is about one resource at a time, so it has no ways to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from resh.clock import iso
from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.differences import documents_differ, drawn, named, pairs
from resh.commands.lookup import one_node
from resh.commands.paths import value
from resh.commands.sheet import Sheet
from resh.durations import parse_time
from resh.errors import BadValue, UsageError
from resh.render.values import cell
from resh.text import fit

if TYPE_CHECKING:
    from resh.graph.base import CompiledQuery
    from resh.graph.versions import Version
    from resh.search.tree import Query

ALL = -1
"""As SQL's LIMIT has it."""
SORTS = ("created", "updated", "deleted")
_NAME = re.compile(r"[^\s=<>~!(){}\"]+")
"""One word that is no search: an id or a name."""
_FIRST, _MOST = 50, 2000
"""Changes that are held against a search together."""


def run(
    context: Context,
    rows: Rows,
    query: str | None,
    limit: int | None,
    since: str | None,
    after: str | None,
    before: str | None,
    change: tuple[str, ...],
) -> Rows:
    now = context.app.clock.now()
    first, end = (parse_time(text, now) if text else None for text in (since or after, before))
    name = query if query and query != "all" and _NAME.fullmatch(query) else None
    search = context.app.searches.expanded(context.app.searches.parsed(query, context.env)) if query and not name else None
    condition = _compiled(context, search)
    changes = context.app.graph.history(
        limit=limit if limit is not None and search is None else ALL,
        id=_id(context, name) if name else None,
        since=first,
        until=end,
        only=sorted({_sort(text) for text in change}),
    )
    found = context.app.graph.versions(changes)
    if condition:
        found = _fitting(context, found, condition)
    described = (_row(context, version) for version in found)
    return _ordered(context, described, search, limit)


def _id(context: Context, name: str) -> str:
    """Of what there is, or of what has gone by that id."""
    return name if next(context.app.graph.history(limit=1, id=name), None) else str(one_node(context, name)["id"])


def _sort(text: str) -> str:
    found = text.removeprefix("node_")
    if found not in SORTS:
        raise BadValue(f"'{text}' is no sort of change", f"one of {', '.join(SORTS)}")
    return found


def _compiled(context: Context, search: Query | None) -> CompiledQuery | None:
    if search is None:
        return None
    from resh.commands.meaning import check
    from resh.search.compiler import compile_given

    part = search.parts[0]
    way = f"'{part.navigation}'" if len(search.parts) > 1 else ""
    other = next((f"'{word}'" for word in (part.merges and part.merges[0], part.with_, part.usage, part.tag, search.aggregate) if word), "")
    if found := way or other:
        raise UsageError(
            f"{found} cannot be answered by history, which looks at one resource at a time", "search --at knows what was connected"
        )
    check(search, context.app.kind_ids.property_types, context.app.kind_ids.possible_types)
    return compile_given(part.term, context.app.kind_ids, context.app.clock.now())


def _fitting(context: Context, versions: Iterator[Version], condition: CompiledQuery) -> Iterator[Version]:
    """Those that fit after the change or before it, a growing number at a time."""
    size = _FIRST
    while chunk := list(islice(versions, size)):
        context.cancel.check()
        sides = [(number, side) for number, version in enumerate(chunk) for side in (version.before, version.after) if side]
        fits = context.app.graph.fitting(condition, [document for _, document in sides])
        yield from (chunk[number] for number in sorted({sides[place][0] for place in fits}))
        size = min(2 * size, _MOST)


def _ordered(context: Context, rows: Rows, search: Query | None, limit: int | None) -> Rows:
    """As the search sorts them, as many as it wants and the option allows."""
    if search is not None:
        part = search.parts[0]
        if part.sort:
            from resh.commands.flow import run_sort

            rows = run_sort(context, rows, ", ".join(map(str, part.sort)))
        if part.backwards:
            rows = iter(list(rows)[::-1])
        if part.limit:
            rows = islice(rows, part.limit.offset, part.limit.offset + part.limit.count)
    return islice(rows, limit) if limit is not None and limit >= 0 else rows


def _row(context: Context, version: Version) -> Sheet:
    context.cancel.check()
    change = version.change
    row: dict[str, Any] = {"changed_at": iso(change.at), "change": change.change, "by": change.by, **version.document}
    if version.before and version.after:
        row |= {"before": version.before, "differences": pairs(documents_differ(version.before, version.after))}
    return Sheet(row, lambda columns: _lines(version, columns))


def _lines(version: Version, columns: int) -> Iterator[str]:
    """For people: what changed, then a line for each path."""
    change, document = version.change, version.document
    place = " ".join(cell(value(document, level)) for level in ("account", "region"))
    yield fit(f"{iso(change.at)}  {change.change:<7}  {named(document)}  {place}  by {cell(change.by)}", columns)
    if version.before and version.after:
        yield from drawn(documents_differ(version.before, version.after), columns)


HISTORY = Command(
    "history",
    run,
    "what changed in the graph, newest first",
    SOURCE,
    arguments=(Argument("query", required=False, help="a search, or the id or name of one resource", complete="search", raw=True),),
    options=(
        Option("limit", int, None, "how many changes; all when not given"),
        Option("since", str, None, "from then on: a date or how long ago, such as 2026-11-01 or 3d", "moment"),
        Option("after", str, None, "the same as --since", "moment"),
        Option("before", str, None, "before then", "moment"),
        Option(
            "change",
            str,
            (),
            "only created, updated or deleted ones; may be given again",
            complete="change",
            many=True,
        ),
    ),
    help="Each row is the resource as the change left it, with change, changed_at and by; an update has before, the resource as it was, "
    "and the differences. A search is held against the resource before and after the change, and has no ways to other resources.",
    examples=(
        ("history --limit 5", "the last five changes"),
        ("history --since 1d | count change", "how much changed in a day"),
        ("history --change deleted is(volume) and volume_size > 50", "large volumes that are gone"),
    ),
)
