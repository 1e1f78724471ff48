"""The random graphs that searches are tried on."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.search.search_graphs import Graph, fill, open_graph, page_graph, random_graph, random_object, random_usage, world


@pytest.fixture(scope="session", params=[1, 2, 3])
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """Random nodes with odd values and random edges, cycles and loops among them."""
    store, kinds = open_graph(tmp_path_factory.mktemp("graph") / "graph.sqlite3")
    accounts, edges = random_graph(request.param)
    for account, name, nodes in accounts:
        own = {node.id for node in nodes}
        fill(store, account, name, nodes, [edge for edge in edges if edge.owner in own])
    pick = random.Random(request.param)
    ids = [node.id for _, _, nodes in accounts for node in nodes]
    store.mark(pick.sample(ids, 8), "desired", {"clean": True}, by="test")
    for id in pick.sample(ids, 8):
        store.mark([id], "desired", {key: value for key, value in random_object(pick).items() if value is not None}, by="test")
    store.mark(pick.sample(ids, 8), "metadata", {"protected": True, "note": "x"}, by="test")
    store.record_usage(random_usage(pick, ids))
    yield Graph(store, kinds, world(store))
    store.close()


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph that fits on a page."""
    graph = page_graph(tmp_path_factory.mktemp("page") / "graph.sqlite3")
    yield graph
    graph.store.close()
