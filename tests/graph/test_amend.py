"""Properties that become known when a collect has handed their nodes over already."""

from __future__ import annotations

from typing import Any

import pytest

from resh.graph import spill
from resh.graph.base import MergeResult
from resh.graph.sqlite import SqliteStore
from resh.model.node import Node
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import volume

V1, V2 = volume("v1"), volume("v2")
DAY = {"atime": "2026-11-01T00:00:00Z"}


def collect(store: SqliteStore, nodes: list[Node], *learned: dict[str, dict[str, Any]]) -> MergeResult:
    with store.merge("aws", "1", "one") as merge:
        merge.nodes(nodes)
        for some in learned:
            merge.amend(some)
        merge.scope(ScopeReport(V1.scope, Status.OK))
        merge.whole()
    return merge.result


def reported(store: SqliteStore, id: str = V1.id) -> Any:
    document = store.node(id)
    assert document is not None
    return document["reported"]


def test_a_new_node_is_amended(store: SqliteStore) -> None:
    assert collect(store, [V1, V2], {V1.id: DAY}).created == 2
    assert reported(store) == V1.reported | DAY
    assert reported(store, V2.id) == V2.reported


def test_a_node_that_the_graph_has_is_amended_and_that_is_one_change(store: SqliteStore) -> None:
    collect(store, [V1, V2])
    result = collect(store, [V1, V2], {V1.id: DAY})
    assert (result.created, result.updated, result.deleted) == (0, 1, 0)
    assert reported(store) == V1.reported | DAY
    assert not collect(store, [volume("v1", **DAY), V2]).any_change, "as if it had been reported so at once"


def test_several_amendments_of_one_node_add_up(store: SqliteStore) -> None:
    collect(store, [V1])
    assert collect(store, [V1], {V1.id: DAY}, {V1.id: {"mtime": "x"}}, {V1.id: {"mtime": "y"}}).updated == 1
    assert reported(store) == V1.reported | DAY | {"mtime": "y"}


def test_a_node_that_turns_back_into_what_it_was_is_no_change(store: SqliteStore) -> None:
    """A collect reports it without, and then amends it."""
    collect(store, [volume("v1", **DAY)])
    assert not collect(store, [V1], {V1.id: DAY}).any_change


def test_a_node_that_waits_in_the_file_is_amended(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "_IN_MEMORY", 0)
    collect(store, [V1, V2], {V2.id: DAY})
    assert (reported(store), reported(store, V2.id)) == (V1.reported, V2.reported | DAY)


def test_nodes_that_nobody_has_are_not_made_of_amendments(store: SqliteStore) -> None:
    assert collect(store, [V1], {V2.id: DAY}, {}).created == 1
    assert store.node(V2.id) is None
