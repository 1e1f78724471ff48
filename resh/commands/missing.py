"""Properties that a search names and nothing has: no mistake, but worth a word when nothing comes of it, at a prompt and in scripts.

    search is(volume) and volume_sise > 3 | count   resh: nothing found: no kind has a property volume_sise (did you mean volume_size?)
    search is(volume) sort volume_sise              resh: no kind has a property volume_sise (did you mean volume_size?)

Rows go through `watched` on their way, which tells at their end. Tags and nested documents are free, and nobody is told about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import getitem
from typing import TYPE_CHECKING, Any, TypeVar

from resh.search.paths import AGES

if TYPE_CHECKING:
    from resh.commands.base import Context
    from resh.model.kinds import Kinds
    from resh.search.terms import Term, With
    from resh.search.tree import Part, Query

_SHORT = frozenset((*AGES, "kind", "cloud", "account", "region", "zone"))


Row = TypeVar("Row")


def watched(
    context: Context, query: Query, rows: Iterable[Row], columns: Mapping[Any, str], read: Callable[[Any, Any], object] = getitem
) -> Iterator[Row]:
    """The rows, and at their end a word about a property to blame: for no rows at all, for a column without a value, for no order.

    `columns` are the keys under which `read` finds the values of properties in a row.
    """
    empty, missing = True, dict(columns)
    for row in rows:
        empty = False
        for key in [key for key in missing if read(row, key)]:
            del missing[key]
        yield row
    if empty:
        _tell(context, asked(query), "nothing found: ")
    else:
        _tell(context, [*missing.values(), *_orderless(context, query)])


def _tell(context: Context, paths: Iterable[str], before: str = "") -> None:
    """Name the first of the paths that no kind has; once a line."""
    why = "" if context.explained else unknown(paths, context.app.kind_ids.known, lambda: context.app.kinds)
    if why:
        context.explained = True
        context.sink.note(f"{'' if context.interactive else 'resh: '}{before}{why}")


def _orderless(context: Context, query: Query) -> Iterator[str]:
    """What the search sorts by and none of its results has. They are looked at again only for a property that nothing declares."""
    from resh.search.terms import Predicate

    for key in () if query.aggregate else query.sort_keys():
        if unknown([key.path], context.app.kind_ids.known, lambda: context.app.kinds):
            having = query.and_where(Predicate(key.path, "!=", None)).limited(0, 1)
            if not list(context.app.search(having, context.cancel, ("id",), context.at)[1]):
                yield key.path


def unknown(paths: Iterable[str], known: Callable[[], Kinds], every: Callable[[], Kinds]) -> str:
    """The first of the paths that no kind declares, with the nearest that one does; nothing when all are known.

    `known` are the kinds of the graph. `every` kind there is costs an import of the clouds, and is asked for when those do not do.
    """
    from resh.text import did_you_mean

    strange = [name for path in paths if (name := _name(path)) and name not in _SHORT]
    for kinds in (known, every):
        declared = {prop.name for kind in kinds() for prop in kind.properties} if strange else set[str]()
        strange = [name for name in strange if name not in declared]
    if not strange:
        return ""
    near = did_you_mean(strange[0], sorted({*declared, *AGES}), 1, 0.7)
    return f"no kind has a property {strange[0]}{f' ({near})' if near else ''}"


def asked(query: Query) -> Iterator[str]:
    """Every property that the search names, in the order of its parts."""
    merged = {merge.name for part in query.parts for merge in part.merges}
    outputs = query.aggregate.outputs if query.aggregate else ()
    for part in query.parts:
        yield from (path for path in _asked_in(part) if path not in merged)
    yield from (key.path for key in query.sort_keys() if key.path not in outputs)
    yield from columns(query).values()


def columns(query: Query) -> dict[str, str]:
    """The columns of an aggregate that come from one property each, by name."""
    if query.aggregate is None:
        return {}
    groups = {group.output: group.source for group in query.aggregate.groups if not group.is_text}
    return groups | {measure.output: measure.source for measure in query.aggregate.measures if isinstance(measure.source, str)}


def _asked_in(part: Part) -> Iterator[str]:
    for term in (part.term, part.after):
        if term is not None:
            yield from _paths(term)
    with_: With | None = part.with_
    while with_ is not None:
        yield from _paths(with_.term)
        with_ = with_.inner


def _paths(term: Term) -> Iterator[str]:
    """Properties of resources themselves, not of the elements of their lists."""
    from resh.search.terms import Call, Combined, Not, Predicate

    if isinstance(term, Predicate | Call):
        yield term.path
    elif isinstance(term, Not):
        yield from _paths(term.term)
    elif isinstance(term, Combined):
        yield from _paths(term.first)
        for _, other in term.rest:
            yield from _paths(other)


def _name(path: str) -> str:
    """The property's name; nothing for what is no property of the resource itself."""
    name = path.removeprefix("/reported.")
    return "" if set(".[`/") & set(name) else name
