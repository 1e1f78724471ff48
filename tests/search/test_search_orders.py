"""Orders, groups and sums of random searches are those that plain Python makes of the documents; so are tags with merges."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from resh.search.paths import place
from resh.search.terms import Context, Predicate, both
from resh.search.tree import Aggregate, Group, Limit, Measure, Part, Query, Sort
from tests.search.search_graphs import Graph
from tests.search.search_reference import Document, is_number
from tests.search.search_strategies import examples, navigations
from tests.search.test_search_merges import merging, unordered
from tests.search.test_search_sql import few, inner, relative, tags

PLAIN = ("a", "b", "c.a", "x", "list[0]", "name", "region", "account", "kind", "/desired.clean", "/metadata.note", "usage.cpu.avg")
paths = st.sampled_from([*PLAIN, "list[*]", "list[*].a", "list[*].x[*]", "c.x[*].b"])
sorts = st.lists(st.builds(Sort, paths, st.booleans()), min_size=1, max_size=2).map(lambda found: (*found, Sort("/id")))
limits = st.none() | st.builds(Limit, st.integers(0, 3), st.integers(0, 20))
columns = st.sampled_from([*PLAIN, "list[*]", "list[*].a"])
groups = st.builds(Group, columns, st.sampled_from(["", "g"])) | st.builds(
    Group, st.sampled_from(["{name}/{a}", "{list[*]} of {kind}", "all"]), st.just("t"), st.just(True)
)
operations = st.lists(st.tuples(st.sampled_from("+-*/%"), st.sampled_from([2, 3, 0.5])), max_size=2).map(tuple)
sums = st.builds(Measure, st.sampled_from(["sum", "avg", "min", "max"]), columns | st.sampled_from([1, 2.5]), operations)
measures = st.lists(sums | st.builds(Measure, st.sampled_from(["count", "min", "max"]), columns), min_size=1, max_size=2).map(tuple)
aggregates = st.builds(Aggregate, st.lists(groups, max_size=2).map(tuple), measures)


def values(value: Any, steps: tuple[Any, ...]) -> Iterator[Any]:
    """All that steps lead to, each [*] to every element."""
    for number, step in enumerate(steps):
        if step is None:
            for element in value if isinstance(value, list) else ():
                yield from values(element, steps[number + 1 :])
            return
        inside = isinstance(value, list) and isinstance(step, int) and step < len(value)
        value = value[step] if inside else value.get(step) if isinstance(value, dict) else None
    yield value


def at(document: Document, path: str) -> Iterator[Any]:
    found = place(path)
    return values(document if found.section == "node" else document.get(found.section), found.steps)


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def rank(value: Any) -> tuple[int, Any]:
    """Missing, then numbers with false and true as 0 and 1, then text; arrays and objects are their JSON."""
    if value is None:
        return 0, 0
    if isinstance(value, list | dict):
        value = compact(value)
    return (2, value.encode()) if isinstance(value, str) else (1, value)


def key(document: Document, sort: Sort) -> tuple[int, Any]:
    found = [rank(value) for value in at(document, sort.path)]
    if "[*]" in sort.path:
        found = [one for one in found if one[0]]
    return (max if sort.descending else min)(found, default=(0, 0))


@examples(60)
@given(part=st.builds(Part, few.map(lambda part: part.term), sort=sorts, limit=limits, backwards=st.booleans()))
def test_orders(graph: Graph, part: Part) -> None:
    ids = sorted(graph.world.ids(Query((part.changed(sort=(), limit=None),))))
    for sort in reversed(part.sort):
        ids.sort(key=lambda id: key(graph.world.documents[id], sort), reverse=sort.descending)
    if part.limit:
        ids = ids[part.limit.offset : part.limit.offset + part.limit.count]
    assert graph.ids(Query((part,))) == (ids[::-1] if part.backwards else ids), str(part)


def shown(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return compact(value) if isinstance(value, list | dict) else value


def unfolded(document: Document, aggregate: Aggregate) -> Iterator[Document]:
    """With each element of the list as `*`, if a path leads to them."""
    if "list[*]" not in str(aggregate):
        yield document
        return
    elements = document["reported"].get("list")
    for element in elements if isinstance(elements, list) else ():
        yield document | {"*": element}


def one(row: Document, path: str) -> Any:
    if path.startswith("list[*]"):
        return next(values(row["*"], place(path).steps[2:]), None)
    return next(at(row, path), None)


def group_of(row: Document, group: Group) -> Any:
    if not group.is_text:
        return shown(one(row, group.source))
    text = group.source
    for path in ("name", "a", "list[*]", "kind"):
        if f"{{{path}}}" in text:
            value = shown(one(row, path))
            text = text.replace(f"{{{path}}}", "" if value is None else str(value))
    return text


def measured(rows: list[Document], measure: Measure) -> Any:
    found = [one(row, measure.source) if isinstance(measure.source, str) else measure.source for row in rows]
    if measure.function == "count":
        return sum(value is not None for value in found)
    if measure.function in ("min", "max") and not measure.operations and isinstance(measure.source, str):
        texts = [shown(value) for value in found if value is not None]
        return (min if measure.function == "min" else max)(texts, key=rank, default=None)
    numbers = [calculated(value, measure) for value in found if is_number(value)]
    if measure.function == "sum" and (numbers or not rows):
        return sum(numbers)
    if not numbers:
        return None
    return {"avg": sum(numbers) / len(numbers), "min": min(numbers), "max": max(numbers)}[measure.function]


def calculated(value: float, measure: Measure) -> float:
    from math import fmod

    for operator, number in measure.operations:
        assert not isinstance(number, str)
        value = {"+": value + number, "-": value - number, "*": value * number, "/": value / number, "%": fmod(value, number)}[operator]
    return value


def rounded(rows: list[tuple[Any, ...]]) -> list[str]:
    return sorted(str([f"{value:.6f}" if is_number(value) else value for value in row]) for row in rows)


@examples(60)
@given(term=few.map(lambda part: part.term), aggregate=aggregates)
def test_groups_and_sums(graph: Graph, term: Any, aggregate: Aggregate) -> None:
    rows: dict[tuple[Any, ...], list[Document]] = {} if aggregate.groups else {(): []}
    for id in graph.world.ids(Query((Part(term),))):
        for row in unfolded(graph.world.documents[id], aggregate):
            rows.setdefault(tuple(group_of(row, group) for group in aggregate.groups), []).append(row)
    expected = [(*names, *(measured(members, measure) for measure in aggregate.measures)) for names, members in rows.items()]
    query = Query((Part(term),), aggregate)
    assert rounded(graph.rows(query)) == rounded(expected), str(query)


@st.composite
def tagged(draw: st.DrawFn) -> Query:
    """Parts with tags, one of them with merges."""
    parts = [draw(few), draw(merging())] if draw(st.booleans()) else [draw(merging()), draw(few)]
    first, last = (part.changed(tag=draw(tags)) for part in parts)
    return Query((first.changed(navigation=draw(navigations())), last))


@examples(25)
@given(query=tagged())
def test_tags_with_merges(graph: Graph, query: Query) -> None:
    found = {document["id"]: document for document in graph.documents(query)}
    assert unordered(found) == unordered(graph.world.found(query)), str(query)


@examples(25)
@given(path=st.sampled_from(["list[*]", "c", "x"]), terms=st.lists(inner, min_size=2, max_size=3), last=relative)
def test_a_comma_in_a_context_is_an_and(graph: Graph, path: str, terms: list[Any], last: Predicate) -> None:
    from resh.search import parse

    together = both(both(terms[0], "and", terms[1]), "and", last)
    query = parse(f"{path}.{{({terms[0]}), ({terms[1]}), {last}}}")
    assert set(graph.ids(query)) == graph.world.ids(Query((Part(Context(path, together)),)))
