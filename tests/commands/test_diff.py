"""`diff`: two moments compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from resh.app import App
from resh.clock import FakeClock
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from tests.commands.conftest import ACCOUNT, VOLUME, Shell, graph_id

Recollect = Callable[..., None]


@pytest.fixture
def recollect(graph: App) -> Recollect:
    """Merge volumes again, as they are but for what is given; those without a word are gone."""
    known = {row["reported"]["id"]: row for row in graph.documents("is(volume)")}

    def merge(**sizes: dict[str, Any]) -> None:
        scope = Scope("aws", ACCOUNT, "eu-west-1", VOLUME.name)
        with graph.graph.merge("aws", ACCOUNT, "demo") as merge:
            for name, change in sizes.items():
                rid = name.replace("_", "-")
                reported = {**known.get(rid, {"reported": {"id": rid, "kind": VOLUME.name, "name": rid}})["reported"], **change}
                merge.nodes([Node(graph_id(VOLUME.name, rid), VOLUME.name, scope, "eu-west-1", reported)])
            merge.scope(ScopeReport(scope, Status.OK))

    return merge


SAME: dict[str, Any] = {}


def changes(shell: Shell, line: str) -> list[tuple[str, str]]:
    rows = [json.loads(row) for row in shell(line)]
    assert shell.status == 0
    return [(row["change"], row["reported"]["id"]) for row in rows]


def test_what_happened(shell: Shell, clock: FakeClock, recollect: Recollect) -> None:
    clock.advance(3600)
    recollect(vol_1={"volume_size": 9}, vol_2=SAME, vol_3=SAME, vol_5={"volume_size": 1})
    clock.advance(3600)
    assert changes(shell, "diff 2h is(volume)") == [("changed", "vol-1"), ("appeared", "vol-5"), ("vanished", "vol-4")]
    assert changes(shell, "diff 30m is(volume)") == []
    assert changes(shell, "diff 2h 1h is(volume)") == changes(shell, "diff 2h is(volume)")
    assert changes(shell, "diff 2h 90m is(volume)") == []
    assert shell("diff 2h is(volume) | count change")[-2:] == ["total matched: 3", "total unmatched: 0"]
    assert shell("diff 2h is(volume) | list change, id") == [*("change    id", "changed   vol-1", "appeared  vol-5", "vanished  vol-4")]
    assert shell("diff 2h is(volume) | list")[0].startswith("change")


def test_what_came_back(shell: Shell, clock: FakeClock, recollect: Recollect) -> None:
    """Changed and changed back, deleted and recreated, created and deleted again: no difference."""
    clock.advance(60)
    recollect(vol_1={"volume_size": 9}, vol_3=SAME, vol_4=SAME, vol_6=SAME)
    clock.advance(60)
    recollect(vol_1=SAME, vol_2=SAME, vol_3=SAME, vol_4=SAME)
    assert changes(shell, "diff 2m is(volume)") == []
    assert changes(shell, "diff 2m 1m is(volume)") == [("changed", "vol-1"), ("appeared", "vol-6"), ("vanished", "vol-2")]
    assert changes(shell, "diff 1m is(volume)") == [("changed", "vol-1"), ("appeared", "vol-2"), ("vanished", "vol-6")]


def test_what_matches_then_and_then(shell: Shell, clock: FakeClock, recollect: Recollect) -> None:
    """A resource that is still there appears or vanishes among what the search finds, with what changed."""
    clock.advance(60)
    recollect(vol_1={"volume_size": 600}, vol_2=SAME, vol_3={"volume_size": 5}, vol_4=SAME)
    [appeared, vanished] = [json.loads(row) for row in shell("diff 1m is(volume) and volume_size > 400")]
    assert (appeared["change"], vanished["change"]) == ("appeared", "vanished")
    assert appeared["differences"] == {"volume_size": {"before": 8, "after": 600}}
    assert (vanished["reported"]["volume_size"], vanished["before"]["reported"]["volume_size"]) == (5, 500)
    clock.advance(86400 * 3)
    assert changes(shell, "diff 3d is(volume) and age > 6d and name =~ vol-4") == [("appeared", "vol-4")], "an age is one of its moment"


def test_marks_and_merges(shell: Shell, graph: App, clock: FakeClock) -> None:
    [volume] = [row["id"] for row in graph.documents("id = vol-1")]
    clock.advance(60)
    graph.graph.mark([volume], "metadata", {"protected": True}, by="ada")
    [row] = [json.loads(row) for row in shell("diff 1m all")]
    assert row["differences"] == {"/metadata.protected": {"before": None, "after": True}}
    graph.graph.remove(next(iter(graph.documents("is(instance)")))["id"], by="ada")
    assert ("changed", "vol-1") in changes(shell, "diff 1m is(volume) {vm: -delete-> is(instance)}")


def test_a_picture(terminal: Shell, clock: FakeClock, recollect: Recollect) -> None:
    clock.advance(60)
    recollect(vol_1={"volume_size": 9, "tags": {"a b": "x" * 200}}, vol_2=SAME, vol_3=SAME, vol_7=SAME)
    assert terminal("diff 1m is(volume)") == [
        "~ aws_ec2_volume vol-1 (name of vol-1)",
        "    tags.owner: ada -> none",
        f"    tags.`a b`: none -> {'x' * 59}…",
        "    volume_size: 8 -> 9",
        "+ aws_ec2_volume vol-7",
        "- aws_ec2_volume vol-4 (name of vol-4)",
    ]
    assert terminal("diff 0s is(volume)") == []
    assert terminal.notes == ["nothing changed"]


@pytest.mark.parametrize(
    ("line", "status", "word"),
    [
        ("diff", 2, "from is missing"),
        ("diff 1w", 2, "search is missing"),
        ("diff soon all", 2, "'soon'"),
        ("diff 1h 2h all", 2, "2h is before 1h"),
        ("diff 1h 2999-01-01 all", 2, "future"),
        ("diff 1w aggregate(kind: sum(1)): all", 2, "aggregate"),
        ("diff 9w all", 1, "history goes back to"),
        ("diff 0s is(volum)", 2, "volum"),
    ],
)
def test_mistakes_of_a_diff(shell: Shell, line: str, status: int, word: str) -> None:
    assert shell(line) == []
    assert shell.status == status
    assert word in " ".join(shell.notes)
