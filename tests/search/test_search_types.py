"""Values of another type than the property: what people write finds what they mean, also in documents that hold what no kind declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.search import compile, parse
from resh.search.terms import Combined, Is, Predicate
from resh.search.tree import Part, Query
from tests.search.search_graphs import NOW, Graph, fill, make_node, open_graph, world
from tests.search.test_search_sql import search

HELD: list[Any] = [
    *(100, 100.0, "100", 99, 101, 0, -0.0, 1, True, False, "true", "1", -7, "-7", 1e18, 10**18, 2**53 + 1, 0.5, "available", "alert"),
    *("[available]", "{available}", ["available"], [100], ["100", None], [[100]], {"available": 1}, None, "", "A", "é", "-"),
    *("2023-06-01", "2023-06-01T00:00:00Z", "3d", [True], [1]),
]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """One node for each value."""
    path: Path = tmp_path_factory.mktemp("held") / "graph.sqlite3"
    store, kinds = open_graph(path)
    nodes = [make_node("gcp_disk", str(number), held=value, volume_status=value) for number, value in enumerate(HELD)]
    fill(store, "1", "dev", nodes, [])
    return Graph(store, kinds, world(store))


def found(graph: Graph, text: str) -> list[Any]:
    return [HELD[int(rid)] for (rid,) in graph.rows(text, ("id",)) if rid.isdigit()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("held = 100", [100, 100.0, "100", [100], ["100", None]]),
        ('held = "100"', [100, 100.0, "100", [100], ["100", None]]),
        ("held in [100, -7]", [100, 100.0, "100", -7, "-7", [100], ["100", None]]),
        ('held in ["100", alert]', [100, 100.0, "100", "alert", [100], ["100", None]]),
        ('held < "0" and held > -100', [-7]),
        ("held >= 99 and held <= 100", [100, 100.0, 99, [100]]),
        ('held ~ "^10.$"', [100, "100", 101, [100], ["100", None]]),
        ("held = true", [True, "true", [True]]),
        ('held = "true"', [True, "true", [True]]),
        ("held = 1", [1, "1", [1]]),
        ("held = available", ["available", ["available"]]),
        ('held = "2023-06-01T02:00:00+02:00"', ["2023-06-01T00:00:00Z"]),
        ("held >= 2023-06-01 and held < 2023-06-02", ["2023-06-01", "2023-06-01T00:00:00Z"]),
    ],
)
def test_values_are_taken_for_what_they_mean(held: Graph, text: str, expected: list[Any]) -> None:
    assert sorted(map(repr, found(held, text))) == sorted(map(repr, expected))
    assert set(held.ids(text)) == held.world.ids(parse(text))


written = [value for value in HELD if isinstance(value, str | int | float) and not isinstance(value, bool)]
paths = st.sampled_from(["held", "volume_status", "/reported.volume_status"])  # an index has the states
predicates = st.builds(Predicate, paths, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.sampled_from(written)) | st.builds(
    Predicate, paths, st.sampled_from(["in", "not in"]), st.lists(st.sampled_from([*written, None]), max_size=3).map(tuple)
)


@search
@given(predicate=predicates)
def test_every_value_is_compared_with_every_other(held: Graph, predicate: Predicate) -> None:
    query = Query((Part(predicate),))
    assert set(held.ids(query)) == held.world.ids(query)


@search
@given(
    predicates=st.lists(predicates, min_size=1, max_size=3),
    kind=st.sampled_from(["volume", "instance"]),
    connective=st.sampled_from(["and", "or"]),
)
def test_states_of_a_kind(held: Graph, predicates: list[Predicate], kind: str, connective: str) -> None:
    query = Query((Part(Combined(Is((kind,)), tuple((connective, predicate) for predicate in predicates))),))
    assert sorted(held.ids(query)) == sorted(held.world.ids(query))


@pytest.mark.parametrize(
    ("text", "by_index"),
    [
        ("volume_status = available", True),
        ("is(volume) and volume_status in [available, alert]", True),
        ("is(volume) and /reported.volume_status = available and held > 5", True),
        ("volume_status = available or held > 5", False),
        ("volume_status != available", False),
        ("volume_status in [available, null]", False),
        ("volume_status all = available", False),
        ("not volume_status = available", False),
        ("volume_status = 1", False),
    ],
)
def test_states_are_found_by_their_index(held: Graph, text: str, by_index: bool) -> None:
    steps = [step for _, step in held.store.plan(compile(parse(text), held.kinds, NOW))]
    assert any("doc_volume_status" in step for step in steps) == by_index
    assert set(held.ids(text)) == held.world.ids(parse(text))
