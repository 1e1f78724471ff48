"""Last snapshots, buckets that are emptied, deletions that take their time: nothing is lost, and the journal has it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from resh.cleanup.execute import PAUSES
from resh.cleanup.journal import Entry
from resh.cleanup.keeping import snapshot_name
from resh.cleanup.outcome import Outcome
from resh.errors import CallFailed, GaveUp, UsageError
from resh.events.event import ResourceEmptied
from resh.graph.base import Document
from resh.providers.base import Care, Heard
from resh.providers.counting import called
from resh.providers.limiter import Place
from tests.cleanup_fakes import FakeCloud, node, refused
from tests.cleanup_world import World


class SlowCloud(FakeCloud):
    """Keeps a snapshot of everything, is full of things, and takes its time: `going` counts the looks before one is gone."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__(documents)
        self.snapshots: dict[str, str] = {}
        self.pending = 0
        """Looks before a snapshot is complete."""
        self.looks: list[str] = []
        self.going: dict[str, int] = {}
        self.stuck: dict[str, str] = {}
        """Why the cloud fails to delete one, after those looks."""
        self.inside: dict[str, int] = {}
        self.on_page: Any = lambda id, gone: None

    def api(self, kind: str) -> str:
        return "ec2"

    def keep(self, node: Document, name: str) -> Sequence[str]:
        if not node["reported"].get("data", True):
            return ()
        self.snapshots[name] = node["id"]
        return (name,)

    def is_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        assert [self.snapshots[name] for name in snapshots] == [node["id"]]
        self.looks.append(node["id"])
        return len(self.looks) > self.pending

    def keep_lost(self, node: Document, name: str) -> Sequence[str]:
        if node["reported"].get("only_with_deletion"):
            raise UsageError(f"nobody knows how {node['id']} is kept")
        return self.keep(node, name) if node["reported"].get("data") else ()

    def is_lost_kept(self, node: Document, snapshots: Sequence[str]) -> bool:
        return self.is_kept(node, snapshots)

    def delete_with(self, node: Document, care: Care) -> None:
        id = node["id"]
        called("aws", Place("1", "eu", "ec2", "ec2:Delete"), Heard(0.1, request=f"request-{id}"))
        for gone in range(0, self.inside.get(id, 0) + 1, 1000) if care.empty else ():
            self.on_page(id, gone)
            care.go_on(gone)
        self.delete(node)

    def is_going(self, node: Document) -> bool:
        self.going[node["id"]] = left = self.going.get(node["id"], 0) - 1
        if left < 0 and (why := self.stuck.get(node["id"])):
            raise GaveUp("ec2:Delete", "DeletionFailed", why)
        return left >= 0


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def world(journal: Path, *ids: str, **options: Any) -> tuple[World, SlowCloud]:
    """Marked nodes, each of which waits for the next."""
    found = World(journal, [node(id, clean="forgotten") for id in ids], set(pairwise(ids)), options, SlowCloud)
    assert isinstance(found.cloud, SlowCloud)
    return found, found.cloud


def entries(world: World) -> list[Entry]:
    return list(world.journal.entries())


def test_what_the_cloud_is_at_work_on_is_awaited(journal: Path) -> None:
    clean_up, cloud = world(journal, "subnet", "gateway")
    cloud.going["gateway"] = 5
    order: list[str] = []
    cloud.on_delete = order.append
    assert clean_up.outcomes() == {"gateway": "deleted", "subnet": "deleted"}
    assert order == ["gateway", "subnet"]
    assert cloud.going["gateway"] == -1  # the subnet was not touched while it was still there
    assert clean_up.graph.removed == ["gateway", "subnet"]
    assert [(entry.result, [call["request"] for call in entry.calls]) for entry in entries(clean_up)] == [
        ("deleted", ["request-gateway"]),
        ("deleted", ["request-subnet"]),
    ]


def test_what_takes_too_long_holds_back_what_waits_for_it(journal: Path) -> None:
    clean_up, cloud = world(journal, "subnet", "gateway", wait="5m")
    cloud.going["gateway"] = 10**6
    started = clean_up.clock.now()
    assert clean_up.outcomes() == {"gateway": "being deleted", "subnet": "held back"}
    assert 300 <= clean_up.clock.now() - started < 400
    assert clean_up.graph.removed == []
    assert cloud.deleted == ["gateway"]  # asked for once
    assert [entry.result for entry in entries(clean_up)] == ["accepted"]


def test_what_the_cloud_fails_to_delete_is_told_at_once(journal: Path) -> None:
    found = World(journal, [node(id, clean="x") for id in ("subnet", "stack", "other")], {("subnet", "stack")}, {"wait": "20m"}, SlowCloud)
    clean_up, cloud = found, found.cloud
    assert isinstance(cloud, SlowCloud)
    cloud.going["stack"] = 2
    cloud.stuck["stack"] = "the bucket is not empty"
    started = clean_up.clock.now()
    results = {result.item.id: result for result in clean_up.run().results}
    assert {id: str(result.outcome) for id, result in results.items()} == {"subnet": "held back", "stack": "failed", "other": "deleted"}
    assert (results["stack"].why, results["stack"].code) == ("ec2:Delete: the bucket is not empty", "DeletionFailed")
    assert clean_up.clock.now() - started < 60  # and not cleanup.wait
    assert [(entry.result, entry.message, len(entry.calls)) for entry in entries(clean_up) if entry.document["id"] == "stack"] == [
        ("failed", "the bucket is not empty", 1)
    ]
    assert clean_up.graph.removed == ["other"]


def test_what_the_cloud_fails_to_delete_before_it_is_awaited(journal: Path) -> None:
    clean_up, cloud = world(journal, "stack")
    cloud.stuck["stack"] = "no right to delete the role"
    assert clean_up.outcomes() == {"stack": "failed"}
    assert [(entry.result, entry.message) for entry in entries(clean_up)] == [("failed", "no right to delete the role")]


def test_what_fails_again_and_again_is_not_tried_at_every_look_at_others(journal: Path) -> None:
    found = World(journal, [node("slow", clean="x"), node("stuck", clean="x")], (), {"wait": "20m"}, SlowCloud)
    assert isinstance(found.cloud, SlowCloud)
    found.cloud.going["slow"] = 30
    found.cloud.errors["stuck"] = [refused("DependencyViolation")] * 100
    assert found.outcomes() == {"slow": "deleted", "stuck": "failed"}
    assert sum(entry.document["id"] == "stuck" for entry in entries(found)) <= 2 * (len(PAUSES) + 1)


def test_a_cancelled_run_tells_what_is_under_way(journal: Path) -> None:
    clean_up, cloud = world(journal, "subnet", "gateway")
    cloud.going["gateway"] = 10**6
    cloud.on_delete = lambda id: clean_up.cancel.set("stopped by ada")
    assert clean_up.outcomes() == {"gateway": "being deleted", "subnet": "cancelled"}


def test_what_cannot_be_looked_for_has_not_gone(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def throttled(self: SlowCloud, node: Document) -> bool:
        raise refused("Throttling")

    monkeypatch.setattr(SlowCloud, "is_going", throttled)
    clean_up, cloud = world(journal, "subnet", "gateway", wait="1m")
    assert clean_up.outcomes() == {"gateway": "being deleted", "subnet": "held back"}
    assert cloud.deleted == ["gateway"]


def test_nothing_is_deleted_before_its_snapshot_is_complete(journal: Path) -> None:
    clean_up, cloud = world(journal, "data", snapshot_before_delete=True)
    cloud.pending = 4
    cloud.on_delete = lambda id: cloud.looks.append("deleted")
    assert clean_up.outcomes() == {"data": "deleted"}
    assert cloud.looks == ["data"] * 5 + ["deleted"]
    (entry,) = entries(clean_up)
    assert (entry.result, entry.snapshots) == ("deleted", list(cloud.snapshots))
    assert len(cloud.snapshots) == 1


def with_losses(journal: Path, **data: bool) -> tuple[World, SlowCloud]:
    """A stack without data that takes a group along, and that an instance and a disk, of which the instance takes a volume."""
    ids = ("stack", "group", "instance", "disk", "volume")
    documents = [node(id, clean="x" if id == "stack" else "", data=data.get(id, False)) for id in ids]
    found = World(journal, documents, (), {"snapshot_before_delete": True}, SlowCloud)
    cloud = found.cloud
    assert isinstance(cloud, SlowCloud)
    cloud.takes = {
        "stack": [("group", False)],
        "group": [("instance", False), ("disk", False), ("forgotten", False)],
        "instance": [("volume", False)],
    }
    return found, cloud


def test_what_goes_with_something_else_has_a_last_snapshot(journal: Path) -> None:
    clean_up, cloud = with_losses(journal, instance=True, disk=True, volume=True)
    cloud.pending = 5
    cloud.on_delete = lambda id: cloud.looks.append("deleted")
    assert clean_up.outcomes() == {"stack": "deleted"}
    assert sorted(cloud.snapshots.values()) == ["disk", "instance"]  # the volume is in the snapshots of its instance
    assert cloud.looks.index("deleted") == len(cloud.looks) - 1 > 5
    (entry,) = entries(clean_up)
    assert (entry.result, sorted(entry.snapshots)) == ("deleted", sorted(cloud.snapshots))


def test_what_stands_below_and_goes_with_it_is_kept_too_or_saves_it(journal: Path) -> None:
    documents = [node("stack", "aws_vpc", clean="x", data=False), *(node(id, data=True) for id in ("table", "role", "above"))]
    documents[2]["kind"] = "aws_ec2_instance"
    clean_up = World(journal, documents, (), {"snapshot_before_delete": True}, SlowCloud)
    cloud = clean_up.cloud
    assert isinstance(cloud, SlowCloud)
    cloud.takes_below = lambda kind: ("aws_ec2_volume",) if kind == "aws_vpc" else ()  # type: ignore[attr-defined]
    clean_up.graph.defaults = {("stack", "table"), ("stack", "role"), ("above", "stack")}
    clean_up.graph.documents["table"]["metadata"]["protected"] = True
    assert [one.why for one in clean_up.cleanup.plan().refused] == ["would destroy aws_ec2_volume table too: protected"]
    del clean_up.graph.documents["table"]["metadata"]["protected"]
    assert clean_up.outcomes() == {"stack": "deleted"}
    assert list(cloud.snapshots.values()) == ["table"]


def test_what_was_gone_before_or_has_no_data_needs_none(journal: Path) -> None:
    clean_up, cloud = with_losses(journal, volume=True, disk=True)
    del cloud.live["disk"]
    assert clean_up.outcomes() == {"stack": "deleted"}
    assert list(cloud.snapshots.values()) == ["volume"]


def test_what_takes_something_along_that_cannot_be_kept_stays(journal: Path) -> None:
    clean_up, cloud = with_losses(journal)
    clean_up.graph.documents["disk"]["reported"]["only_with_deletion"] = cloud.live["disk"]["only_with_deletion"] = True
    (result,) = clean_up.run().results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, "it takes others along, and nobody knows how disk is kept")
    assert cloud.deleted == []


def test_a_snapshot_that_is_never_complete(journal: Path) -> None:
    clean_up, cloud = world(journal, "data", snapshot_before_delete=True, wait="2m")
    cloud.pending = 10**6
    (result,) = clean_up.run().results
    assert (result.outcome, result.code) == (Outcome.FAILED, "SnapshotPending")
    assert cloud.deleted == clean_up.graph.removed == []
    assert [(entry.result, entry.code, len(entry.snapshots)) for entry in entries(clean_up)] == [("failed", "SnapshotPending", 1)]


def test_who_changes_something_while_the_snapshot_is_made_has_saved_it(journal: Path) -> None:
    clean_up, cloud = world(journal, "data", snapshot_before_delete=True)
    cloud.pending = 1
    cloud.on_read = lambda id: cloud.live[id].update(volume_status="in-use") if cloud.looks else None
    (result,) = clean_up.run().results
    assert (result.outcome, result.why) == (Outcome.SKIPPED, "changed since it was collected: volume_status")
    assert cloud.deleted == []
    assert [entry.open for entry in entries(clean_up)] == [False]


def test_a_snapshot_that_fails_keeps_the_resource(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: SlowCloud, node: Document, snapshots: Sequence[str]) -> bool:
        raise CallFailed("ec2:CreateSnapshot", "SnapshotFailed", "it is in the state error")

    monkeypatch.setattr(SlowCloud, "is_kept", broken)
    clean_up, cloud = world(journal, "data", snapshot_before_delete=True)
    assert clean_up.outcomes() == {"data": "failed"}
    assert cloud.deleted == []


def test_without_the_wish_nothing_is_kept_or_emptied(journal: Path) -> None:
    clean_up, cloud = world(journal, "bucket")
    cloud.inside["bucket"] = 5000
    cloud.on_page = lambda id, gone: pytest.fail("emptied")
    assert clean_up.outcomes() == {"bucket": "deleted"}
    assert cloud.snapshots == {}


def test_emptying_is_told_now_and_then(journal: Path) -> None:
    clean_up, cloud = world(journal, "bucket", empty_buckets=True)
    cloud.inside["bucket"] = 30_000
    assert clean_up.outcomes() == {"bucket": "deleted"}
    told = [event for event in clean_up.events if isinstance(event, ResourceEmptied)]
    assert [event.count for event in told] == [10_000, 20_000, 30_000]
    assert told[0].text == "aws_ec2_volume bucket in 1/eu is being emptied: 10,000 deleted in it"


@pytest.mark.parametrize(
    ("change", "outcome", "why"),
    [
        (lambda world: world.graph.documents["bucket"]["desired"].clear(), "skipped", "no longer marked"),
        (lambda world: world.graph.documents["bucket"]["metadata"].update(protected=True), "skipped", "protected"),
        (lambda world: world.graph.documents.clear(), "skipped", "no longer marked"),
        (lambda world: world.cancel.set("stopped by ada"), "cancelled", "stopped by ada"),
    ],
)
def test_emptying_ends_when_it_is_not_wanted_any_more(journal: Path, change: Any, outcome: str, why: str) -> None:
    clean_up, cloud = world(journal, "bucket", empty_buckets=True)
    cloud.inside["bucket"] = 30_000
    pages: list[int] = []

    def page(id: str, gone: int) -> None:
        pages.append(gone)
        if gone == 2000:
            change(clean_up)

    cloud.on_page = page
    (result,) = clean_up.run().results
    assert (str(result.outcome), result.why) == (outcome, why)
    assert pages == [0, 1000, 2000]
    assert cloud.deleted == []
    assert [entry.result for entry in entries(clean_up)] == ["failed"]


def test_ties_that_an_attempt_has_cut_are_no_change(journal: Path) -> None:
    """The address was disassociated, then its release was throttled: the next pass goes on."""
    clean_up = World(journal, [node("ip", clean="x", association="assoc-1", instances=["i-1"])])
    clean_up.cloud.errors["ip"] = [refused("Throttling")]
    clean_up.cloud.on_delete = lambda id: clean_up.cloud.live[id].update(association=None, instances=[])
    assert clean_up.outcomes() == {"ip": "deleted"}


@pytest.mark.parametrize("live", [{"association": "assoc-2"}, {"instances": ["i-2"]}, {"instances": ["i-1", "i-2"]}, {"tags": {}}])
def test_what_somebody_else_ties_meanwhile_is_one(journal: Path, live: dict[str, Any]) -> None:
    clean_up = World(journal, [node("ip", clean="x", association="assoc-1", instances=["i-1"])])
    clean_up.graph.documents["ip"]["reported"]["tags"] = clean_up.cloud.live["ip"]["tags"] = {"team": "blue"}
    clean_up.cloud.errors["ip"] = [refused("Throttling")]
    clean_up.cloud.on_delete = lambda id: clean_up.cloud.live[id].update(live)
    (result,) = clean_up.run().results
    assert result.outcome is Outcome.SKIPPED
    assert clean_up.cloud.deleted == []


@pytest.mark.parametrize("rid", ["vol-0f3a91c2aa01e77d1", "A_Very--Long.Name/of:something that nobody can type", "9"])
def test_names_of_snapshots_are_those_that_services_take(rid: str) -> None:
    name = snapshot_name(rid, 1_700_000_000.0)
    assert len(name) <= 50
    assert name.startswith("resh-")
    assert name.endswith("-20231114221320")
    assert "--" not in name
    assert name.replace("-", "").isalnum()
