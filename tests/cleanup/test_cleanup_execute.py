"""Execution against a cloud that refuses, changes and races."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from resh.cancel import Cancel
from resh.cleanup.outcome import Outcome
from resh.errors import StateError
from resh.events.event import CleanupFailed, ResourceCleaned, ResourceSkipped
from resh.graph.base import Document
from tests.cleanup_fakes import node, refused
from tests.cleanup_world import World


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def chain(*ids: str) -> tuple[list[Document], set[tuple[str, str]]]:
    """Marked nodes, each of which waits for the next."""
    return [node(id, clean="forgotten") for id in ids], set(pairwise(ids))


def test_deletes_in_order_on_the_record(journal: Path) -> None:
    world = World(journal, *chain("vpc", "subnet", "instance"))
    assert set(world.outcomes().values()) == {"deleted"}
    assert world.cloud.deleted == world.graph.removed == ["instance", "subnet", "vpc"]
    entries = list(world.journal.entries())
    assert [(entry.document["id"], entry.result, entry.reason, entry.run) for entry in entries] == [
        (id, "deleted", "forgotten", "01a7") for id in ("instance", "subnet", "vpc")
    ]
    assert [tuple(edge) for edge in entries[0].edges] == [("subnet", "instance", "delete")]
    assert [type(event) for event in world.events] == [ResourceCleaned] * 3
    assert world.events[0].text == "deleted aws_ec2_volume instance in 1/eu: forgotten"


@pytest.mark.parametrize("options", [{"enabled": False}, {"dry_run": True}, {"enabled": False, "dry_run": True}])
def test_a_dry_run_looks_and_changes_nothing(journal: Path, options: dict[str, bool]) -> None:
    world = World(journal, *chain("a", "b", "gone", "odd"), options)
    del world.cloud.live["gone"]
    world.cloud.live["odd"]["volume_size"] = 9
    assert world.outcomes() == {"odd": "skipped", "gone": "held back", "b": "held back", "a": "held back"}
    assert world.cloud.deleted == world.graph.removed == []
    assert not world.events
    assert not journal.exists()


def test_a_dry_run_tells_what_a_real_one_would_do(journal: Path) -> None:
    dry, real = World(journal, *chain("a", "b"), {"dry_run": True}), World(journal, *chain("a", "b"))
    assert set(dry.outcomes().values()) == {"would be deleted"}
    assert set(real.outcomes().values()) == {"deleted"}


def test_what_is_gone_already_leaves_the_graph(journal: Path) -> None:
    world = World(journal, *chain("a", "b"))
    del world.cloud.live["b"]
    assert world.outcomes() == {"b": "gone", "a": "deleted"}
    assert world.graph.removed == ["b", "a"]
    assert [entry.document["id"] for entry in world.journal.entries()] == ["a"]


@pytest.mark.parametrize(
    ("live", "why"),
    [
        ({"volume_status": "in-use"}, "changed since it was collected: volume_status"),
        ({"tags": {"owner": "ada"}}, "changed since it was collected: tags.owner"),
        ({"tags": {"resh:protected": "yes"}}, "protected by its tag resh:protected"),
        ({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}, "changed since it was collected: a, b, c and 2 more"),
    ],
)
def test_what_changed_in_the_cloud_is_skipped(journal: Path, live: dict[str, Any], why: str) -> None:
    world = World(journal, [node("a", clean="x", volume_status="available")])
    world.cloud.live["a"].update(live)
    (result,) = world.run().results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, why)
    assert world.cloud.deleted == world.graph.removed == []
    assert [event.line() for event in world.events if isinstance(event, ResourceSkipped)] == [f"left aws_ec2_volume a: {why}"]


def test_the_tag_that_tells_of_the_mark_is_no_change(journal: Path) -> None:
    tags = {"resh:clean": "delete from 2027-01-15T08:00:00Z"}
    for noted, others, expected in ((tags, {}, "deleted"), (tags, {"owner": "ada"}, "skipped"), ({}, {}, "skipped")):
        world = World(journal, [node("a", clean="x")])
        world.graph.documents["a"]["metadata"].update({"clean_tag": next(map(list, noted.items()))} if noted else {})
        world.cloud.live["a"].update(tags=tags | others)
        assert world.outcomes() == {"a": expected}


def test_volatile_and_unread_properties_do_not_count(journal: Path) -> None:
    world = World(journal, [node("a", clean="x", atime="2026-01-01T00:00:00Z", instance_cores=4)])
    world.cloud.live["a"].update(atime="2026-02-02T00:00:00Z", volume_encrypted=None)
    del world.cloud.live["a"]["instance_cores"]
    assert world.outcomes() == {"a": "deleted"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda document: document["desired"].clear(), "no longer marked"),
        (lambda document: document["metadata"].update(protected=True), "protected"),
        (lambda document: document["metadata"].update(stale=True), "stale: not readable since 2023-11-14T22:13:20Z"),
        (lambda document: document["reported"].update(volume_size=1), "changed since it was planned"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_what_changes_in_the_graph_meanwhile_is_skipped(journal: Path, change: Any, why: str, late: bool) -> None:
    world = World(journal, [node("a", clean="x")])
    plan = world.cleanup.plan()
    if late:
        world.cloud.on_read = lambda id: change(world.graph.documents[id])
    else:
        change(world.graph.documents["a"])
    (result,) = world.cleanup.execute(plan, run="", cancel=Cancel(), emit=print).results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, why)
    assert world.cloud.deleted == []


def test_a_failure_holds_back_what_waits_for_it_and_nothing_else(journal: Path) -> None:
    documents, edges = chain("a", "b", "c")
    world = World(journal, [*documents, node("other", clean="x")], edges)
    world.cloud.errors["b"] = [refused("UnauthorizedOperation")]
    assert world.outcomes() == {"a": "held back", "b": "failed", "c": "deleted", "other": "deleted"}
    failed = next(event for event in world.events if isinstance(event, CleanupFailed))
    assert (failed.id, failed.message) == ("b", "ec2:Delete: UnauthorizedOperation says the cloud")
    assert {entry.document["id"]: (entry.result, entry.code) for entry in world.journal.entries()}["b"] == (
        "failed",
        "UnauthorizedOperation",
    )


def test_a_providers_defect_costs_one_resource(journal: Path) -> None:
    world = World(journal, [node("a", clean="x"), node("b", clean="x")])
    world.cloud.errors["a"] = [KeyError("VolumeId")]
    assert world.outcomes() == {"a": "failed", "b": "deleted"}


@pytest.mark.parametrize(
    "code", ["DependencyViolation", "VolumeInUse", "InvalidGroup.InUse", "DeleteConflict", "Throttling", "RequestLimitExceeded"]
)
def test_what_passes_is_tried_again(journal: Path, code: str) -> None:
    world = World(journal, *chain("a", "b"))
    world.cloud.errors["b"] = [refused(code), refused(code)]
    assert world.outcomes() == {"b": "deleted", "a": "deleted"}
    assert [entry.result for entry in world.journal.entries()] == ["failed", "failed", "deleted", "deleted"]


def test_what_never_passes_ends_as_failed(journal: Path) -> None:
    world = World(journal, *chain("a", "b"))
    world.cloud.errors["b"] = [refused("DependencyViolation")] * 100
    started = world.clock.now()
    assert world.outcomes() == {"b": "failed", "a": "held back"}
    assert 0 < world.clock.now() - started < 180


def test_cancelling_stops_before_the_next_call(journal: Path) -> None:
    world = World(journal, *chain("a", "b", "c"))
    world.cloud.on_delete = lambda id: world.cancel.set("stopped by ada")
    assert world.outcomes() == {"c": "deleted", "b": "cancelled", "a": "cancelled"}
    assert [entry.document["id"] for entry in world.journal.entries()] == ["c"]


def test_members_of_a_generation_go_together(journal: Path) -> None:
    world = World(journal, [node(str(number), clean="x") for number in range(4)], options={"concurrency": 4})
    together = Barrier(4, timeout=20)
    world.cloud.on_delete = lambda id: (together.wait(), None)[1]
    assert set(world.outcomes().values()) == {"deleted"}


def test_without_a_journal_nothing_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x")])
    with pytest.raises(StateError):
        world.run()
    assert world.cloud.deleted == []


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12),
    changed=st.sets(st.integers(0, 7)),
    failing=st.sets(st.integers(0, 7)),
)
def test_random_webs_with_races_and_failures(journal: Path, pairs: list[tuple[int, int]], changed: set[int], failing: set[int]) -> None:
    edges = {(str(a), str(b)) for a, b in pairs if a > b}
    world = World(journal, [node(str(number), clean="x") for number in range(8)], edges)
    world.cloud.errors = {str(number): [refused("AccessDenied")] for number in failing}

    def rival(id: str) -> None:
        if int(id) in changed:
            world.cloud.live[id]["volume_size"] = 1

    world.cloud.on_read = rival
    outcomes = world.outcomes()
    assert not {str(number) for number in changed} & set(world.cloud.deleted)
    for source, target in edges:
        if outcomes[source] == "deleted":
            assert world.cloud.deleted.index(target) < world.cloud.deleted.index(source)
        if outcomes[target] != "deleted":
            assert outcomes[source] == "held back"


def test_what_would_be_lost_as_well_is_looked_at_again(journal: Path) -> None:
    world = World(journal, [node("web", clean="x"), node("data")])
    world.cloud.takes["web"] = [("data", False)]
    world.cloud.on_read = lambda id: world.graph.documents["data"]["metadata"].update(protected=True, protected_reason="the shop")
    (result,) = world.run().results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, "would destroy data too: protected: the shop")
    assert world.cloud.deleted == []
