from __future__ import annotations

from resh.clock import FakeClock, iso
from resh.graph.sqlite import SqliteStore
from tests.graph.small_graph import merge, volume

V1, V2 = volume("v1"), volume("v2")


def test_marks_are_counted_kept_and_told(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [V1, V2])
    clock.advance(60)
    assert store.mark([V1.id, V2.id, "nothing", V1.id], "desired", {"clean": True, "clean_reason": "old"}, by="rule volumes") == 2
    found = store.node(V1.id)
    assert found is not None
    assert found["desired"] == {"clean": True, "clean_reason": "old"}
    assert found["updated"] == iso(clock.now())
    change = next(store.history(id=V1.id))
    assert (change.change, change.by) == ("updated", "rule volumes")
    assert change.before == {"/desired.clean": None, "/desired.clean_reason": None}


def test_a_mark_that_changes_nothing_leaves_no_trace(store: SqliteStore) -> None:
    merge(store, [V1])
    assert store.mark([V1.id], "metadata", {"protected": True}, by="ada") == 1
    assert store.mark([V1.id], "metadata", {"protected": True, "never": None}, by="ada") == 0
    assert len(list(store.history(id=V1.id))) == 2


def test_null_takes_a_mark_away(store: SqliteStore) -> None:
    merge(store, [V1])
    store.mark([V1.id], "desired", {"clean": True}, by="ada")
    assert store.mark([V1.id], "desired", {"clean": None}, by="ada") == 1
    found = store.node(V1.id)
    assert found is not None
    assert found["desired"] == {}
    assert next(store.history(id=V1.id)).before == {"/desired.clean": True}


def test_sections_do_not_touch_each_other(store: SqliteStore) -> None:
    merge(store, [V1])
    store.mark([V1.id], "desired", {"x": 1}, by="ada")
    store.mark([V1.id], "metadata", {"x": 2}, by="ada")
    found = store.node(V1.id)
    assert found is not None
    assert (found["desired"], found["metadata"]["x"]) == ({"x": 1}, 2)
