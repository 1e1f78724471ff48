"""The three steps on the real graph and the real search language; only the cloud is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.app import App
from resh.cleanup.journal import Journal
from resh.cleanup.marking import clean, protect
from resh.cleanup.plan import MARKED
from resh.cleanup.service import Cleanup
from resh.clock import FakeClock, iso
from resh.graph.base import Document
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.base import Heard
from resh.providers.counting import called
from resh.providers.limiter import Place
from resh.workflows.cleanup import CleanupStep
from resh.workflows.cleanup_plan import CleanupPlan
from resh.workflows.generate_metrics import GenerateMetrics
from tests.cleanup_fakes import ALLOWED, FakeCloud
from tests.workflows.test_cleanup_steps import FakeContext

DAY = 86400
KINDS = (Kind("aws_ec2_volume", bases=("volume",)), Kind("aws_ec2_instance", bases=("instance",)))


def nid(rid: str) -> str:
    kind = "aws_ec2_instance" if rid.startswith("i-") else "aws_ec2_volume"
    return node_id("aws", "1", "eu-west-1", kind, rid)


def a_node(rid: str, **reported: Any) -> Node:
    kind = "aws_ec2_instance" if rid.startswith("i-") else "aws_ec2_volume"
    scope = Scope("aws", "1", "eu-west-1", kind)
    return Node(nid(rid), kind, scope, "eu-west-1", {"id": rid, "name": rid, "kind": kind, "tags": {}, **reported})


class World:
    """An account with an expired instance, its volume, and volumes that nothing uses."""

    def __init__(self, home: Path) -> None:
        self.clock = FakeClock()
        self.app = App(home, clock=self.clock)
        self.collect()
        documents: list[Document] = list(self.app.documents("is(volume) or is(instance)"))
        self.cloud = FakeCloud(documents)
        for document in documents:
            self.cloud.live[document["id"]] = document["reported"]
        journal, providers = Journal(home / "journal.jsonl"), {"aws": self.cloud.provider}
        app = self.app
        self.cleanup = Cleanup(app.graph, app.documents, app.kinds, providers, app.settings, self.clock, journal)
        self.context = FakeContext()
        for name, value in ALLOWED.items():
            app.settings.set(f"cleanup.{name}", value, "option")

    def collect(self, volumes_read: Status = Status.OK) -> None:
        old, young = iso(self.clock.now() - 92 * DAY), iso(self.clock.now() - DAY)
        available = {"volume_status": "available", "volume_size": 10, "volume_type": "gp3"}
        nodes = [
            a_node("i-1", ctime=old, tags={"expiration": "3d"}, instance_status="running", instance_cores=2, instance_memory=0.5),
            a_node("i-2", ctime=young, tags={"expiration": "3d"}, instance_status="stopped", instance_cores=2),
            a_node("vol-1", ctime=old, volume_status="in-use", volume_size=8),
            a_node("vol-old", ctime=old, **available),
            a_node("vol-kept", ctime=old, **available),
            a_node("vol-young", ctime=young, **available),
        ]
        with self.app.graph.merge("aws", "1", "demo") as merge:
            merge.kinds(KINDS)
            merge.nodes(node for node in nodes if volumes_read is Status.OK or node.kind == "aws_ec2_instance")
            merge.edges([Edge(nid("vol-1"), nid("i-1"), "delete", nid("vol-1"))])
            for kind, status in (("aws_ec2_instance", Status.OK), ("aws_ec2_volume", volumes_read)):
                merge.scope(ScopeReport(Scope("aws", "1", "eu-west-1", kind), status))

    def switch(self, **values: bool) -> None:
        for name, value in values.items():
            self.app.settings.set(f"cleanup.{name}".replace("__", "."), value, "option")

    def marks(self) -> dict[str, str]:
        return {document["reported"]["id"]: document["desired"]["clean_reason"] for document in self.app.documents(MARKED)}


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    world = World(home)
    yield world
    world.app.close()


def rules_on(world: World) -> None:
    world.switch(rules__expired__enabled=True, rules__volumes__enabled=True)


def test_rules_mark_what_they_should_and_nothing_else(world: World) -> None:
    protect(world.app.graph, world.app.kinds, [nid("vol-kept")], reason="the shop", by="ada", now=0)
    assert CleanupPlan(world.cleanup)(world.context).summary == "0 marked"
    rules_on(world)
    result = CleanupPlan(world.cleanup)(world.context)
    assert not result.problems
    assert result.summary == "2 marked: 1 instance, 1 volume (2 new); dry run: 2 would be deleted in 1 generation"
    assert world.marks().keys() == {"i-1", "vol-old"}
    assert world.marks()["vol-old"] == "available, created 92 d ago, last use unknown (limit 14 d)"
    assert world.marks()["i-1"].startswith("expired 89 d ago (")


def test_marks_survive_a_collect_and_stale_ones_are_kept_out(world: World) -> None:
    rules_on(world)
    CleanupPlan(world.cleanup)(world.context)
    world.collect()
    assert world.marks().keys() == {"i-1", "vol-old", "vol-kept"}
    world.collect(volumes_read=Status.DENIED)
    plan = world.cleanup.plan()
    assert [item.rid for item in plan.items()] == ["i-1"]
    assert {refused.item.rid for refused in plan.refused} == {"vol-old", "vol-kept"}
    assert all(refused.why.startswith("stale: not readable since ") for refused in plan.refused)


def test_deletion_follows_the_edges_and_the_graph_follows_the_deletion(world: World) -> None:
    world.switch(enabled=True, dry_run=False)
    ids = [nid("vol-1"), nid("i-1"), nid("vol-old")]
    clean(world.app.graph, world.app.kinds, ids, reason="forgotten", by="ada", now=world.app.clock.now())
    world.cloud.on_delete = lambda id: called("aws", Place("1", "eu-west-1", "ec2", "ec2:Delete"), Heard(0.1))
    assert CleanupStep(world.cleanup, world.app.tables.calls)(world.context).summary == "3 deleted"
    (calls,) = world.app.tables.calls.of(world.context.run)
    assert (calls.account, calls.name, calls.purpose, calls.counts[0].calls) == ("1", "demo", "cleanup", 3)
    assert world.cloud.deleted.index(nid("i-1")) < world.cloud.deleted.index(nid("vol-1"))
    assert not any(world.app.graph.node(id) for id in ids)
    assert world.app.graph.node(nid("vol-kept"))
    assert {change.id for change in world.app.graph.history() if change.change == "deleted"} == set(ids)
    edges = {tuple(edge) for entry in world.cleanup.journal.entries() for edge in entry.edges}
    assert (nid("vol-1"), nid("i-1"), "delete") in edges


def test_every_default_metric_runs_and_counts_right(world: World) -> None:
    app = world.app
    result = GenerateMetrics(lambda: app.metrics, app.generator, app.settings, world.clock)(world.context)
    assert result.problems == ()
    assert result.counts["metrics"] == len(app.metrics)
    place = {"cloud": "aws", "account": "demo", "region": "eu-west-1"}
    assert app.timeseries.latest("volumes_total") == [
        {**place, "status": "available", "type": "gp3", "value": 3},
        {**place, "status": "in-use", "type": "", "value": 1},
    ]
    assert [row["value"] for row in app.timeseries.latest("volume_bytes")] == [30 * 1024**3, 8 * 1024**3]
    assert app.timeseries.latest("cores_total") == [{**place, "type": "", "value": 2}]
    assert app.timeseries.latest("memory_bytes") == [{**place, "type": "", "value": 512 * 1024**2}]
    kinds = {row["kind"]: row["value"] for row in app.timeseries.latest("resources_total")}
    assert (kinds["aws_ec2_volume"], kinds["aws_ec2_instance"]) == (4, 2)
