"""Random searches: any that the language can say, and those that the random graphs can answer.

RESH_EXAMPLES=50 pytest tests/search      the long run: fifty times as many
"""

from __future__ import annotations

import os
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from resh.search.terms import All, Call, Context, Expand, Id, Is, Not, Object, Predicate, Template, Term, Text, Value, With, both
from resh.search.tree import Aggregate, Group, Limit, Measure, Merge, Navigation, Part, Query, Sort, Usage

_TIMES = int(os.environ.get("RESH_EXAMPLES", "1"))


def examples(count: int) -> settings:
    """So many searches, without a limit of time."""
    return settings(max_examples=count * _TIMES, deadline=None, suppress_health_check=list(HealthCheck))


text = st.text(st.characters(codec="utf-8"), max_size=8)
numbers = st.integers(-(10**6), 10**6) | st.sampled_from([0.5, -2.25, 1024.0])
scalars = st.none() | st.booleans() | numbers | text
values: st.SearchStrategy[Value] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.lists(st.tuples(text, inner), max_size=2).map(lambda pairs: Object(tuple(pairs)))
    ),
    max_leaves=4,
) | st.just(Template("{{owner}}"))
names = st.sampled_from(
    ["name", "a", "tags.owner", "sort", "limit", "all_of.is", "with-dash", "disks[*].size", "a[0].b", "x[]", "t.`aws:k`"]
)
paths = names | names.map(lambda name: "/metadata." + name)
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "in", "not in"])
modifiers = st.sampled_from(["", "", "all", "any", "none"])
words = st.sampled_from(["volume", "aws_ec2_instance", "x y", 'a"b', "42"])

leaves: st.SearchStrategy[Term] = (
    st.just(All())
    | st.builds(Is, st.lists(words, min_size=1, max_size=3).map(tuple))
    | st.builds(Id, st.lists(words, min_size=1, max_size=3).map(tuple))
    | st.builds(Text, text)
    | st.builds(Predicate, paths, operators, values, modifiers)
    | st.builds(Call, st.sampled_from(["has_key", "in_subnet", "has_desired_change"]), paths, st.lists(values, max_size=2).map(tuple))
    | st.builds(Expand, st.sampled_from(["old", "unused"]), st.lists(st.tuples(st.just("k"), values), max_size=2).map(tuple))
)


def combined(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.builds(both, terms.filter(lambda term: not isinstance(term, All)), st.sampled_from(["and", "or"]), terms)


terms: st.SearchStrategy[Term] = st.recursive(
    leaves, lambda inner: combined(inner) | st.builds(Not, inner) | st.builds(Context, names, inner), max_leaves=6
)
edge_types = st.sampled_from([("default",), ("delete",), ("default", "delete")])
starts = st.integers(0, 3)
ends = st.none() | st.integers(3, 5)


edge_words = st.sampled_from(["default", "delete", "source", "target", "both", "dev", "1", "2", "aws"])
edge_leaves: st.SearchStrategy[Term] = (
    st.builds(
        Predicate, st.sampled_from(["edge_type", "owner", "account", "account.id", "cloud"]), st.sampled_from(["==", "!="]), edge_words
    )
    | st.builds(Predicate, st.sampled_from(["from", "to"]), st.sampled_from(["<", ">=", "=~", "!~"]), st.sampled_from(["a", "M", "5"]))
    | st.builds(Predicate, st.just("owner"), st.sampled_from(["in", "not in"]), st.just(("source", "both")))
    | st.builds(Predicate, st.just("account"), st.sampled_from(["==", "!="]), st.none())
)
edge_filters = st.recursive(
    edge_leaves, lambda some: st.builds(both, some, st.sampled_from(["and", "or"]), some) | st.builds(Not, some), max_leaves=3
)


@cache  # a strategy that is drawn from again need not be examined again
def navigations(ends: st.SearchStrategy[int | None] = ends) -> st.SearchStrategy[Navigation]:
    ways = st.tuples(edge_types, st.just(())) | st.tuples(st.just(()), edge_types) | st.tuples(edge_types, edge_types)
    steps = st.just((1, 1)) | st.just((0, 0)) | st.just((2, 2)) | st.tuples(starts, ends)
    return st.builds(
        lambda way, step, filter: Navigation(*way, *step).changed(filter=filter), ways, steps, st.none() | st.none() | edge_filters
    )


@cache
def withs(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[With]:
    plain = st.sampled_from(["empty", "any"]).map(lambda quantity: (quantity, "", 0))
    counted = st.tuples(st.just("count"), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(0, 4))
    build = st.builds(
        lambda q, nav, term, inner: With(q[0], nav, term, inner, q[1], q[2]), plain | counted, navigations(), terms, st.none()
    )
    return build | st.builds(
        lambda outer, inner: With(outer.quantity, outer.navigation, outer.term, inner, outer.operator, outer.number), build, build
    )


sorts = st.lists(st.builds(Sort, names, st.booleans()), max_size=2).map(tuple)
limits = st.none() | st.builds(Limit, st.integers(0, 3), st.integers(0, 100))
merges = st.lists(
    st.builds(Merge, st.sampled_from(["vpc", "/tables", "a.b"]), st.booleans(), st.deferred(lambda: sub_searches)), min_size=1, max_size=2
)
usages = st.builds(Usage, st.sampled_from([3600.0, 90.0, "2024-01-01"]), st.none() | st.just(60.0), st.just(("cpu", "mem")))


@st.composite
def parts(draw: st.DrawFn, is_last: bool = True) -> Part:
    some = draw(st.none() | merges.map(tuple))
    return Part(
        term=draw(terms),
        merges=some or (),
        after=draw(st.none() | terms) if some else None,
        with_=draw(st.none() | withs(terms)),
        usage=draw(st.none() | usages),
        tag=draw(st.sampled_from(["", "tag"])),
        sort=draw(sorts),
        limit=draw(limits),
        backwards=draw(st.booleans()),
        navigation=None if is_last else draw(navigations()),
    )


measures = st.builds(
    Measure,
    st.sampled_from(["sum", "count", "min", "max", "avg", "stddev", "variance"]),
    names | st.integers(0, 9),
    st.lists(st.tuples(st.sampled_from("+-*/%"), st.integers(1, 9)), max_size=2).map(tuple),
    st.sampled_from(["", "total"]),
)
groups = st.builds(Group, names, st.sampled_from(["", "group"])) | st.builds(Group, st.just("{a}-{b}"), st.just("g"), st.just(True))
aggregates = st.builds(Aggregate, st.lists(groups, max_size=2).map(tuple), st.lists(measures, min_size=1, max_size=2).map(tuple))


def chains(last: st.SearchStrategy[Part]) -> st.SearchStrategy[tuple[Part, ...]]:
    return st.builds(lambda some, end: (*some, end), st.lists(parts(is_last=False), max_size=2), last)


sub_searches: st.SearchStrategy[Query] = st.builds(
    lambda way, part: Query((Part(navigation=way), part)), navigations(), st.builds(Part, leaves, sort=sorts, limit=limits)
)
queries = st.builds(Query, chains(parts()), st.none() | aggregates)
