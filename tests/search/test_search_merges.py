"""Merges: what a search of its own puts into each node, and everything that may be done with it behind that."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.errors import UsageError
from resh.search import parse
from resh.search.terms import Call, Context, Not, Predicate, Term, both
from resh.search.tree import Aggregate, Group, Limit, Measure, Merge, Part, Query, Sort
from tests.search.search_graphs import Graph
from tests.search.search_strategies import examples, navigations
from tests.search.test_search_sql import few, leaves

by_id = st.builds(lambda descending: (Sort("/id", descending),), st.booleans())
limits = st.none() | st.builds(Limit, st.integers(0, 1), st.integers(0, 3))
counts = st.sampled_from([Aggregate((), (Measure("sum", 1, name="n"),)), Aggregate((Group("kind"),), (Measure("sum", 1, name="n"),))])


@cache  # a strategy that is drawn from again need not be examined again
@st.composite
def sub_searches(draw: st.DrawFn, first_only: bool = False, depth: int = 0) -> Query:
    """Some ways from a node; an order where a limit, or taking the first, makes it matter."""
    steps = [Part(navigation=draw(navigations()))]
    if draw(st.booleans()):
        steps.append(draw(few).changed(navigation=draw(navigations())))
    last = draw(st.builds(Part, leaves))
    if depth == 0 and draw(st.integers(0, 4)) == 0:
        last = last.changed(merges=(draw(merges(depth=1)),))
    aggregate = draw(st.none() | st.none() | counts)
    if aggregate:
        return Query((*steps, last), aggregate)
    if first_only or draw(st.booleans()):
        last = last.changed(sort=draw(by_id), limit=draw(limits))
    return Query((*steps, last))


@cache
@st.composite
def merges(
    draw: st.DrawFn, names: tuple[str, ...] = ("m", "/top", "ancestors.cloud", "reported.x", "deep.down.there"), depth: int = 0
) -> Merge:
    many = draw(st.booleans())
    return Merge(draw(st.sampled_from(names)), many, draw(sub_searches(first_only=not many, depth=depth)))


PLACES = "  .reported.a [*].reported.a [0].kind .metadata .n [*].n [*].group.kind .reported.name [*].reported.list[*] .id .reported.x"


@cache
def about(name: str) -> st.SearchStrategy[Term]:
    """Conditions on what was merged in under this name, or above and beside it."""
    paths = st.sampled_from([*(name + place for place in PLACES.split(" ")), "/" + name + ".kind", name.rpartition(".")[0] or "a", "x"])
    values = st.builds(Predicate, paths, st.sampled_from(["==", "!=", "<", ">="]), st.sampled_from(["a", "1", 1, 2.5, "gcp_disk"]))
    missing = st.builds(Predicate, paths, st.sampled_from(["==", "!="]), st.none())
    matches = st.builds(Predicate, paths, st.sampled_from(["=~", "!~"]), st.sampled_from(["a", "^n", "i"]))
    keys = st.builds(Call, st.just("has_key"), paths, st.sampled_from([("id",), ("n",), ("a",)]))
    inside = values.map(lambda found: found.changed(path="reported.a")) | st.just(Predicate("/a", "==", 1))
    return values | missing | matches | keys | st.builds(lambda term: Context(name + "[*]", term), inside)


@st.composite
def merging(draw: st.DrawFn) -> Part:
    found = {str(merge.name): merge for merge in draw(st.lists(merges(), min_size=1, max_size=2))}
    some = st.one_of(*(about(name.removeprefix("/")) for name in found), leaves)
    after = st.recursive(
        some, lambda some: st.builds(both, some, st.sampled_from(["and", "or"]), some) | st.builds(Not, some), max_leaves=3
    )
    return Part(draw(leaves), merges=tuple(found.values()), after=draw(st.none() | after))


@examples(150)
@given(
    query=st.builds(lambda part: Query((part,)), merging())
    | st.builds(lambda part, way, last: Query((part.changed(navigation=way), last)), merging(), navigations(), merging())
)
def test_documents_have_what_was_merged_into_them(graph: Graph, query: Query) -> None:
    found = {document["id"]: document for document in graph.documents(query)}
    assert unordered(found) == unordered(graph.world.found(query)), str(query)
    assert graph.rows(query.counted()) == [(len(found),)]


def unordered(value: Any) -> Any:
    """Lists of documents are compared as sets: only what sorts has an order that is the same everywhere."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [unordered(item) for item in value]
        return sorted(items, key=repr) if all(isinstance(item, dict) and "id" in item for item in items) else items
    return value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is(instance) {disk: --> is(volume) sort volume_size desc}", {"disk": "v2"}),
        ("is(instance) {disk: --> is(volume) sort volume_size desc limit 1, 1}", {"disk": "v1"}),
        ("is(instance) {disks[]: --> is(volume)}", {"disks": ["v1", "v3", "v2"]}),
        ("is(instance) {disks[]: --> is(volume) sort volume_size limit 2 reversed}", {"disks": ["v1", "v3"]}),
        ("is(instance) {none: <-- is(volume), no[]: <-- is(volume)}", {"none": None, "no": []}),
        ("is(instance) {region.of: <-[1:]- is(region), region.up: <-[2:]- is(account)}", {"region": {"of": "eu", "up": "1"}}),
        ("is(instance) {near: <-[1:]- all, far: <-[2]- all}", {"near": "eu", "far": "1"}),
        ("is(instance) {me: is(instance), not_me: is(volume)}", {"me": "i1", "not_me": None}),
        ("is(instance) {first[]: -delete-> all --> all, second[]: -delete-> all <-- is(region)}", {"first": [], "second": ["eu"]}),
        ("is(region) {machine: --> is(instance) {disks[]: --> is(volume) and volume_size > 9}}", {"machine": "i1"}),
        ("is(region) {n: aggregate(sum(1) as n): -->}", {"n": {"n": 4}}),
        (
            "is(region) {by[]: aggregate(kind: sum(volume_size) as gb): --> is(volume)}",
            {"by": [{"group": {"kind": "aws_ec2_volume"}, "gb": 517.5}]},
        ),
        ("is(region) {by: aggregate(name: sum(1) as n): --> is(volume) sort n desc}", {"by": {"group": {"name": "data"}, "n": 2}}),
        ("is(region) {by: aggregate(kind: sum(1) as n): <-- is(volume)}", {"by": None}),
        ("is(account) {x: -->} -[1:]-> is(instance) {y[]: -->}", {"y": ["v1", "v3", "v2"]}),
    ],
)
def test_what_is_merged(page: Graph, text: str, expected: dict[str, Any]) -> None:
    (document,) = page.documents(text)
    assert {key: ids(document[key]) for key in expected} == expected
    assert document.keys() - expected.keys() == page.world.documents[document["id"]].keys()


def ids(value: Any) -> Any:
    """Documents by the cloud's ids."""
    if isinstance(value, dict):
        return value["reported"]["id"] if "reported" in value else {key: ids(item) for key, item in value.items()}
    return [ids(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("is(volume) {n: aggregate(sum(1) as n): <--} sort n.n, volume_size", [("v3",), ("v1",), ("v2",)]),
        ("is(resource) {v[]: --> is(volume)} v[*].reported.volume_size > 100", [("i1",), ("eu",)]),
        ("is(resource) {v[]: --> is(volume)} v[*].reported.{volume_size > 100 and name = data}", []),
        ("is(resource) {v[]: --> is(volume)} v[*].{/kind = region and reported.name = logs}", [("eu",)]),
        ("is(resource) {v[]: --> is(volume)} v = [] and is(volume) limit 1", [("v1",)]),
        ("is(resource) {up: <-- is(region)} /up.kind = region and up.reported.name != x with(empty, -->)", [("v1",), ("v3",), ("v2",)]),
        ("is(volume) {kind.up: <-- is(instance)} /kind.up.reported.cores = 4 sort kind.up.reported.name, volume_size limit 1", [("v3",)]),
        ("is(volume) {r: <-- is(region)} r.reported.name = eu limit 1 <-- is(instance)", [("i1",)]),
        ("is(instance) <-[0:]- all {v[]: --> is(volume)} v[*].reported.name = logs", [("i1",), ("eu",)]),
    ],
)
def test_what_is_merged_can_be_asked_about(page: Graph, text: str, rows: list[tuple[Any, ...]]) -> None:
    assert page.rows(text, ("id",)) == rows
    assert page.rows(parse(text).counted()) == [(len(rows),)]


def test_columns_and_groups_of_what_is_merged(page: Graph) -> None:
    text = "is(instance) {v[]: --> is(volume), up: <-- is(region)} all"
    columns = ("id", "up.reported.name", "/up.kind", "v[*].reported.volume_size", "v[1].reported.name", "up.no")
    assert page.rows(text, columns) == [("i1", "eu", "region", "[10,7.5,500]", "data", None)]
    assert page.rows(f"aggregate(up.reported.name as up, v[*].reported.name as v: sum(v[*].reported.volume_size) as gb): {text}") == [
        ("eu", "data", 17.5),
        ("eu", "logs", 500),
    ]


def test_what_is_merged_stays_while_the_search_goes_nowhere(page: Graph) -> None:
    query = parse("is(volume) {up: <-- is(instance)}")
    for later in (
        query.limited(0, 2).sorted_by((Sort("up.reported.name"),)),
        query.then(parse("up.reported.cores = 4 and /up.kind = aws_ec2_instance limit 2")),
        query.limited(0, 2).and_where(Predicate("up.reported.cores", ">", 3)),
    ):
        assert [document["up"]["reported"]["id"] for document in page.documents(later)] == ["i1", "i1"]
    assert query.and_where(Predicate("up.reported.cores", ">", 3)).predicates() == ("up.reported.cores",)


@pytest.mark.parametrize(("section", "arrow"), [("ancestors", "<-[1:{}]-"), ("descendants", "-[1:{}]->")])
def test_a_node_found_as_an_ancestor_is_the_nearest(graph: Graph, section: str, arrow: str) -> None:
    """Whether it is merged by a search of its own or looked up by the short form."""
    far = arrow.format("")
    text = f"all {{up: {far} is(volume)}} all"
    for id, up, short, long in graph.rows(text, ("/id", "up.id", f"/{section}.volume.reported.id", "up.reported.id")):
        steps = (graph.world.ids(parse(f'id("{id}") {arrow.format(number)} is(volume)')) for number in range(1, 40))
        assert up in next(filter(None, steps), {None})
        assert short == long


@pytest.mark.parametrize("name", ["id", "kind", "reported", "/metadata", "ancestors"])
def test_what_every_resource_has_is_not_replaced(page: Graph, name: str) -> None:
    with pytest.raises(UsageError, match="every resource has that"):
        page.rows(f"all {{{name}: -->}}")


def test_what_is_above_a_merge_is_there_with_it(page: Graph) -> None:
    for name, fits in (("deep.down", "!="), ("deep", "!="), ("deep.up", "==")):
        for operator in ("==", "!="):
            found = list(page.documents(parse(f"all {{deep.down.there[]: --> all}} {name} {operator} null")))
            assert bool(found) == (operator == fits), (name, operator)


@pytest.mark.parametrize(
    "text", ["all", "all {m[]: <-[1:]-, near: --> all}", "with_usage(2d, cpu, mem) all", "all {n: aggregate(sum(1)): --> all}"]
)
def test_few_documents_are_read_at_once_and_are_the_same(graph: Graph, text: str) -> None:
    """Odd values, marks, usage, times with fractions and what is merged in: as when one is read after another."""
    found = graph.documents(f"{text} sort /id")
    assert graph.documents(f"{text} sort /id limit 100") == found[:100]
    assert any("usage" in one for one in found)
