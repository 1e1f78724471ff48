from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from resh.clock import FakeClock, iso
from resh.errors import GraphError
from resh.graph.base import CompiledQuery, KindChange, Merge
from resh.graph.sqlite import SqliteStore
from resh.model.node import Node, node_id
from tests.graph.small_graph import INSTANCE, VOLUME, instance, merge, names, node, ok, scope, volume


def test_a_first_merge_creates_what_was_found(store: SqliteStore, clock: FakeClock) -> None:
    result = merge(store, [volume("v1", volume_size=8), instance("i1")])
    assert (result.created, result.updated, result.deleted, result.unchanged) == (2, 0, 0, 0)
    assert result.any_change
    assert names(store) == {"v1", "i1"}
    found = store.node(volume("v1").id)
    assert found is not None
    assert found["kind"] == VOLUME
    assert found["reported"]["volume_size"] == 8
    assert found["desired"] == {}
    assert found["metadata"] == {"last_seen": iso(clock.now())}
    assert found["ancestors"]["account"]["reported"] == {"id": "1", "name": "account 1"}
    assert found["ancestors"]["region"]["reported"] == {"id": "eu", "name": "eu"}
    assert found["ancestors"]["cloud"]["reported"] == {"id": "aws", "name": "aws"}
    assert "zone" not in found["ancestors"]
    assert found["created"] == found["updated"] == iso(clock.now())


def test_a_second_merge_tells_what_changed(store: SqliteStore, clock: FakeClock) -> None:
    first = clock.now()
    merge(store, [volume("same"), volume("other", volume_size=8), volume("gone")])
    clock.advance(60)
    result = merge(store, [volume("same"), volume("other", volume_size=9), volume("new")])
    assert (result.created, result.updated, result.deleted, result.unchanged) == (1, 1, 1, 1)
    assert names(store) == {"same", "other", "new"}
    other = store.node(volume("other").id)
    assert other is not None
    assert (other["reported"]["volume_size"], other["created"], other["updated"]) == (9, iso(first), iso(first + 60))


def test_changes_are_counted_by_kind_the_most_frequent_first(store: SqliteStore) -> None:
    result = merge(store, [instance("i1"), volume("v1"), volume("v2", volume_size=1), node("turns", VOLUME)])
    assert result.changes == (KindChange("created", VOLUME, 3), KindChange("created", INSTANCE, 1))
    turned = node("turns", VOLUME)._replace(kind=INSTANCE, scope=scope(INSTANCE))
    result = merge(store, [volume("v2", volume_size=2), turned])
    assert result.changes == (
        KindChange("updated", INSTANCE, 1),
        KindChange("updated", VOLUME, 1),
        KindChange("deleted", INSTANCE, 1),
        KindChange("deleted", VOLUME, 1),
    )
    assert (result.created, result.updated, result.deleted) == (0, 2, 2)
    assert merge(store, [volume("v2", volume_size=2), turned]).changes == ()


def test_an_unchanged_merge_writes_only_when_it_was(store: SqliteStore, clock: FakeClock) -> None:
    found = [volume("v1"), instance("i1")]
    merge(store, found)
    before = _everything(store)
    clock.advance(60)
    result = merge(store, found)
    assert not result.any_change
    assert result.unchanged == 2
    assert _everything(store) == before
    assert store.accounts()[0].merged == clock.now()


def _everything(store: SqliteStore) -> list[Any]:
    tables = ("kind", "node", "doc", "edge", "adj", "hist")
    return [list(store.fetch(CompiledQuery(f"SELECT * FROM {table}", (), "values"))) for table in tables]


def test_an_error_inside_the_block_changes_nothing(store: SqliteStore) -> None:
    merge(store, [volume("v1")])
    with pytest.raises(ZeroDivisionError), store.merge("aws", "1", "renamed") as merging:
        _break(merging)
    assert names(store) == {"v1"}
    assert store.accounts()[0].name == "account 1"


def _break(merging: Merge) -> None:
    merging.nodes([volume("v2")])
    merging.scope(ok(VOLUME)[0])
    raise ZeroDivisionError


def test_the_garbage_collector_is_back_after_a_merge(store: SqliteStore) -> None:
    merge(store, [volume("v1")])
    assert gc.isenabled()


def test_many_threads_feed_one_merge(store: SqliteStore) -> None:
    with store.merge("aws", "1", "demo") as merging, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: merging.nodes([volume(f"v{i}-{j}") for j in range(20)]), range(50)))
    assert merging.result.created == 1000
    assert store.count() == 1002  # the root and the cloud


def test_the_last_of_two_reports_of_a_node_counts(store: SqliteStore) -> None:
    merge(store, [volume("v1", volume_size=1)])
    result = merge(store, [volume("v1", volume_size=2), volume("v1", volume_size=1)])
    assert not result.any_change
    with store.merge("aws", "1", "demo") as merging:
        merging.nodes([volume("v1", volume_size=2)])
        merging.nodes([volume("v1", volume_size=1)])
    assert not merging.result.any_change


def test_what_people_set_survives(store: SqliteStore) -> None:
    v1 = volume("v1", volume_size=1)
    merge(store, [v1])
    store.mark([v1.id], "metadata", {"protected": True}, by="ada")
    store.mark([v1.id], "desired", {"clean": True}, by="ada")
    merge(store, [volume("v1", volume_size=2)])
    found = store.node(v1.id)
    assert found is not None
    assert found["metadata"]["protected"] is True
    assert found["desired"] == {"clean": True}


def test_a_node_of_another_kind_is_another_node(store: SqliteStore) -> None:
    merge(store, [Node("x", VOLUME, scope(VOLUME), "eu", {"id": "x", "name": "x", "kind": VOLUME})])
    merge(store, [Node("x", INSTANCE, scope(INSTANCE), "eu", {"id": "x", "name": "x", "kind": INSTANCE})])
    found = store.node("x")
    assert found is not None
    assert found["kind"] == INSTANCE
    assert [change.change for change in store.history(id="x")] == ["created", "deleted", "created"]
    assert store.accounts()[0].nodes == 1


def test_accounts_do_not_touch_each_other(store: SqliteStore) -> None:
    merge(store, [volume("v1")])
    merge(store, [node("v2", account="2")], [], account="2")
    assert names(store) == {"v1", "v2"}
    assert [(account.id, account.nodes) for account in store.accounts()] == [("1", 1), ("2", 1)]


def test_a_node_of_another_account_is_refused(store: SqliteStore) -> None:
    with pytest.raises(GraphError, match="aws/2/eu"), store.merge("aws", "1", "demo") as merging:
        merging.nodes([node("v2", account="2")])


def test_the_store_lays_root_and_cloud(store: SqliteStore) -> None:
    account = node("1", "aws_account", region="global")
    merge(store, [account, volume("v1")])
    cloud = node_id("aws", "", "", "cloud", "aws")
    assert store.neighbours([cloud], "default") == [(cloud, account.id), ("root", cloud)]
    merge(store, [account, volume("v1")])
    assert store.neighbours(["root"], "default") == [("root", cloud)]
    root, aws = store.node("root"), store.node(cloud)
    assert root is not None
    assert aws is not None
    assert (root["kind"], aws["kind"], aws["reported"]["id"], aws["ancestors"]) == ("graph_root", "cloud", "aws", {})


def test_values_that_json_cannot_hold_are_mended(store: SqliteStore) -> None:
    odd = volume("v1", text="half \ud800 pair", big=2**70, when=datetime(2026, 1, 1, tzinfo=UTC), tags={1: {"a"}}, none=None, real=1.5)
    merge(store, [odd])
    found = store.node(odd.id)
    assert found is not None
    assert found["reported"]["text"] == "half ? pair"
    assert found["reported"]["big"] == str(2**70)
    assert found["reported"]["tags"] == {"1": ["a"]}
    assert not merge(store, [odd]).any_change


def test_expiry_is_kept_beside_the_document(store: SqliteStore) -> None:
    v1 = volume("v1", ctime="2026-11-01T00:00:00Z", tags={"expiration": "3d"})
    merge(store, [v1])
    found = store.node(v1.id)
    assert found is not None
    assert found["metadata"]["expires"] == "2026-11-04T00:00:00Z"


def test_what_another_merge_changed_meanwhile_stands(store: SqliteStore) -> None:
    merge(store, [volume("v1", volume_size=1)])
    with store.merge("aws", "1", "account 1") as slow:
        slow.nodes([volume("v1", volume_size=1)])
        merge(store, [volume("v1", volume_size=2)])
    found = store.node(volume("v1").id)
    assert found is not None
    assert found["reported"]["volume_size"] == 2
