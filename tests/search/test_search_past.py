"""A search about a moment finds what it would have found then: random searches, each at a random moment of a random life."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.graph.document import document
from resh.model.edge import EDGE_TYPES
from resh.search import compile, parse
from resh.search.compiler import compile_edges
from resh.search.terms import With
from resh.search.tree import Navigation, Part, Query
from tests.search.search_lives import Life, live
from tests.search.search_strategies import examples
from tests.search.test_search_sql import chains, parts

search = examples(400)


@pytest.fixture(scope="session", params=[1, 2, 3])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    lived = live(tmp_path_factory.mktemp("life") / "graph.sqlite3", request.param)
    yield lived
    lived.store.close()


def check(life: Life, query: Query, moment: int) -> None:
    state = life.states[moment % len(life.states)]
    found = [row[0] for row in life.rows(query, state)]
    assert len(found) == len(set(found)), "a node came twice"
    expected = state.ids(query)
    assert set(found) == expected, f"{query}\nmissing {sorted(expected - set(found))}\nwrong {sorted(set(found) - expected)}"
    assert life.rows(query.counted(), state) == [(len(expected),)]


def recorded(part: Part) -> Part:
    """Without conditions on who told of an edge: that is known only of those that are still there."""
    return part.changed(
        with_=part.with_ and _recorded_with(part.with_), navigation=part.navigation and _recorded_navigation(part.navigation)
    )


def _recorded_with(with_: With) -> With:
    return with_.changed(navigation=_recorded_navigation(with_.navigation), inner=with_.inner and _recorded_with(with_.inner))


def _recorded_navigation(navigation: Navigation) -> Navigation:
    told = any(word in str(navigation.filter) for word in ("owner", "account", "cloud"))
    return navigation.changed(filter=None) if told else navigation


moments = st.integers(0, 50)


@search
@given(query=st.builds(lambda part: Query((recorded(part),)), parts), moment=moments)
def test_terms(life: Life, query: Query, moment: int) -> None:
    check(life, query, moment)


@search
@given(query=chains().map(lambda query: Query(tuple(map(recorded, query.parts)))), moment=moments)
def test_navigations(life: Life, query: Query, moment: int) -> None:
    check(life, query, moment)


def test_documents(life: Life) -> None:
    """All of every resource, at every moment, newest and oldest first."""
    for state in (*life.states, *reversed(life.states)):
        assert life.documents(state) == state.documents


def test_edges_between_results(life: Life) -> None:
    for state in life.states:
        compiled = compile_edges(parse("all"), life.kinds, state.now, life.store.past(state.now))
        found = [(EDGE_TYPES[type], source, target) for source, target, type in life.store.fetch(compiled)]
        assert len(found) == len(set(found))
        assert set(found) == state.ways


def test_merges(life: Life) -> None:
    """What is merged into a document is as it was, too."""
    query = parse("all {below[]: -default,delete-> all}")
    for state in life.states:
        compiled = compile(query, life.kinds, state.now, past=life.store.past(state.now))
        for row in life.store.fetch(compiled):
            found = document(row, compiled.merged)
            near = {target for _, source, target in state.ways if source == found["id"] != target}
            assert {below["id"]: below for below in found["below"]} == {id: state.documents[id] for id in near}


NESTED = 'with(empty, --> age < 3d with(empty, -default,delete{from !~ "a"}-> has_desired_change(a)))'


@pytest.mark.parametrize("search", [f"{NESTED} #x --> a = null #x --> b = 1", "all" + " --> all" * 12])
def test_many_parts_and_conditions(life: Life, search: str) -> None:
    """SQLite copies a common table to each place that names it: twice at each step along edges that are in two tables."""
    check(life, parse(search), 3)
