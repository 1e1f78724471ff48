"""Samples of usage: the latest of each metric is part of the document."""

from __future__ import annotations

import pytest

from resh.clock import FakeClock
from resh.graph.base import UsageSample
from resh.graph.sqlite import SqliteStore
from resh.graph.usage_table import Samples
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import merge, volume

V1, V2 = volume("v1"), volume("v2")


def usage(store: SqliteStore, id: str = V1.id) -> object:
    document = store.node(id)
    assert document is not None
    return document.get("usage")


def test_a_node_without_samples_has_no_usage(store: SqliteStore) -> None:
    merge(store, [V1])
    found = store.node(V1.id)
    assert found is not None
    assert "usage" not in found


def test_the_latest_sample_of_each_metric_is_shown(store: SqliteStore) -> None:
    merge(store, [V1, V2])
    samples = [
        UsageSample(V1.id, "cpu", 120.9, 1, 2.5, 9),
        UsageSample(V1.id, "cpu", 60, 0, 0, 0),
        UsageSample(V1.id, "reads", 60, 10, 10, 10),
        UsageSample(V2.id, "cpu", 60, 7, 8, 9),
        UsageSample("nothing", "cpu", 60, 7, 8, 9),
    ]
    assert store.record_usage(samples) == 4
    assert usage(store) == {"cpu": {"min": 1, "avg": 2.5, "max": 9}, "reads": {"min": 10, "avg": 10, "max": 10}}
    assert usage(store, V2.id) == {"cpu": {"min": 7, "avg": 8, "max": 9}}


def test_a_second_has_one_sample(store: SqliteStore) -> None:
    merge(store, [V1])
    store.record_usage([UsageSample(V1.id, "cpu", 60, 1, 1, 1)])
    assert store.record_usage([UsageSample(V1.id, "cpu", 60.5, 2, 2, 2)]) == 1
    assert usage(store) == {"cpu": {"min": 2, "avg": 2, "max": 2}}


def test_usage_is_forgotten_with_history(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [V1])
    store.record_usage([UsageSample(V1.id, "cpu", 60, 1, 1, 1), UsageSample(V1.id, "reads", clock.now(), 2, 2, 2)])
    store.prune_history(clock.now() - 60)
    assert usage(store) == {"reads": {"min": 2, "avg": 2, "max": 2}}


def test_usage_goes_with_its_node_and_outlives_its_changes(store: SqliteStore) -> None:
    merge(store, [V1, V2])
    store.record_usage([UsageSample(V1.id, "cpu", 60, 1, 1, 1), UsageSample(V2.id, "cpu", 60, 1, 1, 1)])
    merge(store, [volume("v1", volume_size=9)])
    assert usage(store) == {"cpu": {"min": 1, "avg": 1, "max": 1}}
    [(left,)] = store.database.reader().execute("SELECT count(*) FROM usage").fetchall()
    assert left == 1


def test_a_merge_stores_usage_with_its_nodes_and_it_is_no_change(store: SqliteStore) -> None:
    def collect(*samples: UsageSample) -> None:
        with store.merge("aws", "1", "one") as merge:
            merge.usage(samples)
            merge.nodes([V1])
            merge.scope(ScopeReport(V1.scope, Status.OK))
        assert merge.result.updated == 0

    collect(UsageSample(V1.id, "cpu", 60, 1, 2, 3))
    assert usage(store) == {"cpu": {"min": 1, "avg": 2, "max": 3}}
    before = list(store.history()), store.generation()
    collect(UsageSample(V1.id, "cpu", 120, 4, 5, 6), UsageSample(V2.id, "cpu", 120, 1, 1, 1))
    assert usage(store) == {"cpu": {"min": 4, "avg": 5, "max": 6}}
    assert (list(store.history()), store.generation()) == before


def test_a_merge_that_fails_stores_no_usage(store: SqliteStore) -> None:
    merge(store, [V1])

    def fail() -> None:
        with store.merge("aws", "1", "one") as unfinished:
            unfinished.usage([UsageSample(V1.id, "cpu", 60, 1, 1, 1)])
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        fail()
    merge(store, [V1])
    assert usage(store) is None


def test_a_merge_remembers_properties_of_nodes(store: SqliteStore) -> None:
    merge(store, [volume("v1", atime="2026-11-01T00:00:00Z", volume_size=9), V2])
    with store.merge("aws", "1", "one") as again:
        assert again.remembers([V1.id, V2.id, "nothing"], ["atime", "mtime"]) == {V1.id: {"atime": "2026-11-01T00:00:00Z"}, V2.id: {}}
        assert again.remembers([], ["atime"]) == {}


def test_samples_that_wait_come_out_as_they_went_in() -> None:
    samples = [UsageSample(V1.id, "cpu", 60.0, 1.5, 2.0, 3.0), UsageSample(V2.id, "reads", 120.0, 0.0, 1e-9, 2**53)]
    waiting = Samples()
    waiting.extend(samples[:1])
    waiting.extend(samples[1:])
    assert list(waiting) == samples
    assert list(Samples()) == []
