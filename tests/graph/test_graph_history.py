from __future__ import annotations

from typing import Any

from resh.clock import FakeClock
from resh.graph.base import CompiledQuery
from resh.graph.sqlite import SqliteStore
from tests.graph.small_graph import edge, instance, merge, volume


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
        (0, "created", "aws", "cloud", "collect"),
        (0, "created", "root", "graph_root", "collect"),
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


def rows(store: SqliteStore, sql: str) -> list[tuple[Any, ...]]:
    return list(store.fetch(CompiledQuery(sql, (), "values")))


def test_new_nodes_are_one_row_and_come_one_by_one(store: SqliteStore) -> None:
    merge(store, [volume(f"v{number}") for number in range(50)])
    assert rows(
        store, "SELECT last - nid, id, before FROM hist WHERE nid >> 40 = (SELECT kid FROM kind WHERE name = 'aws_ec2_volume')"
    ) == [(49, None, None)]
    assert [change.name for change in store.history(limit=3)] == ["v49", "v48", "v47"]
    assert len({change.id for change in store.history()}) == 52


def test_what_is_gone_is_still_told_by_name(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume(name, n=0) for name in "abc"])
    clock.advance(60)
    merge(store, [volume("b", n=1)])
    clock.advance(60)
    merge(store, [])
    assert [(change.change, change.name) for change in store.history(id=volume("b").id)] == [
        ("deleted", "b"),
        ("updated", "b"),
        ("created", "b"),
    ]
    assert [change.name for change in store.history()][-5:-2] == ["c", "b", "a"]


def test_a_zone_that_changes_is_told(store: SqliteStore, clock: FakeClock) -> None:
    node = volume("v1")
    merge(store, [node._replace(zone="eu-a")])
    clock.advance(60)
    merge(store, [node._replace(zone="eu-b")])
    assert next(store.history()).before == {"/ancestors.zone.reported.name": "eu-a"}


def test_a_number_is_not_given_twice_while_history_knows_it(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1"), volume("v2")])
    (first,) = rows(store, "SELECT max(nid) FROM node WHERE name = 'v2'")
    clock.advance(60)
    merge(store, [])
    merge(store, [volume("v3")])
    assert rows(store, "SELECT nid FROM node WHERE name = 'v3'") == [(first[0] + 1,)]
    merge(store, [])
    store.prune_history(clock.now() + 1)
    merge(store, [volume("v4")])
    assert rows(store, "SELECT nid & 0xff FROM node WHERE name = 'v4'") == [(1,)]


def test_edges_that_went_and_that_came(store: SqliteStore, clock: FakeClock) -> None:
    select = "SELECT change, src = (SELECT nid FROM node WHERE name = 'i1') FROM edge_hist ORDER BY seq"
    i1, v1, v2 = instance("i1"), volume("v1"), volume("v2")
    merge(store, [i1, v1], edges=[edge(i1, v1)])
    assert rows(store, select) == []
    clock.advance(60)
    merge(store, [i1, v1, v2], edges=[edge(i1, v2)])
    assert rows(store, select) == [("deleted", 1)]
    merge(store, [i1, v1, v2], edges=[edge(i1, v2), edge(i1, v1), edge(i1, v1, owner=i1)])
    assert rows(store, select)[1:] == [("created", 1)]
    merge(store, [i1, v1, v2], edges=[edge(i1, v2), edge(i1, v1)])
    assert len(rows(store, select)) == 2
    merge(store, [i1], edges=[])
    assert rows(store, select)[2:] == [("deleted", 1), ("deleted", 1)]


def test_an_edge_that_two_accounts_tell_of_goes_with_the_last(store: SqliteStore) -> None:
    i1, v1 = instance("i1"), volume("v1")
    merge(store, [i1, v1], edges=[edge(i1, v1)])
    merge(store, [], [], edges=[edge(i1, v1)], account="2")
    merge(store, [i1, v1])
    assert rows(store, "SELECT change FROM edge_hist") == []
    merge(store, [], [], account="2")
    assert rows(store, "SELECT change FROM edge_hist") == [("deleted",)]


def test_history_is_pruned_by_age(store: SqliteStore, clock: FakeClock) -> None:
    v1, i1 = volume("v1"), instance("i1")
    merge(store, [v1, i1], edges=[edge(i1, v1)])
    start = clock.now()
    assert rows(store, "SELECT at FROM horizon") == [(start,)]
    clock.advance(60)
    merge(store, [i1])
    assert store.prune_history(clock.now()) == 4
    assert [change.change for change in store.history()] == ["deleted"]
    assert [change.change for change in store.history(id=i1.id)] == []
    assert len(rows(store, "SELECT at FROM edge_hist")) == 1
    store.prune_history(start)
    assert rows(store, "SELECT at FROM horizon") == [(start + 60,)]
    clock.advance(60)
    assert store.prune_history(clock.now()) == 1
    assert rows(store, "SELECT at FROM edge_hist") == []
