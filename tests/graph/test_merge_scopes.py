"""Only what was read completely may lose resources."""

from __future__ import annotations

import pytest

from resh.clock import FakeClock, iso
from resh.graph.sqlite import SqliteStore
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import INSTANCE, VOLUME, denied, instance, merge, names, ok, scope, volume

BAD = [Status.DENIED, Status.THROTTLED, Status.FAILED, Status.SKIPPED]


@pytest.mark.parametrize("status", BAD)
def test_a_scope_that_was_not_read_keeps_its_nodes(store: SqliteStore, clock: FakeClock, status: Status) -> None:
    seen = clock.now()
    merge(store, [volume("v1"), instance("i1")])
    clock.advance(60)
    result = merge(store, [instance("i1")], [ScopeReport(scope(VOLUME), status), *ok(INSTANCE)])
    assert (result.deleted, result.stale) == (0, 1)
    assert names(store) == {"v1", "i1"}
    found = store.node(volume("v1").id)
    assert found is not None
    assert found["metadata"] == {"stale": True, "last_seen": iso(seen)}


def test_a_node_is_stale_since_it_was_last_seen(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1")])
    clock.advance(60)
    seen = clock.now()
    merge(store, [volume("v1")])
    for _ in range(3):
        clock.advance(60)
        assert merge(store, [], [denied()]).stale == 1
    assert _metadata(store, "v1") == {"stale": True, "last_seen": iso(seen)}
    assert not list(store.history(since=seen))


def test_a_scope_that_is_read_again_frees_its_nodes(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1"), volume("v2")])
    merge(store, [], [denied()])
    clock.advance(60)
    result = merge(store, [volume("v1")])
    assert (result.stale, result.deleted, result.unchanged) == (0, 1, 1)
    assert _metadata(store, "v1") == {"last_seen": iso(clock.now())}
    assert names(store) == {"v1"}


def test_a_scope_that_failed_half_way_updates_what_was_seen(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("seen", volume_size=1), volume("unseen")])
    clock.advance(60)
    result = merge(store, [volume("seen", volume_size=2), volume("new")], [denied()])
    assert (result.created, result.updated, result.deleted, result.stale) == (1, 1, 0, 1)
    assert _metadata(store, "seen") == {"last_seen": iso(clock.now())}
    assert _metadata(store, "unseen")["stale"] is True


def test_a_stale_node_that_is_seen_in_a_bad_scope_is_fresh(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1"), volume("v2")])
    merge(store, [], [denied()])
    clock.advance(60)
    again = clock.now()
    assert merge(store, [volume("v1")], [denied()]).stale == 1
    assert "stale" not in _metadata(store, "v1")
    clock.advance(60)
    merge(store, [], [denied()])
    assert _metadata(store, "v1")["last_seen"] == iso(again)


def test_a_scope_that_is_not_reported_stays_as_it_is(store: SqliteStore) -> None:
    merge(store, [volume("v1"), instance("i1")])
    result = merge(store, [instance("i1")], ok(INSTANCE))
    assert (result.deleted, result.stale) == (0, 0)
    assert names(store) == {"v1", "i1"}


def test_an_empty_account_read_completely_loses_everything(store: SqliteStore) -> None:
    merge(store, [volume("v1"), instance("i1")])
    assert merge(store, []).deleted == 2
    assert names(store) == set()


def test_a_node_that_was_never_in_a_reported_scope_goes_stale_since_its_creation(store: SqliteStore, clock: FakeClock) -> None:
    created = clock.now()
    merge(store, [volume("v1")], [])
    clock.advance(60)
    merge(store, [], [denied()])
    assert _metadata(store, "v1") == {"stale": True, "last_seen": iso(created)}


def test_scopes_tell_how_they_were_last_read(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1")], [ScopeReport(scope(VOLUME), Status.OK, count=1), denied(INSTANCE)])
    read = clock.now()
    clock.advance(60)
    merge(store, [], [denied(VOLUME), denied(INSTANCE)])
    assert store.scopes() == [(denied(INSTANCE), 0), (denied(VOLUME), read)]
    merge(store, [volume("v1")], ok(VOLUME))
    assert store.scopes(bad_only=True) == [(denied(INSTANCE), 0)]


def _metadata(store: SqliteStore, name: str) -> dict[str, object]:
    found = store.node(volume(name).id)
    assert found is not None
    metadata: dict[str, object] = found["metadata"]
    return metadata
