"""What occurs at a place of many nodes: its values or, where objects are, their keys; each with its JSON type and how often.

    occurring(Is(("volume",)), "volume_status", kinds, now)         rows ("text", "available", 12), …: the most frequent first
    occurring(ALL, "tags", kinds, now, keys=True)                   rows ("text", "owner", 40), …

A list counts by its elements. `first` reads only so many occurrences, which is quick and shows what is there; `begins` takes only text that
begins so.
"""

from __future__ import annotations

from resh.graph.base import CompiledQuery
from resh.search.paths import place
from resh.search.sql.reference import Element, Json, Tree
from resh.search.sql.scope import NID, Scope
from resh.search.sql.select import Selection
from resh.search.sql.where import condition
from resh.search.sql.writer import KindIds, Writer
from resh.search.terms import Term

MOST = 500
"""So many different ones at most."""


def occurring(
    term: Term, path: str, kinds: KindIds, now: float, *, keys: bool = False, first: int | None = None, begins: str = ""
) -> CompiledQuery:
    """Raises UsageError for a path that leads nowhere, UnknownKind for a kind that nobody knows."""
    writer = Writer(kinds, now)
    selection = Selection(Scope(writer, NID))
    selection.conditions.append(condition(selection.scope, term))
    type, value = _occurrence(selection, path, keys)
    if begins:
        bounds = writer.bind(begins), writer.bind(f"{begins}\U0010ffff")
        selection.conditions.append(f"{type} = 'text' AND {value} BETWEEN {bounds[0]} AND {bounds[1]}")
    found = selection.write(((type, "c1"), (value, "c2")), f" LIMIT {first}" if first else "")
    sql = f"SELECT c1, c2, count(*) FROM ({found}) GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT {MOST}"
    return CompiledQuery(*writer.finish(sql), "values", ("type", "value", "count"))


def _occurrence(selection: Selection, path: str, keys: bool) -> tuple[str, str]:
    """SQL of the type and the value of each occurrence."""
    reference = selection.scope.reference(place(path)) if path else Json(selection.scope.document())
    if not isinstance(reference, Json):
        selection.conditions.append(f"{reference.value} IS NOT NULL AND {int(not keys)}")
        return "'text'", reference.value
    tree: Tree = Json(reference.document)
    steps = reference.steps
    while None in steps:
        star = steps.index(None)
        element = _each(selection, tree.at(steps[:star]))
        selection.conditions.append(f"typeof({element.alias}.key) = 'integer'")
        tree, steps = element, steps[star + 1 :]
    if isinstance(tree, Element) and not steps and not keys:
        selection.conditions.append(f"{tree.alias}.atom IS NOT NULL")
        return tree.type, tree.value
    last = _each(selection, tree.at(steps))
    if keys:
        selection.conditions.append(f"typeof({last.alias}.key) = 'text'")
        return "'text'", f"{last.alias}.key"
    selection.conditions.append(f"typeof({last.alias}.key) <> 'text' AND {last.alias}.atom IS NOT NULL")
    return last.type, last.value


def _each(selection: Selection, tree: Tree) -> Element:
    """The elements of a list, the members of an object, or the one value that is there."""
    element = Element(selection.scope.writer.alias("e"))
    selection.joins.append(f" CROSS JOIN {tree.elements} {element.alias}")
    return element
