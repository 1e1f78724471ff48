"""What happens to accounts that the graph has and a collect did not merge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.clock import FakeClock
from resh.graph.sqlite import SqliteStore
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.workflows.absent import mark_absent

HOME, AWAY = ("aws", "1"), ("aws", "2")


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "graph.sqlite3", clock)
    for cloud, account in (HOME, AWAY, ("other", "3")):
        merge(store, cloud, account)
    yield store
    store.close()


def merge(store: SqliteStore, cloud: str, account: str) -> None:
    scope = Scope(cloud, account, "eu", "volume")
    with store.merge(cloud, account, f"name of {account}") as found:
        found.nodes([Node(id_of(account), "volume", scope, "eu", {"id": account, "name": account})])
        found.scope(ScopeReport(scope, Status.OK, 1, "ec2:List"))


def id_of(account: str) -> str:
    return node_id("aws", account, "eu", "volume", account)


def last_seen(store: SqliteStore) -> dict[str, float | None]:
    rows = store.database.reader().execute("SELECT rid, stale FROM node WHERE rid IN ('1', '2', '3')")
    return {str(id): stale for id, stale in rows}


def reports(store: SqliteStore) -> dict[str, tuple[Status, str, str]]:
    return {report.scope.account: (report.status, report.code, report.message) for report, _ in store.scopes()}


def test_an_account_that_is_configured_no_more_is_stale(store: SqliteStore, clock: FakeClock) -> None:
    before = clock.now()
    clock.advance(3600)
    mark_absent(store, {HOME}, {}, {"aws": ""})
    assert last_seen(store) == {"1": None, "2": before, "3": None}
    assert reports(store)["2"] == (Status.SKIPPED, "NotConfigured", "the account is configured no more")
    assert reports(store)["1"][0] is Status.OK
    assert [account.name for account in store.accounts()] == ["name of 1", "name of 2", "name of 3"]


def test_one_that_failed_says_why(store: SqliteStore) -> None:
    mark_absent(store, {HOME}, {AWAY: "aws/2: the role is refused"}, {"aws": "", "other": "no network"})
    assert reports(store)["2"] == (Status.FAILED, "NotReached", "aws/2: the role is refused")
    assert reports(store)["3"] == (Status.FAILED, "NotReached", "no network")


def test_nothing_is_written_twice(store: SqliteStore, clock: FakeClock) -> None:
    for _ in range(2):
        clock.advance(3600)
        mark_absent(store, {HOME}, {}, {"aws": ""})
    at = store.database.reader().execute("SELECT merged FROM account WHERE id = '2'").get
    assert at == clock.now() - 3600


def test_it_comes_back(store: SqliteStore) -> None:
    mark_absent(store, {HOME}, {}, {"aws": ""})
    merge(store, *AWAY)
    assert last_seen(store)["2"] is None
    assert reports(store)["2"][0] is Status.OK


def test_a_cloud_that_was_not_collected_is_left_alone(store: SqliteStore) -> None:
    mark_absent(store, set(), {}, {})
    assert set(last_seen(store).values()) == {None}
