"""Searches that are long: chains of thousands of conditions, lists of thousands of values."""

from __future__ import annotations

import random

import pytest

from resh.errors import UsageError
from resh.search import compile, parse
from resh.search.terms import Combined, Predicate, Term, both
from resh.search.tree import Part, Query
from tests.search.search_graphs import NOW, Graph


def leaf(pick: random.Random) -> Predicate:
    """About a column mostly: a statement takes many more of these than of conditions on what may be a list."""
    if pick.random() < 0.1:
        return Predicate(pick.choice("abcx"), pick.choice(["==", "!=", "<", ">"]), pick.choice([1, 2, 10, "a", "b", "1"]))
    value = pick.choice(["web", "db", "n3", "eu", "1-1", "dev"])
    return Predicate(pick.choice(["name", "id", "region", "zone", "ctime"]), pick.choice(["==", "!=", "<", ">"]), value)


def chain(pick: random.Random, length: int, connectives: str) -> Term:
    term: Term = leaf(pick)
    rest = tuple((connectives.split()[number % len(connectives.split())], leaf(pick)) for number in range(length))
    return both(Combined(term, rest), "or" if connectives.endswith("and") else "and", leaf(pick))


@pytest.mark.parametrize("connectives", ["and", "or", "and or", "or and", "and and or or or", "or or and or or or and"])
@pytest.mark.parametrize(("length", "times"), [(2, 20), (9, 20), (50, 20), (700, 2), (4000, 1)])
def test_a_chain_of_any_length_is_read_from_left_to_right(graph: Graph, connectives: str, length: int, times: int) -> None:
    for seed in range(times):
        query = Query((Part(chain(random.Random(seed), length, connectives)),))
        assert set(graph.ids(query)) == graph.world.ids(query), seed


def test_chains_within_chains(graph: Graph) -> None:
    pick = random.Random(3)
    term: Term = leaf(pick)
    for level in range(24):
        term = both(chain(pick, 60, "or and"), ("and", "or")[level % 2], Combined(leaf(pick), (("or", term),)))
    query = Query((Part(term),))
    assert set(graph.ids(query)) == graph.world.ids(query)


def test_too_many_conditions_on_what_may_be_lists_are_refused(page: Graph) -> None:
    text = " and ".join(f"a{number} != 1" for number in range(800))
    assert len(page.ids(text)) == len(page.world.documents)
    with pytest.raises(UsageError, match=r"looks things up 1,6\d\d times, and may 900 times"):
        page.ids(text + text.replace("a", " and b", 1).replace("and a", "and b"))


def test_texts_that_alternate(page: Graph) -> None:
    """Those of one connective are looked up at once; each change of it costs a look-up, of which so many fit into a statement."""
    alternating = " ".join(f'"a{number}" {"and" if number % 2 else "or"}' for number in range(280)) + ' "data"'
    assert page.names(alternating) == []
    assert page.names(f'{alternating} or "data"') == ["data", "data"]
    longer = f'{alternating} or "data" and "b" or {alternating} or "data"'
    assert page.rows(parse(longer).counted()) == [(2,)]
    with pytest.raises(UsageError, match="looks things up") as refused:
        page.documents(longer)
    assert 'texts side by side ("a" or "b")' in refused.value.hint


def test_alternatives_of_one_property_are_one_lookup(page: Graph) -> None:
    text = "is(volume) and (" + " or ".join(f"name = n{number}" for number in range(500)) + " or name = logs or volume_size = 10)"
    compiled = compile(parse(text), page.kinds, NOW)
    assert len(compiled.bindings) < 10
    assert [document["reported"]["id"] for document in page.documents(text)] == ["v1", "v2"]


@pytest.mark.parametrize("search", ["name in {}", "not name not in {}", "disks[*].on[*] in {} or name in {}", "ips any in {}"])
def test_lists_of_any_length(page: Graph, search: str) -> None:
    some, none = ([f"x{number}" for number in range(20_000)] + more for more in (["data", "a", "10.9.0.1"], []))
    for found, names in ((True, some), (False, none)):
        query = parse(search.replace("{}", f"[{', '.join(names)}]"))
        assert bool(page.ids(query)) == found
        assert set(page.ids(query)) == page.world.ids(query)


def test_ten_thousand_conditions_on_different_values(page: Graph) -> None:
    text = "is(volume) and " + " and ".join(f"name != n{number}" for number in range(10_000))
    assert len(page.ids(text)) == 3
