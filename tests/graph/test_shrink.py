"""A scope that lost too much at once is held until that is confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.clock import FakeClock
from resh.graph.base import CompiledQuery, MergeResult, ShrinkLimit
from resh.graph.freshness import Freshness
from resh.graph.sqlite import SqliteStore
from resh.model.scope import Code, ScopeReport, Status
from tests.graph.small_graph import INSTANCE, VOLUME, denied, edge, edges_of, instance, merge, names, ok, scope, volume

ALL = range(20)
"""Of these many volumes a third is six, and more than that and than five may not go at once."""


@pytest.fixture
def store(path: Path, clock: FakeClock) -> SqliteStore:
    return SqliteStore(path, clock, lambda: ShrinkLimit(share=30, number=5))


def collect(store: SqliteStore, clock: FakeClock, *numbers: int, status: Status = Status.OK) -> MergeResult:
    """A minute later, with these volumes."""
    clock.advance(60)
    return merge(store, [volume(f"v{number}") for number in numbers], [ScopeReport(scope(VOLUME), status, len(numbers)), *ok(INSTANCE)])


def volumes(store: SqliteStore, where: str = "") -> set[int]:
    rows = store.fetch(CompiledQuery(f"SELECT name FROM node WHERE gid > 0 {where}", (), "values"))
    return {int(name[1:]) for (name,) in rows}


def stale(store: SqliteStore) -> set[int]:
    return volumes(store, "AND stale IS NOT NULL")


def freshness(store: SqliteStore, **about: list[str]) -> Freshness:
    return store.freshness(lambda: about)


def status(store: SqliteStore) -> ScopeReport:
    (report,) = (report for report, _ in store.scopes() if report.scope == scope(VOLUME))
    return report


def test_what_is_missing_at_once_stays_stale_and_the_scope_says_so(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    result = collect(store, clock, *range(13))
    assert (result.deleted, result.stale, result.unchanged) == (0, 7, 13)
    assert stale(store) == set(range(13, 20))
    (report,) = (report for report in result.scopes if report.status is not Status.OK)
    assert report == status(store)
    assert (report.status, report.code, report.count) == (Status.HELD, Code.SHRUNK, 13)
    assert report.message == "7 of 20 are missing at once: kept until the next collect misses them too, or collect confirm"
    assert store.scopes()[1][1] == clock.now(), "it was read"


@pytest.mark.parametrize(("left", "held"), [(15, False), (14, False), (13, True), (0, True)])
def test_more_than_the_share_and_the_number(store: SqliteStore, clock: FakeClock, left: int, held: bool) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, *range(left))
    assert (status(store).status is Status.HELD) == held
    assert volumes(store) == (set(ALL) if held else set(range(left)))


def test_a_few_may_always_go(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *range(5))
    assert collect(store, clock).deleted == 5


def test_many_of_very_many_may_go(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *range(100))
    assert collect(store, clock, *range(70)).deleted == 30


def test_a_second_collect_that_misses_them_confirms(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, 1, 2)
    result = collect(store, clock, 1, 2)
    assert (result.deleted, result.stale, status(store).status) == (18, 0, Status.OK)
    assert volumes(store) == {1, 2}
    assert {change.by for change in store.history(since=clock.now()) if change.change == "deleted"} == {"collect"}


def test_a_scope_that_recovers_is_released(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock)
    result = collect(store, clock, *ALL)
    assert (result.deleted, result.stale, result.unchanged, status(store).status) == (0, 0, 20, Status.OK)
    collect(store, clock)
    assert status(store).status is Status.HELD, "an old hold confirms nothing"
    assert volumes(store) == set(ALL)


def test_a_reading_that_half_recovers_proves_the_one_before_wrong(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock)
    assert collect(store, clock, *range(10)).deleted == 0
    assert stale(store) == set(range(10, 20))
    assert collect(store, clock, *range(10)).deleted == 10


def test_what_a_second_collect_misses_besides_is_judged_by_itself(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, *range(10))
    result = collect(store, clock, *range(3))
    assert (result.deleted, volumes(store), status(store).status) == (10, set(range(10)), Status.HELD)
    collect(store, clock, *range(3))
    assert volumes(store) == {0, 1, 2}


def test_a_refusal_in_between_confirms_nothing(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, *range(10))
    collect(store, clock, status=Status.DENIED)
    assert volumes(store) == stale(store) == set(ALL)
    result = collect(store, clock, *range(10))
    assert result.deleted == 10, "the second reading misses the same"


def test_a_refusal_makes_nothing_wait(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, status=Status.DENIED)
    collect(store, clock)
    assert (status(store).status, volumes(store)) == (Status.HELD, set(ALL))


def test_a_reading_that_began_before_the_hold_confirms_nothing(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    clock.advance(60)
    with store.merge("aws", "1", "") as late:
        late.scope(ScopeReport(scope(VOLUME), Status.OK))
        collect(store, clock)
        clock.advance(60)
    assert late.result.deleted == 0
    assert volumes(store) == set(ALL)


def test_a_person_confirms(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock, *range(5))
    clock.advance(60)
    assert store.confirm([scope(VOLUME), scope(INSTANCE), scope("no_such")], by="ada") == {scope(VOLUME): 15}
    assert volumes(store) == set(range(5))
    assert (status(store).status, store.freshness().stale, store.accounts()[0].nodes) == (Status.OK, 0, 5)
    assert {change.by for change in store.history(since=clock.now())} == {"ada"}
    assert store.confirm([scope(VOLUME)], by="ada") == {}
    assert not collect(store, clock, *range(5)).any_change


def test_edges_of_what_is_held_stay(store: SqliteStore, clock: FakeClock) -> None:
    one, nodes = instance("i"), [volume(f"v{number}") for number in ALL]
    edges = [edge(one, node, owner=node) for node in nodes] + [edge(node, one, "delete", owner=one) for node in nodes]
    merge(store, [one, *nodes], edges=edges)
    before = edges_of(store)
    clock.advance(60)
    merge(store, [one])
    assert edges_of(store) == before
    clock.advance(60)
    merge(store, [one])
    assert edges_of(store) == set()


def test_a_hold_outlives_the_process(store: SqliteStore, path: Path, clock: FakeClock) -> None:
    collect(store, clock, *ALL)
    collect(store, clock)
    store.close()
    again = SqliteStore(path, clock, lambda: ShrinkLimit(30, 5))
    assert volumes(again) == set(ALL)
    assert collect(again, clock).deleted == 20
    again.close()


def test_a_limit_of_everything_holds_nothing(path: Path, clock: FakeClock) -> None:
    store = SqliteStore(path, clock, lambda: ShrinkLimit(share=100, number=0))
    collect(store, clock, *ALL)
    assert collect(store, clock).deleted == 20
    store.close()


def test_what_is_stale_is_told_by_kind_and_place(store: SqliteStore, clock: FakeClock) -> None:
    assert store.freshness() == Freshness()
    merge(store, [volume("v")], [ScopeReport(scope(VOLUME), Status.OK), denied(INSTANCE)])
    read = clock.now()
    clock.advance(60)
    merge(store, [], [denied(VOLUME), denied(INSTANCE)])
    assert store.freshness() == Freshness(2, read, 1)
    assert freshness(store, kind=[VOLUME]) == Freshness(1, read, 0)
    assert freshness(store, kind=[INSTANCE], account=["account 1"]) == Freshness(1, 0, 1)
    assert freshness(store, account=["1"], region=["eu"], cloud=["aws"]).stale == 2
    for place, wanted in (("region", ["us"]), ("account", ["2"]), ("cloud", ["gcp"]), ("kind", ["aws_vpc"]), ("kind", [])):
        assert freshness(store, **{place: wanted}) == Freshness()


def test_a_skipped_scope_is_stale_only_with_nodes_in_it(store: SqliteStore) -> None:
    merge(store, [volume("v")], [ScopeReport(scope(VOLUME), Status.OK), ScopeReport(scope(INSTANCE), Status.SKIPPED)])
    assert store.freshness().stale == 0
    merge(store, [], [ScopeReport(scope(VOLUME), Status.SKIPPED), ScopeReport(scope(INSTANCE), Status.SKIPPED)])
    assert store.freshness().stale == 1


def whole(store: SqliteStore, *kinds: str, nodes: tuple[str, ...] = ()) -> MergeResult:
    with store.merge("aws", "1", "") as merging:
        merging.nodes(volume(name) for name in nodes)
        for kind in kinds:
            merging.scope(ScopeReport(scope(kind), Status.OK))
        merging.whole()
    return merging.result


def test_what_a_whole_collect_does_not_report_is_stale(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v"), instance("i")])
    clock.advance(60)
    assert whole(store, VOLUME, nodes=("v",)).stale == 1
    reports = {report.scope.kind: report for report, _ in store.scopes()}
    assert (reports[INSTANCE].status, reports[INSTANCE].code) == (Status.SKIPPED, Code.NOT_COLLECTED)
    assert names(store) == {"v", "i"}
    assert freshness(store, kind=[INSTANCE]).stale == 1
    merge(store, [volume("v"), instance("i")])
    assert store.freshness().stale == 0


def test_a_scope_without_nodes_that_is_collected_no_more_is_forgotten(store: SqliteStore) -> None:
    merge(store, [volume("v")])
    whole(store, VOLUME, nodes=("v",))
    assert [report.scope.kind for report, _ in store.scopes()] == [VOLUME]


def test_a_scope_that_was_not_due_stays_as_it_is(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v"), instance("i")])
    read = clock.now()
    clock.advance(60)
    not_due = ScopeReport(scope(VOLUME), Status.SKIPPED, code=Code.NOT_DUE.value)
    with store.merge("aws", "1", "") as merging:
        assert (merging.read_at(scope(VOLUME)), merging.read_at(scope("aws_vpc"))) == (read, 0)
        merging.nodes([instance("i")])
        merging.scope(not_due)
        merging.scope(ScopeReport(scope(INSTANCE), Status.OK))
        merging.whole()
    assert not_due in merging.result.scopes
    assert (merging.result.stale, names(store)) == (0, {"v", "i"})
    assert (ScopeReport(scope(VOLUME), Status.OK), read) in store.scopes()


def test_what_a_cap_left_out_stays_and_what_is_not_listed_goes(store: SqliteStore, clock: FakeClock) -> None:
    collect(store, clock, *range(4))
    clock.advance(60)
    capped = ScopeReport(scope(VOLUME), Status.OK, 2, "ec2:List", Code.CAPPED.value, "the newest 2 were taken, 1 older ones left out")
    with store.merge("aws", "1", "") as merging:
        merging.nodes([volume("v0"), volume("v1")])
        merging.there([volume("v2").id, volume("never seen").id])
        merging.scope(capped)
    assert (merging.result.deleted, volumes(store), stale(store)) == (1, {0, 1, 2}, {2})
    assert store.freshness() == Freshness(0, clock.now(), 0, 1)
    assert (capped, clock.now()) in store.scopes(bad_only=True)
    collect(store, clock, 0, 1, 2)
    assert store.freshness() == Freshness()


def test_one_node_is_read_by_itself(store: SqliteStore, clock: FakeClock) -> None:
    one, other, far = volume("v", volume_size=1), instance("i"), instance("j")
    merge(store, [one, other, far, volume("w")], edges=[edge(one, other, owner=one), edge(far, one, owner=far)])
    clock.advance(60)
    with store.merge("aws", "1", "") as merging:
        merging.reread(one.id, volume("v", volume_size=2), [edge(one, far, owner=one)])
        merging.reread(volume("w").id, None)
    assert (merging.result.updated, merging.result.deleted, merging.result.stale) == (1, 1, 0)
    assert names(store) == {"v", "i", "j"}
    assert edges_of(store) == {("v", "j", 0), ("j", "v", 0)}
