"""The parts of a search, one behind the other: each but the last is a common table, the last a selection.

chain(writer, query.parts)                                  over the whole graph
chain(writer, merge.query.parts, "(SELECT n1.nid AS nid)")  from one node
"""

from __future__ import annotations

from collections.abc import Iterator

from resh.search.sql.select import Selection, ordered, select
from resh.search.sql.writer import Writer
from resh.search.tree import STAY, Merge, Navigation, Part


def chain(writer: Writer, parts: tuple[Part, ...], starts: str | None = None) -> tuple[str, Selection]:
    """WITH and the tables, or nothing; then the selection of the last part. `starts` is a table or sub-query with the column nid."""
    tables: list[str] = []
    *steps, (last, navigation, carried) = _steps(parts, STAY if starts else None)
    for part, way, merges in steps:
        if way is None or not way.stays or part != Part(navigation=part.navigation):
            name = writer.alias("s")
            once = " MATERIALIZED" if len(writer.tables.edges) > 1 else ""  # a walk out of several tables names it more than once
            tables.append(f"{name}(nid) AS{once} ({_nids(select(writer, part, starts, way, merges), part)})")
            starts = name
    return f"WITH {', '.join(tables)} " if tables else "", select(writer, last, starts, navigation, carried)


def _steps(parts: tuple[Part, ...], navigation: Navigation | None) -> Iterator[tuple[Part, Navigation | None, tuple[Merge, ...]]]:
    """Each part with the way to it, and the merges that its nodes bring along: all of them where the way leads nowhere."""
    merges: tuple[Merge, ...] = ()
    for part in parts:
        merges = merges if navigation and navigation.stays else ()
        yield part, navigation, merges
        merges, navigation = (*merges, *part.merges), part.navigation


def _nids(selection: Selection, part: Part) -> str:
    keys, part = (part.sort or part.best, part) if part.limit else ((), part.changed(backwards=False))
    return ordered(selection.unique() if keys or part.limit else selection, part, keys)
