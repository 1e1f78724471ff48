from __future__ import annotations

from resh.graph.sqlite import SqliteStore
from resh.model.edge import Edge
from tests.graph.small_graph import INSTANCE, VOLUME, denied, edge, edges_of, instance, merge, node, ok, volume

I1, V1, V2 = instance("i1"), volume("v1"), volume("v2")


def test_edges_are_replaced(store: SqliteStore) -> None:
    result = merge(store, [I1, V1, V2], edges=[edge(I1, V1), edge(I1, V1, "delete")])
    assert result.edges == 2
    assert edges_of(store) == {("i1", "v1", 0), ("i1", "v1", 1)}
    result = merge(store, [I1, V1, V2], edges=[edge(I1, V2)])
    assert result.edges == 1
    assert edges_of(store) == {("i1", "v2", 0)}
    assert store.neighbours([V2.id], "default") == [(I1.id, V2.id)]
    assert store.neighbours([V2.id], "delete") == []


def test_who_tells_of_an_edge_refers_to_the_other_end(store: SqliteStore) -> None:
    edges = [Edge(I1.id, V1.id, "default", V1.id), Edge(V2.id, I1.id, "default", V2.id), Edge(V1.id, V2.id, "delete", V2.id)]
    merge(store, [I1, V1, V2], edges=edges)
    assert set(store.referrers([I1.id, V1.id, V2.id])) == {(I1.id, V1.id), (I1.id, V2.id)}
    merge(store, [I1, V1, V2], edges=[*edges, Edge(I1.id, V1.id, "default", I1.id)])
    assert store.referrers([V1.id]) == [(V1.id, I1.id)]


def test_an_edge_to_nowhere_is_dropped(store: SqliteStore) -> None:
    merge(store, [I1], edges=[edge(I1, V1), edge(V1, I1), edge(V1, V2)])
    assert edges_of(store) == set()


def test_cycles_and_loops_are_edges_like_others(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1), edge(V1, I1), edge(I1, I1)])
    assert edges_of(store) == {("i1", "v1", 0), ("v1", "i1", 0), ("i1", "i1", 0)}
    assert set(store.neighbours([I1.id], "default")) == {(I1.id, V1.id), (V1.id, I1.id), (I1.id, I1.id)}


def test_a_deleted_node_takes_its_edges_along(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1)])
    merge(store, [I1])
    assert edges_of(store) == set()


def test_an_edge_stays_while_who_told_of_it_cannot_be_read(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1, owner=V1), edge(I1, V1, "delete", owner=I1)])
    merge(store, [I1, V1], [denied(VOLUME), *ok(INSTANCE)])
    assert edges_of(store) == {("i1", "v1", 0)}
    merge(store, [I1, V1])
    assert edges_of(store) == set()


def test_an_edge_stays_while_its_other_end_cannot_be_seen(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1, owner=V1)])
    merge(store, [V1], [denied(INSTANCE), *ok(VOLUME)])
    assert edges_of(store) == {("i1", "v1", 0)}


def test_an_edge_goes_with_either_end_whoever_told_of_it(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1, owner=V1)])
    merge(store, [], [denied(VOLUME), *ok(INSTANCE)])
    assert edges_of(store) == set()


def test_an_edge_that_both_ends_tell_of_is_one_edge(store: SqliteStore) -> None:
    both = [edge(I1, V1, owner=I1), edge(I1, V1, owner=V1)]
    assert merge(store, [I1, V1], edges=both).edges == 1
    merge(store, [V1], [denied(INSTANCE), *ok(VOLUME)])
    assert edges_of(store) == {("i1", "v1", 0)}
    merge(store, [I1, V1], edges=both[1:])
    merge(store, [I1, V1], [*ok(INSTANCE), denied(VOLUME)])
    assert edges_of(store) == {("i1", "v1", 0)}
    assert merge(store, [I1, V1]).edges == 0


def test_edges_of_kinds_that_were_not_collected_stay(store: SqliteStore) -> None:
    merge(store, [I1, V1], edges=[edge(I1, V1, owner=V1)])
    merge(store, [I1], ok(INSTANCE))
    assert edges_of(store) == {("i1", "v1", 0)}


def test_edges_cross_accounts(store: SqliteStore) -> None:
    far = node("far", account="2")
    merge(store, [I1], edges=[edge(I1, far, owner=I1)])
    assert edges_of(store) == set()
    merge(store, [far], [], account="2")
    merge(store, [I1], edges=[edge(I1, far, owner=I1)])
    assert edges_of(store) == {("i1", "far", 0)}
    assert store.remove(far.id, by="ada")
    assert edges_of(store) == set()
    merge(store, [far], [], account="2")
    merge(store, [I1], edges=[edge(I1, far, owner=I1)])
    assert edges_of(store) == {("i1", "far", 0)}


def test_two_accounts_may_tell_of_the_same_edge(store: SqliteStore) -> None:
    far = node("far", account="2")
    merge(store, [I1])
    shared = Edge(I1.id, far.id, "default", far.id)
    merge(store, [far], [], [shared], account="2")
    merge(store, [I1], edges=[shared])
    merge(store, [I1])
    assert edges_of(store) == {("i1", "far", 0)}
    assert store.neighbours([far.id], "default") == [(I1.id, far.id)]
