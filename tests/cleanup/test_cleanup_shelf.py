"""Plans that wait: what was changed is none, what is damaged is in nobody's way, and who stands for one is counted by name and key."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from resh.cleanup.plan import Plan
from resh.cleanup.shelf import LAST, Person, Shelf, Stored, without
from resh.errors import ReshError, StateError, UsageError
from tests.cleanup_fakes import node
from tests.cleanup_world import World

ADA, GRACE = Person("ada", "SHA256:a"), Person("grace", "SHA256:g")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return World(tmp_path / "journal.jsonl", [node("a", clean="x"), node("b", clean="x")]).cleanup.plan()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "plans")


def lies(tmp_path: Path, id: str) -> Path:
    return tmp_path / "plans" / f"{id}.json"


def test_a_plan_comes_back_as_it_was(shelf: Shelf, plan: Plan) -> None:
    shelf.put(Stored(plan, ADA))
    assert shelf.get(plan.id) == Stored(plan, ADA)


def test_a_plan_that_was_changed_by_hand_is_none(tmp_path: Path, shelf: Shelf, plan: Plan) -> None:
    smaller = without(plan, {"b"})
    shelf.put(Stored(smaller, ADA))
    shelf.put(Stored(plan, ADA))
    small, whole = (orjson.loads(lies(tmp_path, id).read_bytes()) for id in (smaller.id, plan.id))
    lies(tmp_path, smaller.id).write_bytes(orjson.dumps({**small, "plan": {**small["plan"], "generations": whole["plan"]["generations"]}}))
    with pytest.raises(StateError, match="was changed"):
        shelf.get(smaller.id)
    lies(tmp_path, smaller.id).write_bytes(lies(tmp_path, plan.id).read_bytes())
    with pytest.raises(StateError, match="was changed"):
        shelf.get(smaller.id)


def test_a_damaged_plan_is_in_no_other_ones_way(tmp_path: Path, shelf: Shelf, plan: Plan) -> None:
    shelf.put(Stored(plan, ADA))
    for number, text in enumerate(("", "{", "[]", "null", '{"plan": []}', '{"plan": {"id": "x"}}')):
        lies(tmp_path, f"odd{number}").write_text(text)
        os.utime(lies(tmp_path, f"odd{number}"), (5, 5))
        with pytest.raises(StateError, match="is damaged"):
            shelf.get(f"odd{number}")
    told: list[str] = []
    assert [stored.plan.id for stored in shelf.all(told.append)] == [plan.id]
    assert len(told) == 6
    shelf.prune(plan.created)
    assert shelf.ids() == [plan.id]


@pytest.mark.parametrize(
    ("approved", "people"),
    [
        ([], ("ada",)),
        ([ADA], ("ada",)),
        ([Person("ada", "SHA256:other")], ("ada",)),
        ([Person("bob", "SHA256:a")], ("ada",)),
        ([GRACE], ("ada", "grace")),
        ([Person("bob"), Person("eve")], ("ada", "bob")),
        ([GRACE, GRACE, Person("grace")], ("ada", "grace")),
    ],
)
def test_a_person_counts_once_and_so_does_a_key(shelf: Shelf, plan: Plan, approved: list[Person], people: tuple[str, ...]) -> None:
    shelf.put(Stored(plan, ADA))
    for person in approved:
        shelf.approve(plan.id, person)
    assert shelf.get(plan.id).people == people


def test_what_is_drawn_up_again_keeps_its_approvals_and_is_the_last_one(tmp_path: Path, shelf: Shelf, plan: Plan) -> None:
    smaller = without(plan, {"b"})
    shelf.put(Stored(smaller, ADA))
    shelf.approve(smaller.id, GRACE)
    os.utime(lies(tmp_path, smaller.id), (5, 5))
    shelf.put(Stored(plan, ADA))
    os.utime(lies(tmp_path, plan.id), (9, 9))
    shelf.approve(smaller.id, GRACE)
    assert shelf.get(LAST).plan.id == plan.id  # an approval draws up nothing
    assert shelf.put(Stored(smaller, GRACE)).approved == (GRACE,)
    assert shelf.get(LAST) == Stored(smaller, ADA, (GRACE,))


def test_what_a_viewer_drew_up_stands_by_the_next_who_may(shelf: Shelf, plan: Plan) -> None:
    shelf.put(Stored(plan, Person("eve"), stands=False))
    assert shelf.approve(plan.id, GRACE).people == ("grace",)
    assert shelf.put(Stored(plan, ADA)).people == ("ada", "grace")


def test_what_has_gone_meanwhile_is_said(shelf: Shelf, plan: Plan) -> None:
    shelf.put(Stored(plan, ADA))
    shelf.remove(plan.id)
    for use in (shelf.get, lambda id: shelf.approve(id, GRACE)):
        with pytest.raises(UsageError, match="there is no plan"):
            use(plan.id)
    with pytest.raises(ReshError):
        shelf.get(LAST)
