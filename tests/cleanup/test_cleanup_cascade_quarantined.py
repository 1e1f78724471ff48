"""A rule that takes others along, with a quarantine: all of it is put out of service together and deleted together, or none of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.cleanup.marking import protect, unclean
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey
from tests.cleanup.test_cleanup_quarantine import WEEK, StoppableCloud, collect, outcomes
from tests.cleanup_fakes import KINDS, node, refused
from tests.cleanup_rings import ring
from tests.cleanup_world import World

QUARANTINED = "put in quarantine"
ALL = ("vpc", "subnet", "web")


class Finds:
    name, description, effect = "volumes", "for tests", Effect.MARK

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def find(self, survey: Survey) -> list[Found]:
        return [Found(id, "unused") for id in self.ids]


def cascade(tmp_path: Path, *edges: tuple[str, str], **options: Any) -> tuple[World, StoppableCloud]:
    """A network, what is in it, and a machine in that which runs; a rule that finds the network and takes the rest along."""
    documents = [node("vpc", running=True), node("subnet", running=True), node("web", "aws_ec2_instance", running=True)]
    rule = {"enabled": True, "cascade": True, "min_age": "0s", "quarantine": "7d", **options}
    settings = {"max_graph_age": "100y", **{f"rules.volumes.{name}": value for name, value in rule.items()}}
    world = World(tmp_path / "journal.jsonl", documents, edges or {("vpc", "subnet"), ("subnet", "web")}, settings, StoppableCloud)
    object.__setattr__(world.cleanup, "rules_of", lambda settings: (Finds("vpc"),))
    world.cleanup.apply_rules(world.cancel)
    assert isinstance(world.cloud, StoppableCloud)
    return world, world.cloud


def test_all_of_it_is_in_quarantine_at_once_and_deleted_in_order_when_that_is_over(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    assert outcomes(world) == dict.fromkeys(ALL, QUARANTINED)
    assert cloud.done[0] == "stop vpc"
    assert set(cloud.done) == {"stop vpc", "stop subnet", "stop web"}
    collect(world)
    assert all("in quarantine until" in why or "goes along with" in why for why in outcomes(world).values())
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == dict.fromkeys(ALL, "deleted")
    assert cloud.deleted == ["web", "subnet", "vpc"]


def test_a_dry_run_says_the_same(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    world.settings.set("cleanup.dry_run", True, "option")
    assert outcomes(world) == dict.fromkeys(ALL, "would be put in quarantine")
    assert cloud.done == []


@pytest.mark.parametrize("id", ALL)
@pytest.mark.parametrize(
    "change",
    [
        lambda world, id: world.cloud.live[id]["tags"].update({"resh:protected": "yes"}),
        lambda world, id: world.cloud.live[id].update(volume_size=9),
        lambda world, id: unclean(world.graph.store, [id], by="ada"),
        lambda world, id: protect(world.graph.store, KINDS, [id], reason="", by="ada", now=0),
    ],
)
def test_one_that_stays_keeps_all_in_service(tmp_path: Path, id: str, change: Callable[[World, str], object]) -> None:
    world, cloud = cascade(tmp_path)
    plan = world.cleanup.plan()
    change(world, id)
    report = world.cleanup.execute(plan, run="", cancel=world.cancel, emit=world.events.append)
    assert {str(result.outcome) for result in report.results} <= {"skipped", "held back"}
    assert (cloud.done, cloud.deleted) == ([], [])


def test_where_the_first_cannot_be_put_there_the_others_stay(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)

    def fail(id: str) -> None:
        if id == "vpc":
            raise refused("UnsupportedOperation")

    cloud.on_isolate = fail
    assert outcomes(world) == {"vpc": "failed", "subnet": "held back", "web": "held back"}
    assert cloud.done == []


def test_one_that_cannot_be_put_there_is_not_deleted_and_holds_the_first(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    failing = ["web"]

    def fail(id: str) -> None:
        if id in failing:
            raise refused("UnsupportedOperation")

    cloud.on_isolate = fail
    assert outcomes(world)["web"] == "failed"
    collect(world)
    world.clock.sleep(WEEK + 1)
    assert outcomes(world)["web"] == "failed"
    failing.clear()
    assert outcomes(world) == {"web": QUARANTINED, "vpc": "held back", "subnet": "held back"}
    assert cloud.deleted == []
    collect(world)
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == dict.fromkeys(ALL, "deleted")


def test_nothing_is_deleted_before_what_it_goes_along_with_was_in_quarantine(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    world.run()
    collect(world)
    cloud.live["vpc"]["running"] = True
    collect(world)
    for name in ("quarantined", "quarantined_by", "quarantine_entry"):
        del world.graph.documents["vpc"]["metadata"][name]
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == {"vpc": QUARANTINED, "subnet": "held back", "web": "held back"}
    assert cloud.deleted == []
    collect(world)
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == dict.fromkeys(ALL, "deleted")


def test_a_cycle_that_goes_along_is_whole_before_it_is_cut(tmp_path: Path) -> None:
    """One of it that comes later is put in quarantine, although the first of all has been there."""
    edges = (("vpc", "subnet"), ("subnet", "web"), ("web", "subnet"))
    world, cloud = cascade(tmp_path, *edges)
    cloud_of_rings(cloud)
    assert outcomes(world) == dict.fromkeys(ALL, QUARANTINED)
    collect(world)
    del world.graph.documents["web"]["metadata"]["quarantined"]
    cloud.live["web"]["running"] = True
    collect(world)
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == {"web": QUARANTINED, "subnet": "held back", "vpc": "held back"}
    collect(world)
    world.clock.sleep(WEEK + 1)
    assert outcomes(world) == dict.fromkeys(ALL, "deleted")


def cloud_of_rings(cloud: Any) -> None:
    """All of it can let go of all."""
    cloud.home = lambda node: ""
    cloud.detaches = lambda kind, other: "ec2:LetGo"
    cloud.ties = lambda node, others: []
    cloud.users = lambda node: []
    cloud.detach = lambda node, ties: None


def test_who_saves_the_first_saves_all_and_gets_them_back(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    world.run()
    collect(world)
    protect(world.graph.store, KINDS, ["vpc"], reason="", by="ada", now=0)
    world.cleanup.apply_rules(world.cancel)
    world.clock.sleep(WEEK + 1)
    outcomes(world)
    assert cloud.deleted == []
    assert {live["running"] for id, live in cloud.live.items() if id == "vpc"} == {True}
    assert not any(document["metadata"].get("quarantined") for id, document in world.graph.documents.items() if id == "vpc")


def test_what_joins_later_has_its_own_time_and_is_waited_for(tmp_path: Path) -> None:
    world, cloud = cascade(tmp_path)
    world.run()
    collect(world)
    world.clock.sleep(WEEK + 1)
    late = node("late", running=True)
    late["desired"] = {**world.graph.documents["web"]["desired"]}
    world.graph.documents["late"], cloud.live["late"] = late, dict(late["reported"])
    world.graph.edges.add(("vpc", "late"))
    found = outcomes(world)
    assert (found["late"], found["vpc"]) == (QUARANTINED, "held back")
    assert "vpc" not in cloud.deleted


def below(id: str, pairs: set[tuple[str, str]]) -> set[str]:
    """What must go before it."""
    found, todo = set[str](), [id]
    while todo:
        named = todo.pop()
        more = {namer for namer, other in pairs if other == named} - found
        found |= more
        todo += more
    return found


NAMES = "abcdef"
QUICK, SLOW = "ada", "rule volumes"
"""Who marks: what the rule does is in quarantine first."""


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    pairs=st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=18),
    by=st.dictionaries(st.sampled_from(NAMES), st.just(SLOW), max_size=6),
    along=st.dictionaries(st.sampled_from("def"), st.sets(st.sampled_from("abc"), min_size=1, max_size=2), max_size=3),
    over=st.sets(st.sampled_from(NAMES)),
)
def test_whatever_waits_for_what_all_goes_in_the_end_and_nothing_too_early(
    tmp_path_factory: pytest.TempPathFactory, pairs: Any, by: dict[str, str], along: dict[str, set[str]], over: set[str]
) -> None:
    """Cycles, people's marks and those of a rule with a quarantine, some of them in it for long, and what goes along with others."""
    world, cloud = ring(
        tmp_path_factory.mktemp("web"),
        pairs,
        **{"rules.volumes.quarantine": "7d", "rules.volumes.enabled": True, "rules.volumes.min_age": "0s"},
    )
    object.__setattr__(world.cleanup, "rules_of", lambda settings: (Finds(*NAMES),))
    there, roots_of = set(world.graph.documents), dict[str, set[str]]()
    for id, document in world.graph.documents.items():
        roots = sorted(root for root in along.get(id, set()) & there if id in below(root, pairs) - {root})
        roots_of[id] = set(roots)
        document["desired"] |= {"clean_by": by.get(id, QUICK), **({"clean_with": roots} if roots else {})}
        if id in over and id in by:
            document["metadata"] |= {"quarantined": "2020-01-01T00:00:00Z", "quarantined_by": SLOW, "quarantine_entry": "x"}
    waits = {id for id in there if id in by and id not in over}
    for _ in range(9):
        before = {id for id in there if id in world.graph.documents and id in waits}
        isolated = {id for id in before if world.graph.documents[id]["metadata"].get("quarantined")}
        done = len(cloud.deleted)
        report = world.run()
        assert {str(result.outcome) for result in report.results} <= {"deleted", QUARANTINED, "held back", "skipped"}
        for id in cloud.deleted[done:]:
            assert id not in waits or id in isolated
            first = roots_of[id] & before
            assert first <= isolated  # what it goes along with was in quarantine before
        for id, document in world.graph.documents.items():  # a collect
            document["reported"] = {**cloud.live[id], "names": list(cloud.live[id]["names"])}
        world.graph.edges = {(named, id) for id, live in cloud.live.items() for named in live["names"]}
        world.clock.sleep(WEEK + 1)
    assert {entry.code for entry in world.journal.entries()} <= {""}
    assert world.graph.documents == {}
