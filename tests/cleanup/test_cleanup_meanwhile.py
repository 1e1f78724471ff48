"""What happens between a plan and the last deletion of it: settings change, rules go, names are given to other resources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from resh.cancel import Cancel
from resh.cleanup.outcome import Report
from resh.cleanup.rules.base import Effect, Found
from resh.cleanup.rules.survey import Survey
from resh.clock import iso
from resh.errors import ReshError
from resh.graph.base import Document
from tests.cleanup_fakes import node
from tests.cleanup_world import World

Change = Callable[[World], Any]


def sets(name: str, value: Any) -> Change:
    return lambda world: world.settings.set(f"cleanup.{name}", value, "option")


def after_the_first(world: World, change: Change) -> Report:
    """Something happens while the first of them is deleted."""
    world.cloud.on_delete = lambda id: change(world)
    return world.run()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (sets("enabled", False), "clean-up was switched off meanwhile"),
        (sets("dry_run", True), "clean-up was switched off meanwhile"),
        (sets("hours", "mon"), "it is Tue 22:13, and cleanup.hours is mon"),
        (lambda world: world.clock.advance(47 * 60), "it is Tue 23:00, and cleanup.hours is 22:00-23:00"),
        (sets("accounts", []), "the account 1 is not in cleanup.accounts"),
        (sets("protected_names", ["b"]), "its name is protected: b"),
    ],
)
def test_what_is_switched_off_in_the_middle_goes_no_further(tmp_path: Path, change: Change, why: str) -> None:
    options = {"concurrency": 1, "hours": "22:00-23:00"}
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x"), node("b", clean="x")], options=options)
    report = after_the_first(world, change)
    assert world.cloud.deleted == ["a"]
    assert [(str(result.outcome), result.why) for result in report.results] == [("deleted", ""), ("skipped", why)]


class Finds:
    name, description, effect = "own", "for tests", Effect.MARK

    def find(self, survey: Survey) -> list[Found]:
        return [Found("a", "found")]


def ruled(tmp_path: Path, **reported: Any) -> World:
    """A resource that a rule has marked."""
    world = World(tmp_path / "journal.jsonl", [node("a", **reported)])
    world.settings.set("cleanup.own_rules", [{"name": "own", "search": "all", "reason": "x", "enabled": True}], "option")
    object.__setattr__(world.cleanup, "rules_of", lambda settings: (Finds(),))
    world.cleanup.apply_rules(Cancel())
    return world


def test_the_marks_of_a_rule_that_is_gone_delete_nothing(tmp_path: Path) -> None:
    world = ruled(tmp_path)
    plan = world.cleanup.plan()
    assert len(plan) == 1
    object.__setattr__(world.cleanup, "rules_of", lambda settings: ())
    (result,) = world.cleanup.execute(plan, run="", cancel=Cancel(), emit=world.events.append).results
    assert (result.why, world.cloud.deleted) == ("there is no rule own any more", [])


@pytest.mark.parametrize(
    ("marked", "made", "deleted"),
    [
        ("2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z", False),
        ("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.900Z", True),
        ("2023-11-14T22:13:20Z", "2023-11-14T23:13:20+01:00", True),
        ("2023-11-14T22:13:20Z", "some day", False),
        ("2023-11-14T22:13:20Z", None, True),
        (None, "2023-11-14T22:13:21Z", True),
    ],
)
def test_what_was_made_after_its_mark_is_another_one(tmp_path: Path, marked: str | None, made: str | None, deleted: bool) -> None:
    """A bucket is deleted by somebody, and another one gets its name before anybody looks."""
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x", ctime=made)], options={"min_age": "0s"})
    world.graph.documents["a"]["desired"]["clean_at"] = marked
    assert bool(world.outcomes()) is deleted
    assert bool(world.cloud.deleted) is deleted


def test_a_rule_marks_it_anew_with_a_time_of_grace_of_its_own(tmp_path: Path) -> None:
    world = ruled(tmp_path, ctime="2020-01-01T00:00:00Z")
    world.clock.advance(3600)
    world.graph.documents["a"]["reported"]["ctime"] = iso(world.clock.now())
    assert [refused.why[:8] for refused in world.cleanup.plan().refused] == ["made at "]
    world.clock.advance(3600)
    assert [(run.marked, run.withdrawn) for run in world.cleanup.apply_rules(Cancel())] == [(0, 1)]
    assert [(run.marked, run.withdrawn) for run in world.cleanup.apply_rules(Cancel())] == [(1, 0)]
    assert world.graph.documents["a"]["desired"]["clean_at"] == iso(world.clock.now())


def test_what_was_to_be_in_quarantine_is_not_deleted_instead(tmp_path: Path) -> None:
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x")], options={"quarantine": "7d"})
    planned = {item.id: item for item in world.cleanup.plan().items()}
    assert len(world.cleanup.plan(planned)) == 1
    world.settings.set("cleanup.quarantine", "0s", "option")
    (refused,) = world.cleanup.plan(planned).refused
    assert refused.why == "it was to be put in quarantine, and would be deleted now"


def test_the_journal_tells_who_stood_for_it_and_who_applied_it(tmp_path: Path) -> None:
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x")])
    world.cleanup.execute(world.cleanup.plan(), run="", cancel=Cancel(), emit=world.events.append, people=("ada", "bob"), by="eve")
    assert list(world.journal.entry("last").people) == ["ada", "bob", "eve"]


def test_a_journal_that_people_wrote_in_is_read_as_far_as_it_is_one(tmp_path: Path) -> None:
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x")])
    world.run()
    with world.journal.path.open("ab") as file:
        for line in (b"7", b"[]", b"null", b'"x"', orjson.dumps({"state": "started", "id": "x"}), b"\0\0\0", b"{"):
            file.write(line + b"\n")
    assert [entry.result for entry in world.journal.entries()] == ["deleted"]


def test_there_is_one_clean_up_at_a_time(tmp_path: Path) -> None:
    """Also of one process: two people on a server."""
    world = World(tmp_path / "journal.jsonl", [node("a", clean="x"), node("b", clean="x")])
    plan, met = world.cleanup.plan(), list[str]()

    def again(world: World) -> None:
        try:
            world.cleanup.execute(plan, run="", cancel=Cancel(), emit=world.events.append, by="bob")
        except ReshError as error:
            met.append(error.message)

    world.cloud.on_delete = lambda id: again(world)
    world.cleanup.execute(plan, run="01a7", cancel=Cancel(), emit=world.events.append)
    assert set(met) == {f"another clean-up is under way: plan {plan.id}, run 01a7"}
    assert [len(world.cloud.deleted), len(list(world.journal.entries()))] == [2, 2]
    assert len(world.run().results) == 0


@pytest.mark.parametrize(("value", "deleted"), [("delete from then on", True), ("keep it", False), (None, True)])
def test_our_own_tag_is_no_change(tmp_path: Path, value: str | None, deleted: bool) -> None:
    """The mark's tag was set after the resource was read; what somebody else made of it is one."""
    document = node("a", clean="x", metadata={"clean_tag": ["resh:clean", "delete from then on"]}, tags={"owner": "ada"})
    world = World(tmp_path / "journal.jsonl", [document])
    if value:
        world.cloud.live["a"]["tags"]["resh:clean"] = value
    world.run()
    assert bool(world.cloud.deleted) is deleted


ODD: dict[str, Callable[[Document], object]] = {
    "its ctime": lambda document: document["reported"].update(ctime="garbage"),
    "when it was seen": lambda document: document["metadata"].update(last_seen=True),
    "the end of its grace": lambda document: document["desired"].update(clean_after={"a": 1}),
    "the end of its grace, warned of": lambda document: document["desired"].update(clean_after="garbage", clean_warned="x"),
    "the end of its quarantine": lambda document: document["metadata"].update(quarantined="garbage"),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_one_resource_that_cannot_be_judged_is_in_no_other_ones_way(tmp_path: Path, odd: Callable[[Document], object]) -> None:
    documents = [node("a", clean="x"), node("b", clean="x", tags=["none", "at", "all"])]
    odd(documents[0])
    world = World(tmp_path / "journal.jsonl", documents, options={"min_age": "1h"})
    (refused,) = world.cleanup.plan().refused
    assert (refused.item.id, "is neither a date nor a duration" in refused.why) == ("a", True)
    assert world.cleanup.notices() == []
    world.run()
    assert world.cloud.deleted == ["b"]
