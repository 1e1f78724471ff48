"""Rules that take along what depends on what they find: marked as such, under every guard, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.cancel import Cancel
from resh.cleanup.journal import Journal
from resh.cleanup.marking import unclean
from resh.cleanup.outcome import Outcome
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.run import hits
from resh.cleanup.rules.survey import Survey
from resh.cleanup.service import Cleanup
from resh.cleanup.shelf import Person, Shelf, Stored, without
from resh.clock import FakeClock, iso
from resh.graph.base import Document
from resh.own_rules import parse
from resh.settings import Settings
from tests.cleanup_fakes import ALLOWED, KINDS, FakeCloud, FakeGraph, node

NOW = FakeClock().now()
WEB = {("vpc", "subnet"), ("subnet", "instance"), ("vpc", "type"), ("type", "disk")}


class Finds:
    name, description, effect = "volumes", "for tests", Effect.MARK

    def __init__(self, *ids: str) -> None:
        self.ids = list(ids)

    def find(self, survey: Survey) -> list[Found]:
        return [Found(id, "unused") for id in self.ids]


class World:
    """A network with a machine and, behind a phantom, a disk; a rule that finds the network and cascades."""

    def __init__(self, folder: Path, *documents: Document, edges: set[tuple[str, str]] = WEB, **options: Any) -> None:
        usual = (node("vpc"), node("subnet"), node("instance"), node("type", "aws_ec2_instance_type"), node("disk"), node("other"))
        self.graph = FakeGraph([*usual, *documents], edges)
        self.cloud, self.settings = FakeCloud(self.graph.documents.values()), Settings()
        self.rule = Finds("vpc")
        rule = {"rules.volumes.enabled": True, "rules.volumes.cascade": True, "rules.volumes.min_age": "0s"}
        for name, value in {"enabled": True, "dry_run": False, **ALLOWED, **rule, **options}.items():
            self.settings.set(f"cleanup.{name}", value, "option")
        self.cleanup = Cleanup(
            self.graph.store, self.graph.search, KINDS, {"aws": self.cloud.provider}, self.settings, FakeClock(),
            Journal(folder / "journal.jsonl"), lambda settings: (self.rule,),
        )  # fmt: skip

    def mark(self) -> set[str]:
        self.cleanup.apply_rules(Cancel())
        return {id for id, document in self.graph.documents.items() if document["desired"].get("clean")}

    def order(self) -> list[list[str]]:
        return [[item.id for item in generation] for generation in self.cleanup.plan().generations]

    def refused(self) -> dict[str, str]:
        return {refused.item.id: refused.why for refused in self.cleanup.plan().refused}

    def run(self, change: Callable[[], object] = lambda: None) -> dict[str, tuple[Outcome, str]]:
        plan = self.cleanup.plan()
        change()
        report = self.cleanup.execute(plan, run="", cancel=Cancel(), emit=lambda event: None)
        return {result.item.id: (result.outcome, result.why) for result in report.results}


def test_what_must_go_first_goes_along_and_the_plan_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert world.mark() == {"vpc", "subnet", "instance", "disk"}
    assert world.order() == [["disk", "instance"], ["subnet"], ["vpc"]]
    items = {item.id: item for item in world.cleanup.plan().items()}
    assert items["instance"].reason == "goes along with vpc (aws_ec2_volume): unused"
    assert (items["instance"].along, items["vpc"].along) == (("vpc",), ())
    world.run()
    assert set(world.cloud.deleted) == {"vpc", "subnet", "instance", "disk"}
    assert world.cloud.deleted[-1] == "vpc"


def test_without_the_setting_the_plan_names_what_is_in_the_way(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.settings.set("cleanup.rules.volumes.cascade", False, "option")
    assert world.mark() == {"vpc"}
    assert set(world.refused()) == {"vpc"}


BLOCKED: list[tuple[Callable[[Document], object], dict[str, Any]]] = [
    (lambda document: document["metadata"].update(protected=True), {}),
    (lambda document: document["metadata"].update(stale=True), {}),
    (lambda document: document["reported"]["tags"].update({"resh:protected": "yes"}), {}),
    (lambda document: document["reported"].update(ctime=iso(NOW - 3600)), {"rules.volumes.min_age": "2h"}),
    (lambda document: document["ancestors"].update(account={"reported": {"id": "2", "name": "2"}}), {"rules.volumes.accounts": ["1"]}),
]


@pytest.mark.parametrize(("block", "options"), BLOCKED)
@pytest.mark.parametrize("id", ["instance", "subnet", "disk"])
def test_all_go_along_or_none(tmp_path: Path, id: str, block: Callable[[Document], object], options: dict[str, Any]) -> None:
    world = World(tmp_path, **options)
    block(world.graph.documents[id])
    assert world.mark() == {"vpc"}
    assert set(world.refused()) == {"vpc"}


@pytest.mark.parametrize(("block", "options"), BLOCKED[:3])
def test_what_comes_in_the_way_later_saves_what_went_along(tmp_path: Path, block: Callable[[Document], object], options: Any) -> None:
    world = World(tmp_path)
    world.mark()
    block(world.graph.documents["subnet"])
    assert set(world.refused()) == {"vpc", "subnet", "instance", "disk"}
    assert world.refused()["disk"] == "goes along with vpc (aws_ec2_volume), which is refused"
    assert world.mark() == {"vpc"}


def test_marks_go_with_the_hit_the_setting_and_the_edge(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.mark()
    world.graph.edges.discard(("type", "disk"))
    assert world.mark() == {"vpc", "subnet", "instance"}
    world.settings.set("cleanup.rules.volumes.cascade", False, "option")
    assert world.mark() == {"vpc"}
    world.settings.set("cleanup.rules.volumes.cascade", True, "option")
    world.mark()
    world.rule.ids = []
    assert world.mark() == set()


def test_what_somebody_else_marked_goes_for_its_own_reason(tmp_path: Path) -> None:
    world = World(tmp_path, node("subnet", clean="old"))
    world.mark()
    assert world.graph.documents["subnet"]["desired"]["clean_by"] == "ada"
    assert world.order() == [["disk", "instance"], ["subnet"], ["vpc"]]
    unclean(world.graph.store, ["subnet"], by="ada")
    assert "subnet" in world.mark()


def test_what_several_take_along_goes_with_any_of_them(tmp_path: Path) -> None:
    world = World(tmp_path, node("second"), edges={("vpc", "subnet"), ("second", "subnet")})
    world.rule.ids = ["vpc", "second"]
    world.mark()
    assert world.graph.documents["subnet"]["desired"]["clean_with"] == ["second", "vpc"]
    world.graph.documents["second"]["metadata"]["protected"] = True
    assert world.order() == [["subnet"], ["vpc"]]
    world.graph.documents["vpc"]["metadata"]["protected"] = True
    assert world.order() == []


def test_a_cycle_of_followers_is_refused_as_any(tmp_path: Path) -> None:
    world = World(tmp_path, edges={("vpc", "subnet"), ("subnet", "instance"), ("instance", "vpc")})
    assert world.mark() == {"vpc", "subnet", "instance"}
    assert all(why.startswith("in a cycle of dependencies: ") for why in world.refused().values())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda world: unclean(world.graph.store, ["vpc"], by="ada"), "skipped: no longer marked"),
        (lambda world: world.graph.documents["vpc"]["metadata"].update(protected=True), ""),
        (lambda world: world.cloud.live["vpc"].update(volume_size=9), "skipped: changed since it was collected: volume_size"),
        (lambda world: world.cloud.live.pop("vpc"), "gone"),
        (lambda world: world.rule.ids.clear(), ""),
    ],
)
def test_nothing_goes_along_with_what_stays_after_all(tmp_path: Path, change: Callable[[World], object], why: str) -> None:
    world = World(tmp_path)
    world.mark()
    results = world.run(lambda: change(world))
    assert world.cloud.deleted == []
    expected = f"goes along with aws_ec2_volume vpc, which is {why}" if why else "the rule volumes finds it no longer"
    assert results["instance"] == (Outcome.SKIPPED, expected)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda world: world.graph.documents["vpc"]["metadata"].update(protected=True), "protected"),
        (lambda world: unclean(world.graph.store, ["vpc"], by="ada"), "no longer marked"),
    ],
)
def test_who_protects_it_in_the_middle_saves_the_rest(tmp_path: Path, change: Callable[[World], object], why: str) -> None:
    world = World(tmp_path)
    world.mark()
    world.settings.set("cleanup.concurrency", 1, "option")

    def rival(id: str) -> None:
        change(world)

    world.cloud.on_delete = rival
    results = world.run()
    assert world.cloud.deleted == ["disk"]
    assert results["instance"] == (Outcome.SKIPPED, f"goes along with aws_ec2_volume vpc, which stays: {why}")


def test_what_is_dropped_saves_what_would_have_gone_along(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.mark()
    shelf = Shelf(tmp_path)
    shelf.put(Stored(world.cleanup.plan(), Person("ada")))
    plan = shelf.get("last").plan
    assert not len(without(plan, {"vpc"}))
    smaller = without(plan, {"disk"})
    assert {refused.item.id: refused.why for refused in smaller.refused} == {
        "vpc": "waits for aws_ec2_volume disk, which was dropped",
        "subnet": "waits for aws_ec2_volume instance, which was dropped",
        "instance": "goes along with aws_ec2_volume vpc, which was dropped",
    }


def test_one_that_goes_along_with_two_is_saved_by_the_drop_of_both(tmp_path: Path) -> None:
    world = World(tmp_path, node("second"), edges={("vpc", "subnet"), ("second", "subnet")})
    world.rule.ids = ["vpc", "second"]
    world.mark()
    smaller = without(world.cleanup.plan(), {"vpc"})
    assert [item.id for item in smaller.items()] == ["subnet", "second"]
    assert not len(without(smaller, {"second"}))


def test_a_test_of_the_rule_shows_what_goes_along(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert [hit.document["id"] for hit in hits(world.rule, world.cleanup.survey())] == ["vpc", "subnet", "disk", "instance"]


def test_a_rule_of_ones_own_may_cascade() -> None:
    (rule,) = parse("[{name: nets, search: is(network), reason: old, cascade: true}]")
    assert rule.cascade


STATES = ("fine", "protected", "stale", "phantom", "marked")


@given(
    st.lists(st.sampled_from(STATES), min_size=2, max_size=9),
    st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20),
    st.sets(st.integers(0, 8), min_size=1, max_size=3),
)
def test_whatever_the_web_what_goes_along_goes_only_when_all_goes(
    tmp_path_factory: pytest.TempPathFactory, states: list[str], pairs: set[tuple[int, int]], roots: set[int]
) -> None:
    documents = []
    for number, state in enumerate(states):
        metadata = {state: True} if state in ("protected", "stale") else {}
        kind = "aws_ec2_instance_type" if state == "phantom" else "aws_ec2_volume"
        documents.append(node(str(number), kind, clean="old" if state == "marked" else "", metadata=metadata))
    edges = {(str(a), str(b)) for a, b in pairs if a < len(states) and b < len(states)}
    world = World(tmp_path_factory.mktemp("web"), *documents, edges=edges)
    world.rule.ids = [str(number) for number in roots if number < len(states)]
    marked = world.mark()
    planned = {item.id for item in world.cleanup.plan().items()}
    assert planned <= marked
    for id in planned:
        along = world.graph.documents[id]["desired"].get("clean_with")
        assert not along or planned & set(along)
        assert states[int(id)] in ("fine", "marked") if id.isdigit() else True
