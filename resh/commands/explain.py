"""What `search --explain` says: the search in words, how much it should find and does find, how long it takes, and the statement.

It is about finding: ids are read, not documents, whose columns would hide the rest of the statement. The row has the names that Resoto
gives: `available_nr_items`, `estimated_nr_items`, `full_collection_scan`, `rating`. `text_index` says whether full text
goes through the index.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from resh.commands.sheet import Sheet
from resh.graph.base import Waiting

if TYPE_CHECKING:
    from resh.commands.base import Context
    from resh.graph.base import CompiledQuery
    from resh.search.tree import Query

_SCAN = re.compile(r"SCAN (n|d)\d*\b")
"""A step of the plan that goes through all rows, or all documents."""
_KINDS = re.compile(r"SCAN k\d+\b")
"""One that goes from kind to kind, and through all rows of those that the term allows."""
_DOCUMENTS = re.compile(r"\b(SCAN|SEARCH) d\d*\b")


def explained(context: Context, query: Query) -> Iterator[Sheet]:
    """Runs the search to its end, and throws away what it finds."""
    from resh.search.explain import steps

    app = context.app
    counts = app.graph.kind_counts() if context.at is None else _counts(context)
    resources = sum(counts.values())

    def count(kinds: tuple[str, ...]) -> int:
        leaves = {leaf for kind in kinds for leaf in app.kinds.leaves(kind)}
        return sum(counts.get(leaf, 0) for leaf in leaves) if kinds else resources

    began = time.perf_counter()
    compiled, rows = app.search(query, context.cancel, None if query.aggregate else ("id",), context.at)
    compiled_at = time.perf_counter()
    plan = app.graph.plan(compiled)
    estimate = _estimate(context, query, count)
    ran = time.perf_counter()
    found = sum(1 for _ in rows)
    full = _is_full(query, [step for _, step in plan])
    texts = _texts(context, compiled)
    yield Sheet(
        row := {
            "query": str(query),
            "steps": steps(query, count),
            "available_nr_items": resources,
            "estimated_nr_items": estimate,
            "nr_items": found,
            "full_collection_scan": full,
            "text_index": texts,
            "rating": _rating(full, any(_DOCUMENTS.match(step) for _, step in plan)),
            "compile_seconds": round(compiled_at - began, 6),
            "seconds": round(time.perf_counter() - ran, 6),
            "plan": [f"{'  ' * depth}{step}" for depth, step in plan],
            "sql": compiled.sql,
            "values": [_shown(value) for value in compiled.bindings],
        },
        lambda columns: _drawn(row, columns),
    )


def _counts(context: Context) -> dict[str, int]:
    """How many of each kind there were then; of now the graph knows it without counting."""
    from resh.search import parse

    return dict(context.app.search(parse("all").counted("kind"), context.cancel, at=context.at)[1])


def _texts(context: Context, compiled: CompiledQuery) -> str | None:
    """How full text is looked for, if the search asks for any."""
    if any(isinstance(value, Waiting) for value in compiled.bindings):
        waiting = context.app.graph.unindexed()
        return "used" if not waiting else f"used, but {waiting:,} resources are not in it yet: they are looked through"
    return "not used: a moment before now is looked through" if "resh_text(" in compiled.sql else None


def _shown(value: Any) -> Any:
    """What the store fills in has no value before the search runs."""
    return value if not isinstance(value, Waiting) else f"not in the index yet{f': {value.phrases}' if value.phrases else ''}"


def _estimate(context: Context, query: Query, count: Any) -> int | None:
    """From a sample; None where no sample tells."""
    from resh.search.explain import kinds_of, sampled

    sample = sampled(query, count(kinds_of(query.parts[0].term)))
    if sample is None:
        return None
    counting, times = sample
    _, rows = context.app.search(counting, context.cancel, at=context.at)
    return _limited(query, sum(row[-1] or 0 for row in rows) * times)


def _limited(query: Query, rows: int) -> int:
    limit = query.parts[-1].limit
    return rows if limit is None or query.aggregate else min(limit.count, max(0, rows - limit.offset))


def _is_full(query: Query, plan: list[str]) -> bool:
    """Whether it goes through all resources."""
    from resh.search.explain import any_kind

    return any(map(_SCAN.match, plan)) or (any(map(_KINDS.match, plan)) and any_kind(query.parts[0].term))


def _rating(full: bool, documents: bool) -> str:
    if not full:
        return "simple"
    return "bad" if documents else "complex"


def _drawn(row: Mapping[str, Any], columns: int) -> Iterator[str]:
    from textwrap import wrap

    from resh.text import sanitise

    yield sanitise(row["query"])
    for number, step in enumerate(row["steps"], 1):
        yield from wrap(sanitise(step), columns, initial_indent=f"  {number}  ", subsequent_indent="     ")
    estimate = "no estimate" if row["estimated_nr_items"] is None else f"about {row['estimated_nr_items']:,} expected"
    yield f"{estimate}, {row['nr_items']:,} found in {_span(row['seconds'])} (compiled in {_span(row['compile_seconds'])}): {row['rating']}"
    if row["text_index"]:
        yield f"index of words: {row['text_index']}"
    yield from ("", "the database's plan")
    yield from (f"  {sanitise(step)}" for step in row["plan"])
    yield from ("", "its statement")
    yield from wrap(sanitise(row["sql"]), columns, initial_indent="  ", subsequent_indent="  ")
    for number, value in enumerate(row["values"], 1):
        yield f"  ?{number} = {sanitise(repr(value))}"


def _span(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
