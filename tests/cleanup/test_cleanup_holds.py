"""What has no deletion of its own and names what goes: it lets go where its home goes, and is in the way where that stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resh.cleanup.drawing import draw
from resh.cleanup.exports import dot_lines, rows
from resh.cleanup.shelf import Person, Shelf, Stored, without
from resh.events.event import ResourceDetached
from tests.cleanup_fakes import KINDS, node, refused
from tests.cleanup_rings import RingCloud
from tests.cleanup_world import World


def held(tmp_path: Path, *, vpc: dict[str, Any] | None = None, default: dict[str, Any] | None = None, **options: Any) -> tuple[World, Any]:
    """`web` is in `vpc`, which goes last; `default` goes with the VPC, and names `web`, which names it, too."""
    documents = [
        node("vpc", "aws_vpc", clean="old", names=[], **(vpc or {})),
        node("web", clean="old", names=["default"]),
        node("default", names=["web"], home="vpc", **(default or {})),
    ]
    edges = {("vpc", "web"), ("web", "default"), ("default", "web")}
    world = World(tmp_path / "journal.jsonl", documents, edges, {"max_graph_age": "100y", **options}, RingCloud)
    return world, world.cloud


def reasons(world: World) -> dict[str, str]:
    return {refused.item.id: refused.why for refused in world.cleanup.plan().refused}


def test_it_lets_go_before_what_it_names_goes(tmp_path: Path) -> None:
    world, cloud = held(tmp_path)
    plan = world.cleanup.plan()
    assert draw(plan, KINDS)[-2:] == [
        "in the way, and no part of the plan",
        "└─ aws_ec2_volume default lets go of web by ec2:LetGo: goes with aws_vpc vpc",
    ]
    assert {row["id"]: row["cycle"] for row in rows(plan)} == {"web": "aws_ec2_volume default lets go of it: ec2:LetGo", "vpc": ""}
    assert '  "default" -> "web" [style=dotted];' in list(dot_lines(plan))
    assert world.outcomes() == {"web": "deleted", "vpc": "deleted"}
    assert cloud.cut == [("default", "web")]
    (event,) = [event for event in world.events if isinstance(event, ResourceDetached)]
    assert event.text == "aws_ec2_volume default in 1/eu let go of aws_ec2_volume web: goes with vpc (aws_vpc): old"
    assert [(entry.deed, entry.document["id"]) for entry in world.journal.entries()] == [
        ("detach", "default"),
        ("delete", "web"),
        ("delete", "vpc"),
    ]


def test_it_is_in_the_way_where_its_home_stays(tmp_path: Path) -> None:
    world, _ = held(tmp_path)
    del world.graph.documents["vpc"]["desired"]["clean"]
    why = "it goes with vpc (aws_vpc), which stays (not marked), and not by itself; what it names can go when its rules name it no longer"
    assert f"default (aws_ec2_volume) is in the way: {why}" in reasons(world)["web"]


def test_it_is_in_the_way_where_it_is_protected(tmp_path: Path) -> None:
    world, _ = held(tmp_path, default={"tags": {"resh:protected": "yes"}})
    assert "default (aws_ec2_volume) is in the way: protected by its tag" in reasons(world)["web"]


def test_it_is_in_the_way_where_something_else_keeps_its_home(tmp_path: Path) -> None:
    world, cloud = held(tmp_path)
    world.graph.documents["other"] = node("other")
    world.graph.edges.add(("vpc", "other"))
    assert reasons(world) == {
        "vpc": "other (aws_ec2_volume) must be deleted first and is not marked",
        "web": "default (aws_ec2_volume) names it and goes with vpc (aws_vpc), which is refused",
    }
    assert (world.outcomes(), cloud.cut) == ({}, [])


def test_nothing_is_cut_while_something_else_uses_it_or_its_home_has_changed(tmp_path: Path) -> None:
    world, cloud = held(tmp_path)
    cloud.live["stranger"] = {"id": "stranger", "names": ["web"]}
    assert world.outcomes() == {"web": "failed", "vpc": "held back"}
    del cloud.live["stranger"]
    cloud.live["vpc"]["cidr"] = "10.0.0.0/8"
    results = {result.item.id: result for result in world.run().results}
    assert results["web"].why.startswith("aws_ec2_volume default names it and goes with aws_vpc vpc, which is skipped: changed")
    assert (cloud.cut, cloud.deleted) == ([], [])


def test_a_cut_that_fails_holds_back_what_waits_for_it(tmp_path: Path) -> None:
    world, cloud = held(tmp_path)
    cloud.detach_errors["default"] = [refused("AccessDenied")]
    assert world.outcomes() == {"web": "failed", "vpc": "held back"}
    assert world.outcomes() == {"web": "deleted", "vpc": "deleted"}


def test_who_drops_the_home_keeps_what_is_held(tmp_path: Path) -> None:
    world, _ = held(tmp_path)
    plan = world.cleanup.plan()
    (tmp_path / "plans").mkdir()
    shelf = Shelf(tmp_path / "plans")
    shelf.put(Stored(plan, Person("ada")))
    assert shelf.get(plan.id).plan == plan
    smaller = without(plan, {"vpc"})
    assert (len(smaller), smaller.holds) == (0, ())
    assert smaller.refused[0].why == "aws_ec2_volume default names it and goes with aws_vpc vpc, which was dropped"


def test_what_is_held_waits_while_the_home_is_in_quarantine(tmp_path: Path) -> None:
    world, cloud = held(tmp_path, own_rules="[{name: nets, search: all, reason: x, quarantine: 3d, enabled: true}]")
    world.graph.documents["vpc"]["desired"]["clean_by"] = "rule nets"
    assert world.outcomes() == {"web": "held back", "vpc": "put in quarantine"}
    assert cloud.cut == []
    world.clock.sleep(3 * 86400 + 1)
    assert world.outcomes() == {"web": "deleted", "vpc": "deleted"}
