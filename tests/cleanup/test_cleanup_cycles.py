"""Cycles: broken by the calls that the cloud has for that, after a look at every member, on the record; or nothing of them goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.cleanup.drawing import draw
from resh.cleanup.drift import changes
from resh.cleanup.exports import csv_lines, dot_lines, rows
from resh.cleanup.marking import protect, unclean
from resh.cleanup.rings import taken_apart
from resh.cleanup.shelf import Person, Shelf, Stored, without
from tests.cleanup_fakes import KINDS, refused
from tests.cleanup_rings import RingCloud, ring
from tests.cleanup_world import World

TWO = (("a", "b"), ("b", "a"))
THREE = (("a", "b"), ("b", "c"), ("c", "a"))
DENSE = tuple((one, other) for one in "abcd" for other in "abcd")


def reasons(world: World) -> dict[str, str]:
    return {refused.item.id: refused.why for refused in world.cleanup.plan().refused}


@pytest.mark.parametrize(("pairs", "cuts"), [(TWO, 1), (THREE, 1), (DENSE, 6), ((*TWO, ("c", "b"), ("b", "c")), 2)])
def test_a_cycle_is_broken_where_it_must_be_and_its_members_go(tmp_path: Path, pairs: Any, cuts: int) -> None:
    world, cloud = ring(tmp_path, pairs)
    assert set(world.outcomes().values()) == {"deleted"}
    assert cloud.live == {}
    assert len(cloud.cut) == cuts
    results = [entry.result for entry in world.journal.entries()]
    assert "failed" not in results
    assert results.index("deleted") == results.count("detached") > 0


def test_what_is_cut_is_on_the_record_before_the_call(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO)
    cloud.detach_errors["a"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    (entry,) = world.journal.entries()
    assert (entry.deed, entry.open, entry.document["id"], entry.plan) == ("detach", True, "a", world.cleanup.plan().id)
    assert [dict(tie) for tie in entry.ties] == [{"of": "a", "names": "b"}]
    assert (cloud.cut, cloud.deleted) == ([], [])


def test_a_dry_run_looks_at_all_of_it_and_cuts_nothing(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, THREE, dry_run=True)
    read, asked = list[str](), list[str]()
    cloud.on_read, cloud.on_ties = read.append, asked.append
    assert set(world.outcomes().values()) == {"would be deleted"}
    assert set(read) == {"a", "b", "c"}
    assert asked
    assert (cloud.cut, cloud.deleted) == ([], [])
    assert not world.journal.path.exists()


def test_a_dry_run_says_what_a_real_one_would(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO, dry_run=True)
    cloud.live["a"]["volume_size"] = 9
    assert world.outcomes() == {"a": "held back", "b": "skipped"}


@pytest.mark.parametrize("state", ["unmarked", "protected", "stale"])
@pytest.mark.parametrize("id", ["a", "b", "c"])
@pytest.mark.parametrize("pairs", [THREE, DENSE[:-1]])
def test_one_that_must_stay_keeps_all_and_is_named(tmp_path: Path, pairs: Any, id: str, state: str) -> None:
    world, cloud = ring(tmp_path, pairs, states={id: state})
    assert world.outcomes() == {}
    assert (cloud.cut, cloud.deleted) == ([], [])
    found = reasons(world)
    assert found.keys() >= {"a", "b", "c"} - ({id} if state == "unmarked" else set())
    assert all(f"{id} (aws_ec2_volume)" in why or why.startswith("waits for") for other, why in found.items() if other != id)
    assert any(f"{id} (aws_ec2_volume)" in why for why in found.values())


def test_what_any_of_them_waits_for_goes_before_the_first_cut(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, (*TWO, ("card", "a")), kinds={"card": "aws_ec2_instance"})
    cloud.errors["card"] = [refused("UnauthorizedOperation")]
    assert world.outcomes() == {"card": "failed", "a": "held back", "b": "held back"}
    assert cloud.cut == []
    assert set(world.outcomes().values()) == {"deleted"}
    assert cloud.deleted[0] == "card"


def test_something_unmarked_that_uses_one_of_them_keeps_both(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, (*TWO, ("card", "a")), kinds={"card": "aws_ec2_instance"}, states={"card": "unmarked"})
    text = "in a cycle of dependencies: a (aws_ec2_volume) → b (aws_ec2_volume) → a (aws_ec2_volume)"
    why = f"{text}; card (aws_ec2_instance) must be deleted first and is not marked"
    assert reasons(world) == {"a": why, "b": why}
    assert world.outcomes() == {}
    assert cloud.cut == []


@pytest.mark.parametrize("id", ["a", "b", "c"])
def test_something_new_that_uses_one_of_them_keeps_all(tmp_path: Path, id: str) -> None:
    """The graph does not know it yet, and the cloud would have cut the ties of what is in use."""
    world, cloud = ring(tmp_path, THREE)
    cloud.live["card"] = {"id": "card", "names": [id]}
    outcomes = world.run().results
    assert sorted(str(result.outcome) for result in outcomes) == ["failed", "held back", "held back"]
    assert any(f"card uses aws_ec2_volume {id}, which is in a cycle" in result.why for result in outcomes)
    assert (cloud.cut, cloud.deleted) == ([], [])


def test_what_uses_one_of_them_for_a_moment_longer_is_waited_for(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, THREE)
    cloud.live["card"] = {"id": "card", "names": ["b"]}
    asked = list[str]()

    def leave(id: str) -> None:
        asked.append(id)
        if len(asked) == 6:
            cloud.live.pop("card", None)

    cloud.on_users = leave
    assert set(world.outcomes().values()) == {"deleted"}


def test_a_kind_that_cannot_let_go_is_refused_with_its_cycle(tmp_path: Path) -> None:
    world, _ = ring(tmp_path, TWO, kinds=dict.fromkeys("ab", "aws_ec2_instance"))
    ring_ = "a (aws_ec2_instance) → b (aws_ec2_instance) → a (aws_ec2_instance)"
    assert reasons(world) == dict.fromkeys("ab", f"in a cycle of dependencies: {ring_}")
    assert world.outcomes() == {}


def test_one_of_them_that_can_let_go_is_enough(tmp_path: Path) -> None:
    pairs = (("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"))
    world, cloud = ring(tmp_path, pairs, kinds=dict.fromkeys("cd", "aws_ec2_instance"))
    assert set(world.outcomes().values()) == {"deleted"}
    assert cloud.cut == [("a", "b")]


CHANGES = [
    (lambda world, id: unclean(world.graph.store, [id], by="ada"), "no longer marked"),
    (lambda world, id: protect(world.graph.store, KINDS, [id], reason="", by="ada", now=0), "protected"),
    (lambda world, id: world.graph.documents[id]["metadata"].update(stale=True), "stale: not readable since 2023-11-14T22:13:20Z"),
    (lambda world, id: world.cloud.live[id].update(volume_size=9), "changed since it was collected: volume_size"),
    (lambda world, id: world.cloud.live[id]["tags"].update({"resh:protected": "yes"}), "protected by its tag resh:protected"),
    (lambda world, id: world.cloud.live[id]["names"].append("x"), "changed since it was collected: names"),
]


@pytest.mark.parametrize(("change", "why"), CHANGES)
@pytest.mark.parametrize("id", ["a", "b", "c"])
def test_what_changes_since_the_plan_keeps_all(tmp_path: Path, id: str, change: Any, why: str) -> None:
    world, cloud = ring(tmp_path, THREE)
    plan = world.cleanup.plan()
    change(world, id)
    report = world.cleanup.execute(plan, run="", cancel=world.cancel, emit=world.events.append)
    assert (cloud.cut, cloud.deleted) == ([], [])
    assert {str(result.outcome) for result in report.results} <= {"skipped", "held back"}
    assert any(result.why.endswith(why) for result in report.results)
    assert not world.journal.path.exists()


@pytest.mark.parametrize(("change", "why"), CHANGES[:3])
@pytest.mark.parametrize("id", ["a", "b", "c", "d"])
def test_who_presses_protect_between_two_cuts_ends_them(tmp_path: Path, id: str, change: Any, why: str) -> None:
    world, cloud = ring(tmp_path, DENSE)
    started = list[str]()

    def rival(asked: str) -> None:
        started.append(asked)
        if len(started) == 2:
            change(world, id)

    cloud.on_ties = rival
    outcomes = world.outcomes()
    assert len(started) == 2
    assert cloud.deleted == []
    assert set(outcomes.values()) == {"skipped", "held back"}


def test_who_presses_protect_during_the_last_cut_still_saves_it(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO)
    first = next(iter(world.cleanup.plan().items())).id

    def rival(id: str) -> None:
        protect(world.graph.store, KINDS, [first], reason="", by="ada", now=0)

    cloud.on_ties = rival
    assert set(world.outcomes().values()) == {"skipped", "held back"}
    assert cloud.deleted == []


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_cut_that_fails_keeps_all_and_the_next_run_ends_it(tmp_path: Path, lost: int) -> None:
    world, cloud = ring(tmp_path, DENSE)
    ((*_, last),) = [[id for id, _ in cycle.cuts] for cycle in world.cleanup.plan().cycles]
    for _ in range(lost):
        cloud.live[last]["names"].append("b")  # several ties to one: the failure comes in the middle of them
        world.graph.documents[last]["reported"]["names"].append("b")
    cloud.detach_errors[last] = [refused("UnauthorizedOperation")]
    outcomes = world.outcomes()
    assert sorted(outcomes.values()) == ["failed", "held back", "held back", "held back"]
    assert cloud.deleted == []
    assert [entry.code for entry in world.journal.entries() if entry.result == "failed"] == ["UnauthorizedOperation"]
    for id, document in world.graph.documents.items():  # as the next collect finds it
        document["reported"]["names"] = list(cloud.live[id]["names"])
    world.graph.edges = {(named, id) for id, live in cloud.live.items() for named in live["names"]}
    assert set(world.outcomes().values()) == {"deleted"}


def test_throttling_in_the_middle_is_tried_again_and_no_cut_is_made_twice(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, DENSE)
    ((_, (second, _), *_),) = [cycle.cuts for cycle in world.cleanup.plan().cycles]
    cloud.detach_errors[second] = [refused("Throttling")] * 2
    assert set(world.outcomes().values()) == {"deleted"}
    assert len(cloud.cut) == len(set(cloud.cut)) == 6


def test_a_member_that_has_gone_by_itself_is_in_nobodys_way(tmp_path: Path) -> None:
    for id in "abc":
        (tmp_path / id).mkdir()
        world, cloud = ring(tmp_path / id, DENSE[:11])
        del cloud.live[id]
        assert set(world.outcomes().values()) == {"gone", "deleted"}
        assert cloud.live == {}


def test_cancelling_stops_before_the_next_cut(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, DENSE)
    cloud.on_ties = lambda id: world.cancel.set("stopped by ada")
    assert set(world.outcomes().values()) == {"cancelled"}
    assert len({id for id, _ in cloud.cut}) == 1
    assert cloud.deleted == []


def test_what_has_let_go_may_have_less_and_nothing_else(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO)
    order = [item.id for item in world.cleanup.plan().items()]
    cloud.on_delete = lambda id: cloud.live[order[1]].update(volume_size=9) if id == order[0] else None
    assert world.outcomes() == {order[0]: "deleted", order[1]: "skipped"}


def test_the_plan_shows_the_cycle_and_the_call_that_breaks_it(tmp_path: Path) -> None:
    world, _ = ring(tmp_path, TWO)
    plan = world.cleanup.plan()
    lines = draw(plan, KINDS)
    start = lines.index("cycles")
    assert lines[start + 1 :] == [
        "└─ a (aws_ec2_volume) → b (aws_ec2_volume) → a (aws_ec2_volume): broken by ec2:LetGo before the first of them is deleted",
        "   └─ aws_ec2_volume a lets go of b",
    ]
    assert all("ec2:LetGo" in row["cycle"] for row in rows(plan))
    assert "cycle" in next(csv_lines(plan))
    assert '  "a" -> "b" [style=dotted];' in list(dot_lines(plan))


def test_a_stored_plan_keeps_its_cycles_and_dropping_one_keeps_all(tmp_path: Path) -> None:
    world, _ = ring(tmp_path, (*THREE, ("d", "e")))
    shelf = Shelf(tmp_path)
    shelf.put(Stored(world.cleanup.plan(), Person("ada")))
    plan = shelf.get("last").plan
    assert plan == world.cleanup.plan()
    for id in "abc":
        smaller = without(plan, {id})
        assert {item.id for item in smaller.items()} == {"d", "e"}
        assert smaller.cycles == ()
        assert all("which was dropped" in refused.why for refused in smaller.refused)
    assert without(plan, {"d"}).cycles == plan.cycles


def test_nothing_is_cut_before_a_quarantine_ends(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO, quarantine="7d")
    assert not world.cleanup.plan().cycles
    assert world.outcomes() == dict.fromkeys("ab", "put in quarantine")
    assert world.outcomes() == {}
    assert all(re.search("in quarantine until", why) for why in reasons(world).values())
    assert cloud.cut == []
    world.clock.sleep(7 * 86400 + 1)
    assert set(world.outcomes().values()) == {"deleted"}
    assert len(cloud.cut) == 1


def test_one_that_comes_later_into_quarantine_is_waited_for(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, TWO, quarantine="7d")
    world.run()
    world.graph.documents["b"]["metadata"].pop("quarantined")
    world.clock.sleep(7 * 86400 + 1)
    assert not world.cleanup.plan().cycles
    assert world.outcomes() == {"b": "put in quarantine", "a": "held back"}
    assert (cloud.cut, cloud.deleted) == ([], [])
    world.clock.sleep(7 * 86400 + 1)
    assert set(world.outcomes().values()) == {"deleted"}


def test_a_quarantine_that_is_switched_on_after_the_plan_cuts_nothing(tmp_path: Path) -> None:
    world, cloud = ring(tmp_path, THREE)
    plan = world.cleanup.plan()
    world.settings.set("cleanup.quarantine", "7d", "option")
    world.cleanup.execute(plan, run="", cancel=world.cancel, emit=world.events.append)
    assert (cloud.cut, cloud.deleted) == ([], [])


@pytest.mark.parametrize(
    ("before", "now", "is_less"),
    [
        ([{"port": 1, "groups": ["a", "b"]}], [{"port": 1, "groups": ["b"]}], True),
        ([{"port": 1, "groups": ["a"]}], [{"port": 1}], True),
        ([{"port": 1, "groups": [{"id": "a", "note": "x"}, {"id": "b"}]}], [{"port": 1, "groups": [{"id": "b"}]}], True),
        ([{"port": 1, "groups": ["a"]}], [{"groups": ["a"]}], False),
        ([{"port": 1, "groups": ["a"]}], [{"port": 2, "groups": ["a"]}], False),
        ([{"port": 1, "groups": ["a"]}], [{"port": 1, "groups": ["b"]}], False),
        ([{"port": 1, "groups": ["a"]}], [{"port": 1, "groups": ["a"], "ranges": ["0.0.0.0/0"]}], False),
        ([{"port": 1, "groups": [{"id": "a", "note": "x"}]}], [{"port": 1, "groups": [{"id": "a"}]}], False),
    ],
)
def test_less_of_a_rule_is_what_names_fewer(before: Any, now: Any, is_less: bool) -> None:
    assert bool(changes({"rules": before}, {"rules": now}, less=True)) is not is_less
    assert changes({"rules": before}, {"rules": now}) == ("rules",)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30), st.sets(st.integers(0, 6)))
def test_taken_apart_leaves_an_order_and_cuts_only_what_can_be(pairs: set[tuple[int, int]], soft: set[int]) -> None:
    members = frozenset(str(number) for pair in pairs for number in pair)
    edges = {id: {str(b) for a, b in pairs if str(a) == id} for id in members}
    found = taken_apart(edges, members, lambda id, other: int(id) in soft)
    firm = {(id, other) for id in members for other in edges[id] if id != other and int(other) not in soft}
    assert (found is None) == _is_cyclic(firm)
    if found:
        cut = {(other, id) for id, others in found.cuts for other in others}
        place = {id: number for number, id in enumerate(found.members)}
        assert sorted(found.members) == sorted(members)
        assert all(int(id) in soft for _, id in cut)
        assert all((id, other) in cut or place[other] < place[id] for id in members for other in edges[id] if other != id)


def _is_cyclic(pairs: set[tuple[str, str]]) -> bool:
    left = {id for pair in pairs for id in pair}
    while free := {id for id in left if not any(a == id and b in left for a, b in pairs)}:
        left -= free
    return bool(left)


NAMES = "abcdefg"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    pairs=st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=24),
    states=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(("unmarked", "protected", "stale")), max_size=2),
    firm=st.sets(st.sampled_from(NAMES), max_size=2),
    changed=st.sets(st.sampled_from(NAMES), max_size=2),
    failing=st.sets(st.sampled_from(NAMES), max_size=1),
)
def test_whatever_the_web_only_marked_cycles_are_cut_and_only_after_a_look_at_all(
    tmp_path_factory: pytest.TempPathFactory, pairs: Any, states: Any, firm: set[str], changed: set[str], failing: set[str]
) -> None:
    world, cloud = ring(tmp_path_factory.mktemp("web"), pairs, states=states, kinds=dict.fromkeys(firm, "aws_ec2_instance"))
    plan = world.cleanup.plan()
    for id in changed & cloud.live.keys():
        cloud.live[id]["volume_size"] = 9
    cloud.detach_errors = {id: [refused("AccessDenied")] for id in failing}
    read = set[str]()
    cloud.on_read = read.add
    cycles = {id: cycle for cycle in plan.cycles for id in cycle.members}

    def looked(id: str) -> None:
        assert set(cycles[id].members) <= read
        assert not set(cycles[id].members) & (changed | states.keys())
        assert not set(cycles[id].members) & set(cloud.deleted)

    cloud.on_ties = looked
    report = world.cleanup.execute(plan, run="", cancel=world.cancel, emit=world.events.append)
    assert not set(cloud.deleted) & (changed | states.keys())
    assert {one for one, _ in cloud.cut} <= cycles.keys()
    assert all(cycles[one] is cycles.get(other) for one, other in cloud.cut)
    codes = {entry.code for entry in world.journal.entries()}
    assert codes <= {"", "AccessDenied"}  # and no DependencyViolation: the order is right at the first try
    assert {result.item.id for result in report.results if str(result.outcome) == "deleted"} == set(cloud.deleted)


def test_many_in_one_cycle_are_planned_quickly_enough_to_need_no_deep_stack(tmp_path: Path) -> None:
    count = 3000
    ids = [f"{number:04}" for number in range(count)]
    world, _ = ring(tmp_path, [*zip(ids, [*ids[1:], ids[0]], strict=True)])
    (cycle,) = world.cleanup.plan().cycles
    assert (len(cycle.members), len(cycle.cuts)) == (count, 1)
    assert "2995 more" in cycle.text
    assert isinstance(world.cloud, RingCloud)
