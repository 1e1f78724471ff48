"""Arrays along a path unfolded, each [*] into a row for every element.

each = unfold(writer, Json("d1.reported", ("disks", None, "gb")))
f"(SELECT max({each.end.plain}) FROM {each.tables} WHERE {each.condition})"
"""

from __future__ import annotations

from resh.record import Record
from resh.search.sql.reference import Element, Json, Tree
from resh.search.sql.writer import Writer


class Unfolded(Record):
    """`end` is what the path leads to from the innermost elements, which `tables` has where `condition` is true."""

    tables: str
    condition: str
    end: Tree


def unfold(writer: Writer, reference: Json) -> Unfolded:
    """Of a path with at least one [*]. What is no array has no elements."""
    tree: Tree = Json(reference.document)
    steps, tables, conditions = reference.steps, list[str](), list[str]()
    while None in steps:
        star = steps.index(None)
        element = Element(writer.alias("e"))
        tables.append(f"{tree.at(steps[:star]).elements} {element.alias}")
        conditions.append(f"typeof({element.alias}.key) = 'integer'")
        tree, steps = element, steps[star + 1 :]
    return Unfolded(" CROSS JOIN ".join(tables), " AND ".join(conditions), tree.at(steps))
