"""From tree to SQL: one statement with every value bound, for the schema of `resh/graph/schema.sql`.

    compile(parse("is(volume) and age > 3d"), kinds, now=clock.now())
    compile(query, kinds, now, projection=("id", "volume_size"))        values instead of documents
    compile(query, kinds, then, past=store.past(then))                  what it would have found at that moment

Order of the results: as the search sorts them; else by kind, name and id, one kind after the other. A search with a limit and no sort
takes the first nodes that the graph comes across (mostly: kind by kind, in the order in which they were first seen), so that it can stop
early.

In values and groups, ages are seconds, true and false are text, and arrays and objects are JSON text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.graph.base import CompiledQuery
from resh.graph.document import COLUMNS, joined
from resh.search.paths import Step
from resh.search.sql import aggregate
from resh.search.sql.chain import chain
from resh.search.sql.documents import Rows, in_order
from resh.search.sql.reference import Element, Json, Tree
from resh.search.sql.scope import Scope
from resh.search.sql.select import shown
from resh.search.sql.writer import Writer
from resh.search.tree import Part, Query

if TYPE_CHECKING:
    from resh.graph.past import Past as Moment
    from resh.search.sql.writer import KindIds
    from resh.search.terms import Term

_FEW = 100
"""Documents that are read at once; more come one by one, in constant memory."""


def compile(
    query: Query, kinds: KindIds, now: float, projection: tuple[str, ...] | None = None, past: Moment | None = None
) -> CompiledQuery:
    """Raises UnknownKind, UsageError for what makes no sense, and BadValue for values that do not fit."""
    writer = _writer(kinds, now, past)
    compiled = _compiled(writer, query, projection, past)
    return compiled.changed(lasting=True) if writer.timeless and past is None else compiled


def _compiled(writer: Writer, query: Query, projection: tuple[str, ...] | None, past: Moment | None) -> CompiledQuery:
    tables, selection = chain(writer, query.parts)
    last = query.parts[-1]
    if query.aggregate:
        sql = aggregate.write(selection, query.aggregate, last)
        return CompiledQuery(
            *writer.finish(tables + sql), "groups", query.aggregate.outputs, len(query.aggregate.groups), past=past, current=writer.current
        )
    if projection is not None:
        selection = selection.unique()
        columns = [(_value(selection.scope, path), f"c{number}") for number, path in enumerate(projection, 1)]
        return CompiledQuery(
            *writer.finish(tables + in_order(selection, last, columns)), "values", projection, past=past, current=writer.current
        )
    rows = Rows(selection, last)
    merged = rows.brought()
    few = bool(last.limit and last.limit.count <= _FEW)
    read = joined(rows.read(COLUMNS), merged.values()) if few else ", ".join((rows.read(COLUMNS), *merged.values()))
    finished = writer.finish(f"{tables}SELECT {read} FROM {rows.tables}")
    return CompiledQuery(*finished, "documents", merged=tuple(merged), past=past, current=writer.current, joined=few)


def compile_edges(query: Query, kinds: KindIds, now: float, past: Moment | None = None) -> CompiledQuery:
    """The edges between the nodes that the query finds: (source id, target id, number of the edge's type), in the order of the sources.

    Two accounts may tell of the same edge: DISTINCT, which the order of the index makes cheap.
    """
    writer = _writer(kinds, now, past)
    tables, selection = chain(writer, query.parts)
    found = f"found(nid) AS MATERIALIZED ({in_order(selection, query.parts[-1])})"
    source, target = Scope(writer, "e.src"), Scope(writer, "e.dst")
    ids = f"{source.column('id')}, {target.column('id')}"
    edges = " UNION ALL ".join(
        f"SELECT e.src, e.dst, e.et FROM found CROSS JOIN {stored.table('e', inbound=False)} "
        f"ON e.et IN (0, 1) AND e.src = found.nid AND e.dst IN (SELECT nid FROM found){stored.where('e', 'dst')}"
        for stored in writer.tables.edges
    )
    sql = (
        f"{f'{tables.rstrip()},' if tables else 'WITH'} {found} "
        f"SELECT DISTINCT {ids}, e.et FROM ({edges}) e{source.joins()}{target.joins()}"
    )
    return CompiledQuery(*writer.finish(sql), "values", ("from", "to", "edge_type"), past=past, current=writer.current)


def compile_given(term: Term, kinds: KindIds, now: float) -> CompiledQuery:
    """For `resh.graph.given`: which of the documents there fit the term. Raises UsageError where it asks about other resources."""
    from resh.search.sql.given import Given

    writer = Writer(kinds, now, Given())
    tables, selection = chain(writer, (Part(term),))
    return CompiledQuery(*writer.finish(tables + selection.write()), "values", ("nid",))


def _writer(kinds: KindIds, now: float, past: Moment | None) -> Writer:
    if past is None:
        return Writer(kinds, now)
    from resh.search.sql.past import Past

    return Writer(kinds, now, Past(past.name, now))


def _value(scope: Scope, path: str) -> str:
    """A column of values; where a path leads to many, the JSON array of them."""
    found = scope.place(path)
    if None not in found.steps:
        reference = scope.reference(found)
        if found.is_age:
            return f"({scope.writer.bind(scope.writer.now)} - unixepoch({reference.value}))"
        return f"({shown(reference)})"
    array = scope.reference(found)
    return _listed(scope.writer, Json(array.document), array.steps) if isinstance(array, Json) else "NULL"


def _listed(writer: Writer, tree: Tree, steps: tuple[Step, ...]) -> str:
    """JSON of what steps lead to, for each [*] an array; nothing where no array is."""
    if None not in steps:
        return f"({tree.at(steps).text})"
    star, element = steps.index(None), Element(writer.alias("e"))
    array, inner = tree.at(steps[:star]), _listed(writer, element, steps[star + 1 :])
    rows = f"(SELECT json_group_array(json(coalesce({inner}, 'null'))) FROM {array.elements} {element.alias})"
    return f"iif({array.type} = 'array', {rows}, NULL)"
