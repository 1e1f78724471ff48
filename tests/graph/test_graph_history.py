from __future__ import annotations

from resh.clock import FakeClock
from resh.graph.history import changed_paths
from resh.graph.sqlite import SqliteStore
from tests.graph.small_graph import merge, volume


def test_paths_that_changed_with_their_old_values() -> None:
    old = {"same": 1, "size": 8, "gone": "x", "tags": {"owner": "ada", "k8s.io/app": "a"}, "list": [1, 2], "shape": {"a": 1}}
    new = {"same": 1, "size": 9, "new": "y", "tags": {"owner": "bob"}, "list": [1], "shape": "flat"}
    assert changed_paths(old, new) == {
        "size": 8,
        "gone": "x",
        "new": None,
        "tags.owner": "ada",
        "tags.`k8s.io/app`": "a",
        "list": [1, 2],
        "shape": {"a": 1},
    }


def test_true_is_not_one() -> None:
    assert changed_paths({"on": 1}, {"on": True}) == {"on": 1}


def test_a_life(store: SqliteStore, clock: FakeClock) -> None:
    start = clock.now()
    merge(store, [volume("v1", volume_size=8)])
    clock.advance(60)
    merge(store, [volume("v1", volume_size=9)])
    clock.advance(60)
    merge(store, [])
    changes = list(store.history())
    assert [(change.at - start, change.change, change.name, change.kind, change.by) for change in changes] == [
        (120, "deleted", "v1", "aws_ec2_volume", "collect"),
        (60, "updated", "v1", "aws_ec2_volume", "collect"),
        (0, "created", "v1", "aws_ec2_volume", "collect"),
    ]
    assert changes[0].before["reported"]["volume_size"] == 9
    assert changes[1].before == {"volume_size": 8}
    assert changes[2].before == {}


def test_history_of_one_node_since_a_time_up_to_a_number(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1", n=0), volume("v2", n=0)])
    clock.advance(60)
    later = clock.now()
    merge(store, [volume("v1", n=1), volume("v2", n=1)])
    assert [change.name for change in store.history(id=volume("v1").id)] == ["v1", "v1"]
    assert {change.change for change in store.history(since=later)} == {"updated"}
    assert len(list(store.history(limit=3))) == 3


def test_history_is_pruned_by_age(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1")])
    clock.advance(60)
    merge(store, [])
    assert store.prune_history(clock.now()) == 1
    assert [change.change for change in store.history()] == ["deleted"]
