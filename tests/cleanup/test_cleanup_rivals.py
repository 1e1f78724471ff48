"""Somebody else changes things between the plan and the deletion: nothing that they touched is deleted, and nothing else is kept for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from resh.cleanup.marking import protect, unclean
from tests.cleanup_fakes import node, refused
from tests.cleanup_world import World

RESOURCES = 12
Deed = Callable[[World, str], object]
RIVAL: dict[str, Deed] = {
    "uses it": lambda world, id: world.cloud.live[id].update(volume_status="in-use"),
    "tags it": lambda world, id: world.cloud.live[id]["tags"].update(owner="ada"),
    "protects it by a tag": lambda world, id: world.cloud.live[id]["tags"].update({"resh:protected": "yes"}),
    "protects it here": lambda world, id: protect(world.graph.store, world.cleanup.kinds, [id], reason="", by="ada", now=0),
    "takes its mark off": lambda world, id: unclean(world.graph.store, [id], by="ada"),
    "lets it be collected as another": lambda world, id: world.graph.documents[id]["reported"].update(volume_size=99),
    "lets it become stale": lambda world, id: world.graph.documents[id]["metadata"].update(stale=True),
    "deletes it": lambda world, id: world.cloud.live.pop(id),
}


class Rival:
    """Acts at a random read of anything, upon something that has not been deleted yet."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.touched: dict[str, str] = {}
        self.left = dice.randint(1, 5)
        world.cloud.on_read = self.act

    def act(self, read: str) -> None:
        if not self.left or self.dice.random() < 0.5:
            return
        victims = sorted({*self.world.cloud.live} - self.touched.keys())
        if victims:
            id, deed = self.dice.choice(victims), self.dice.choice(sorted(RIVAL))
            RIVAL[deed](self.world, id)
            self.touched[id] = deed
            self.left -= 1


@pytest.mark.parametrize("seed", range(100))
def test_a_race(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    ids = [f"r{number:02}" for number in range(RESOURCES)]
    edges = {pair for pair in pairwise(ids) if dice.random() < 0.4}
    # One at a time: a rival that acts at a read then always comes before the last look at its victim.
    world = World(tmp_path / "journal.jsonl", [node(id, clean="x", volume_status="available") for id in ids], edges, {"concurrency": 1})
    for id in dice.sample(ids, 3):
        world.cloud.errors[id] = [refused("DependencyViolation")] * dice.randint(1, 2)
    rival = Rival(world, dice)
    outcomes = world.outcomes()
    assert not set(world.cloud.deleted) & rival.touched.keys()
    waits = dict(edges)
    for id, outcome in outcomes.items():
        if rival.touched.get(id) == "deletes it":
            assert outcome in ("gone", "held back")
        elif id in rival.touched:
            assert outcome in ("skipped", "held back"), rival.touched[id]
        elif outcome != "deleted":
            assert (outcome, outcomes[waits[id]] in ("skipped", "held back")) == ("held back", True)
    asked = [entry.document["id"] for entry in world.journal.entries() if entry.result == "deleted"]
    assert asked == world.cloud.deleted
