"""Out of service for a while before the deletion: nothing goes before its time, and whoever wants it gets it back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from resh.cleanup.drawing import draw, extent
from resh.cleanup.marking import protect, unclean
from resh.cleanup.quarantine import period
from resh.errors import UsageError
from resh.events.event import CleanupFailed, ResourceQuarantined
from resh.graph.base import Document
from resh.settings import Settings
from tests.cleanup_fakes import FakeCloud, node, refused
from tests.cleanup_world import World

WEEK = 7 * 86400


class StoppableCloud(FakeCloud):
    """What runs can be stopped."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__(documents)
        self.done: list[str] = []
        self.on_isolate: Any = lambda id: None

    def serves(self, node: Document) -> bool:
        return bool(node["reported"].get("running"))

    def isolate(self, node: Document) -> None:
        self.on_isolate(node["id"])
        if self.serves(node):
            self.done.append(f"stop {node['id']}")
            self.live[node["id"]]["running"] = False

    def release(self, node: Document) -> None:
        self.on_isolate(node["id"])
        if self.serves(node):
            self.done.append(f"start {node['id']}")
            self.live[node["id"]]["running"] = True


def world(tmp_path: Path, **options: Any) -> tuple[World, StoppableCloud]:
    """A running instance that a volume waits for; both marked. They go into quarantine together."""
    documents = [node("volume", clean="x"), node("web", "aws_ec2_instance", clean="x", running=True)]
    settings = {"quarantine": "7d", "max_graph_age": "100y", **options}
    found = World(tmp_path / "journal.jsonl", documents, {("volume", "web")}, settings, StoppableCloud)
    assert isinstance(found.cloud, StoppableCloud)
    return found, found.cloud


def collect(world: World) -> None:
    for id, reported in world.cloud.live.items():
        world.graph.documents[id]["reported"] = dict(reported)


def outcomes(world: World) -> dict[str, str]:
    report = world.run()
    refused = {one.item.id: one.why for one in report.plan.refused}
    return {**{result.item.id: str(result.outcome) for result in report.results}, **refused}


def test_a_plan_tells_what_is_not_deleted_at_once(tmp_path: Path) -> None:
    clean_up, _ = world(tmp_path)
    plan = clean_up.cleanup.plan()
    assert extent(plan) == "2 would be deleted in 2 generations, 2 of them after a quarantine"
    assert sum(line.endswith("in quarantine for 7 d first") for line in draw(plan, clean_up.cleanup.kinds)) == 2
    clean_up.run()
    collect(clean_up)
    clean_up.clock.sleep(WEEK + 1)
    assert extent(clean_up.cleanup.plan()) == "2 would be deleted in 2 generations"
    clean_up.graph.documents["volume"]["metadata"].pop("quarantined")
    assert extent(clean_up.cleanup.plan()) == "2 would be deleted in 2 generations, 1 of them after a quarantine"


def test_what_runs_is_stopped_first_and_deleted_when_the_time_is_over(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    assert outcomes(clean_up) == {"web": "put in quarantine", "volume": "put in quarantine"}
    assert (cloud.done, cloud.deleted) == (["stop web"], [])
    assert [type(event) for event in clean_up.events] == [ResourceQuarantined] * 2
    collect(clean_up)
    until = clean_up.graph.documents["web"]["metadata"]["quarantined"]
    assert outcomes(clean_up)["web"] == f"in quarantine until {until}"
    clean_up.clock.sleep(WEEK + 1)
    assert outcomes(clean_up) == {"web": "deleted", "volume": "deleted"}
    assert (cloud.done, cloud.deleted) == (["stop web"], ["web", "volume"])
    assert [(entry.deed, entry.result) for entry in clean_up.journal.entries()] == [
        ("quarantine", "quarantined"), ("quarantine", "quarantined"), ("delete", "deleted"), ("delete", "deleted"),
    ]  # fmt: skip


def test_a_dry_run_stops_nothing(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path, dry_run=True)
    assert outcomes(clean_up) == {"web": "would be put in quarantine", "volume": "would be put in quarantine"}
    assert cloud.done == []
    assert not clean_up.graph.documents["web"]["metadata"].get("quarantined")


@pytest.mark.parametrize("how", ["unclean", "protect"])
def test_who_takes_the_mark_off_gets_it_back(tmp_path: Path, how: str) -> None:
    clean_up, cloud = world(tmp_path)
    clean_up.run()
    collect(clean_up)
    if how == "unclean":
        unclean(clean_up.graph.store, ["web"], by="ada")
    else:
        protect(clean_up.graph.store, clean_up.cleanup.kinds, ["web"], reason="", by="ada", now=0)
    assert clean_up.cleanup.release_freed({"other"}) == []
    assert cloud.done == ["stop web"]
    assert clean_up.cleanup.release_freed(by="ada") == []
    assert cloud.done == ["stop web", "start web"]
    assert not {"quarantined", "quarantined_by", "quarantine_entry"} & clean_up.graph.documents["web"]["metadata"].keys()
    last = list(clean_up.journal.entries())[-1]
    assert (last.deed, last.result, last.by) == ("release", "released", "ada")


def test_the_next_run_puts_back_what_a_rule_marks_no_longer(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    clean_up.run()
    unclean(clean_up.graph.store, ["web", "volume"], by="rule idle")
    assert outcomes(clean_up) == {}
    assert cloud.done == ["stop web", "start web"]
    assert cloud.live["web"]["running"]


def test_what_did_not_run_is_not_started(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    for reported in (cloud.live["web"], clean_up.graph.documents["web"]["reported"]):
        reported["running"] = False
    clean_up.run()
    clean_up.cleanup.release(clean_up.graph.documents["web"], "ada")
    assert cloud.done == []


def test_what_somebody_starts_again_is_not_deleted(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    clean_up.run()
    cloud.live["web"]["running"] = True
    collect(clean_up)
    clean_up.clock.sleep(WEEK + 1)
    assert outcomes(clean_up)["web"] == "somebody has put it back into service: cleanup release ends its quarantine"
    assert cloud.deleted == []


def test_what_cannot_be_stopped_is_in_no_quarantine_and_stays(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)

    def fail(id: str) -> None:
        raise refused("UnsupportedOperation")

    cloud.on_isolate = fail
    assert outcomes(clean_up) == {"web": "failed", "volume": "failed"}
    assert cloud.deleted == []
    assert not clean_up.graph.documents["web"]["metadata"].get("quarantined")


def test_the_graph_knows_before_the_call(tmp_path: Path) -> None:
    """Whoever is killed in the middle of it leaves something that can be released."""
    clean_up, cloud = world(tmp_path)

    def killed(id: str) -> None:
        raise KeyboardInterrupt

    cloud.on_isolate = killed
    with pytest.raises(KeyboardInterrupt):
        clean_up.run()
    cloud.on_isolate = lambda id: None
    entry = next(entry for entry in clean_up.journal.entries() if entry.document["id"] == "web")
    assert entry.open
    assert clean_up.graph.documents["web"]["metadata"]["quarantine_entry"] == entry.id
    clean_up.cleanup.release(clean_up.graph.documents["web"], "ada")
    assert cloud.done == ["start web"]


def test_what_cannot_be_put_back_stays_in_quarantine_and_says_so(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    clean_up.run()
    unclean(clean_up.graph.store, ["web", "volume"], by="ada")

    def fail(id: str) -> None:
        raise refused("InsufficientInstanceCapacity")

    cloud.on_isolate = fail
    clean_up.events.clear()
    clean_up.run()
    assert [type(event) for event in clean_up.events] == [CleanupFailed] * 2
    assert clean_up.graph.documents["web"]["metadata"]["quarantined"]
    clean_up.graph.documents["volume"]["metadata"].clear()
    with pytest.raises(UsageError, match="not in quarantine"):
        clean_up.cleanup.release(clean_up.graph.documents["volume"], "ada")


def test_a_plan_for_a_quarantine_deletes_nothing_when_there_is_none_any_more(tmp_path: Path) -> None:
    clean_up, cloud = world(tmp_path)
    plan = clean_up.cleanup.plan()
    clean_up.settings.set("cleanup.quarantine", "0s", "option")
    report = clean_up.cleanup.execute(plan, run="", cancel=clean_up.cancel, emit=clean_up.events.append)
    assert {str(result.outcome) for result in report.results} == {"skipped"}
    assert (cloud.done, cloud.deleted) == ([], [])


@pytest.mark.parametrize(
    ("by", "of_rule", "of_all", "seconds"),
    [
        ("rule idle_instances", "7d", "0s", WEEK),
        ("rule idle_instances", "0s", "1d", 86400),
        ("rule idle_instances", "7d", "1d", WEEK),
        ("rule volumes", "7d", "0s", 0),
        ("rule of my own", "7d", "1d", 86400),
        ("ada", "7d", "0s", 0),
        ("idle_instances", "7d", "0s", 0),
    ],
)
def test_how_long(by: str, of_rule: str, of_all: str, seconds: float) -> None:
    settings = Settings()
    settings.set("cleanup.rules.idle_instances.quarantine", of_rule, "option")
    settings.set("cleanup.quarantine", of_all, "option")
    assert period(by, settings) == seconds


def test_a_rule_of_ones_own_has_a_quarantine_of_its_own(tmp_path: Path) -> None:
    rule = "{name: idle, search: all, reason: x, quarantine: 3d}"
    clean_up, _ = world(tmp_path, own_rules=f"[{rule}]", quarantine="0s")
    clean_up.graph.documents["web"]["desired"]["clean_by"] = "rule idle"
    assert {item.id: item.quarantine for item in clean_up.cleanup.plan().items()} == {"web": 3 * 86400, "volume": 0}
    assert period("rule other", clean_up.settings) == period("ada", clean_up.settings) == 0
