"""The SQL finds what the plain reference finds: random searches over random graphs."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from resh.search.terms import All, Call, Context, Id, Is, Not, Object, Predicate, Term, Text, Value, With, both
from resh.search.tree import Aggregate, Group, Measure, Navigation, Part, Query, Sort, Usage
from tests.search.search_graphs import DAY, Graph
from tests.search.search_reference import default_order
from tests.search.search_strategies import examples, navigations, withs
from tests.search.search_types import known_in, known_of, of_term

scalars = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        2.5,
        10,
        -3,
        "a",
        "b2",
        "1",
        "10",
        "True",
        "[1]",
        "3d",
        "-20d",
        "2023-06-01",
        "2023-06-01T01:00:00+01:00",
        "é",
    ]
)
composites: st.SearchStrategy[Value] = st.sampled_from(
    [(), ("a",), (1, "a"), ((),), Object(), Object((("a", 1),)), Object((("x", None), ("a", 1)))]
)
members = st.lists(scalars | composites, max_size=4).map(tuple)
PLAIN = "a b c x c.a a[*] a[0] list list[*] list[*].a list[1].b list[*].x[*] c.x[*].b list[] name id ctime kind"
USAGE = "/usage usage.cpu usage.cpu.avg usage.cpu.max /usage.mem.min usage.disk.avg"
PLACES = "account account.id cloud region zone"
paths = st.sampled_from(
    [*PLAIN.split(), *PLACES.split(), *USAGE.split(), "/desired.clean", "/metadata.protected", "/metadata.note", "/metadata.stale", "/id"]
)
modifiers = st.sampled_from(["", "", "", "all", "any", "none"])
equalities = st.builds(Predicate, paths, st.sampled_from(["==", "!="]), scalars | composites, modifiers)
memberships = st.builds(Predicate, paths, st.sampled_from(["in", "not in"]), members, modifiers)
orders = st.builds(
    Predicate,
    paths,
    st.sampled_from(["<", "<=", ">", ">="]),
    scalars.filter(lambda v: v is not None and not isinstance(v, bool)),
    modifiers,
)
regexes = st.builds(Predicate, paths, st.sampled_from(["=~", "!~"]), st.sampled_from(["a", "^B", "1$", "0|é", "^$"]), modifiers)
ages = st.builds(
    Predicate,
    st.sampled_from(["age", "last_update", "last_access", "exported_age"]),
    st.sampled_from(["<", "<=", ">", ">=", "!="]),
    st.sampled_from(["3d", "50d", "2w 1d", "PT30M"]),
)
predicates = equalities | memberships | orders | regexes
kinds = st.lists(
    st.sampled_from(["volume", "instance", "aws_ec2_volume", "resource", "account", "aws_unseen"]), min_size=1, max_size=2
).map(tuple)
places = st.sampled_from(["a", "b", "c", "x", "c.a", "list", "list[*]", "list[*].a", "tags", "name"])
networks = st.lists(st.sampled_from(["10.0.0.0/8", "10.1.2.0/24", "::/0", "0.0.0.0/0", "fd00::17/128"]), min_size=1, max_size=2).map(tuple)
calls = (
    st.builds(Call, st.just("has_key"), places, st.sampled_from([("a",), (("a", "b"),), ("a", "x")]))
    | st.builds(Call, st.just("in_subnet"), places, networks | networks.map(lambda found: (found,)))
    | st.builds(Call, st.just("has_desired_change"), st.sampled_from(["a", "/desired.b", "c", "x.a", "list[0]", "clean"]))
)
texts = st.builds(
    Text,
    st.sampled_from(["a", "web", "ÉTÉ", "2023", "10", "nothing", "1 2", "-2:5", "06.01T00", "web_1 ", "straße", "EU web", "b2/B2", "1\ta"]),
)
relative = predicates.filter(lambda predicate: not predicate.path.startswith("/"))
inner = st.recursive(
    relative, lambda terms: st.builds(both, terms, st.sampled_from(["and", "or"]), terms) | st.builds(Not, terms), max_leaves=3
)
contexts = st.builds(
    Context,
    st.sampled_from(["list[*]", "c", "list[0]", "list[*].x[*]", "x"]),
    inner | st.builds(Context, st.sampled_from(["x[*]", "c"]), inner),
)
leaves: st.SearchStrategy[Term] = (
    predicates | ages | st.builds(Is, kinds) | st.just(Id(("root",))) | st.just(All()) | calls | texts | contexts
)
terms = st.recursive(leaves, lambda some: st.builds(both, some, st.sampled_from(["and", "or"]), some) | st.builds(Not, some), max_leaves=5)
counted: st.SearchStrategy[With | None] = st.none() | st.none() | withs(leaves)
parts = st.builds(Part, terms, with_=counted)
few = st.builds(Part, leaves, with_=counted)
usages = st.none() | st.builds(
    lambda start, end, metrics: Usage(start * DAY, None if end is None else min(start, end) * DAY, metrics),
    st.sampled_from([0.5, 1.0, 3.5, 30.0]),
    st.none() | st.sampled_from([0.0, 1.5, 2.0]),
    st.sampled_from([("cpu",), ("cpu", "mem"), ("none", "disk")]),
)
tags = st.sampled_from(["", "", "hot", "cold"])


@st.composite
def chains(draw: st.DrawFn) -> Query:
    steps = draw(st.lists(st.tuples(few, navigations()), min_size=1, max_size=2))
    found = [part.changed(navigation=navigation, tag=draw(tags), usage=draw(usages)) for part, navigation in steps]
    return Query((*found, draw(few).changed(tag=draw(tags), usage=draw(usages))))


search = examples(400)


def check(graph: Graph, query: Query) -> None:
    found = graph.ids(query)
    assert len(found) == len(set(found)), "a node came twice"
    expected = graph.world.ids(query)
    assert set(found) == expected, f"{query}\nmissing {sorted(expected - set(found))}\nwrong {sorted(set(found) - expected)}"
    assert graph.rows(query.counted()) == [(len(expected),)]


@search
@given(query=st.builds(lambda part: Query((part,)), parts))
def test_terms(graph: Graph, query: Query) -> None:
    check(graph, query)


later = leaves | st.builds(Predicate, st.just("/metadata.query_tag"), st.sampled_from(["==", "!="]), st.sampled_from(["hot", "cold", None]))


@examples(150)
@given(query=chains())
def test_documents(graph: Graph, query: Query) -> None:
    assert {document["id"]: document for document in graph.documents(query)} == graph.world.found(query)


@examples(60)
@given(query=chains(), term=later, way=navigations())
def test_what_follows_is_about_all_results(graph: Graph, query: Query, term: Term, way: Navigation) -> None:
    """Also about those of parts with tags, which stay known by them."""
    found = graph.world.found(query)
    meant = of_term(term, graph.world.kinds, known_of(query, known_in(query)))
    narrowed = {id: document for id, document in found.items() if graph.world.fits(document, meant)}
    assert {document["id"]: document for document in graph.documents(query.and_where(term))} == narrowed, str(query.and_where(term))
    assert set(graph.ids(query.then(Query((Part(term),))))) == narrowed.keys()
    reached = query.followed_by(way)
    assert set(graph.ids(reached)) == graph.world.reached(found, way)
    ordered = graph.ids(query)
    assert graph.ids(query.limited(1, 3)) == ordered[1:4]
    assert graph.ids(query.ended(2)) == ordered[-2:]
    assert graph.ids(query.limited(0, 4).and_where(term)) == [id for id in ordered[:4] if id in narrowed]


@search
@given(query=chains())
def test_navigations(graph: Graph, query: Query) -> None:
    check(graph, query)


@search
@given(query=st.builds(lambda part: Query((part,)), parts) | chains(), offset=st.integers(0, 3), count=st.integers(0, 12))
def test_order(graph: Graph, query: Query, offset: int, count: int) -> None:
    """Kind, name and id, however much of it is wanted, from either end, and of whatever is read. (A text alone has an order of its own.)"""
    assume(not query.parts[-1].best)
    everything = sorted(graph.world.found(query).values(), key=default_order)
    expected = [found["id"] for found in everything]
    assert graph.ids(query) == expected
    assert graph.ids(query.limited(offset, count)) == expected[offset : offset + count]
    assert graph.ids(query.ended(count)) == expected[max(0, len(expected) - count) :]
    assert graph.rows(query.limited(offset, count), ("/id",)) == [(id,) for id in expected[offset : offset + count]]
    turned = sorted(everything, key=lambda found: str(found["kind"]), reverse=True)
    assert graph.ids(query.sorted_by((Sort("kind", True),)).limited(0, count)) == [found["id"] for found in turned[:count]]


grouped = st.sampled_from(["a", "x", "c.a", "list", "list[0]", "name", "kind", "account", "region", "/desired.clean", "/metadata.stale"])


@search
@given(query=st.builds(lambda part: Query((part,)), parts) | chains(), paths=st.lists(grouped, min_size=1, max_size=2, unique=True))
def test_groups(graph: Graph, query: Query, paths: list[str]) -> None:
    """As many of each value as the nodes have; and the smallest and the largest id among them."""
    ids: dict[tuple[object, ...], list[str]] = {}
    for *values, id in graph.rows(query, (*paths, "/id")):
        ids.setdefault(tuple(values), []).append(id)
    measures = (Measure("sum", 1), Measure("count", "/id"), Measure("min", "/id"), Measure("max", "/id"), Measure("sum", "a", (("*", 0),)))
    for some in (measures[:4], measures):
        found = graph.rows(query.aggregated(Aggregate(tuple(Group(path) for path in paths), some)))
        expected = {key: (len(group), len(group), min(group), max(group))[: len(some)] for key, group in ids.items()}
        assert {tuple(row[: len(paths)]): tuple(row[len(paths) :][:4]) for row in found} == expected
        assert {sum_ for row in found for sum_ in row[len(paths) :][4:]} <= {0, None}
        assert len(found) == len(expected)
