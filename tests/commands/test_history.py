"""`history`: what changed, by itself and held against states that are remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from resh.app import App
from resh.clock import FakeClock, iso
from resh.model.node import Node
from tests.commands.conftest import Shell, collect, graph_id, node, nodes
from tests.search.search_graphs import NOW
from tests.search.search_lives import Life, live
from tests.search.search_reference import World

DAY = 86400


@pytest.fixture
def lived(graph: App, clock: FakeClock) -> App:
    """A day later vol-2 is larger, vol-4 has gone, vol-5 has come, and vol-1 is marked; nothing happened in the two days since."""
    then = clock.now()
    clock.advance(DAY)
    found = [item for item in nodes(then) if item.reported["id"] not in ("vol-2", "vol-4")]
    collect(graph, [*found, _volume("vol-2", then - 2 * DAY, 200), _volume("vol-5", clock.now(), 9)])
    graph.graph.mark([graph_id("aws_ec2_volume", "vol-1")], "desired", {"clean": True}, by="ada")
    clock.advance(2 * DAY)
    return graph


def _volume(id: str, created: float, size: int) -> Node:
    return node(
        "aws_ec2_volume", id, created, volume_size=size, volume_type="gp2", volume_status="available", tags={"owner": "ada"}, zones=[]
    )


def rows(shell: Shell, line: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in shell(line)]
    assert shell.status == 0, shell.notes
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("history --since 2d12h is(volume)", ["updated vol-1", "deleted vol-4", "created vol-5", "updated vol-2"]),
        ("history --after 2d12h is(volume) and volume_size > 150", ["updated vol-2"]),
        ("history --change updated --change deleted is(volume)", ["updated vol-1", "deleted vol-4", "updated vol-2"]),
        ("history --change node_deleted", ["deleted vol-4"]),
        ("history is(volume) --change deleted", ["deleted vol-4"]),
        ("history --before 2d12h is(instance)", ["created i-1"]),
        ("history --limit 1 is(volume)", ["updated vol-1"]),
        ("history is(volume) --limit 1 --since 2d12h", ["updated vol-1"]),
        ("history --since 2d12h is(volume) sort volume_size desc limit 1, 2", ["created vol-5", "updated vol-1"]),
        ("history --since 2d12h is(volume) sort volume_size reversed limit 1", None),
        ("history vol-2", ["updated vol-2", "created vol-2"]),
        ("history vol-4", None),
        ("history volume_status = error", ["deleted vol-4", "created vol-4"]),
        ('history "vol-4"', ["deleted vol-4", "created vol-4"]),
        ('history volume_status = error and "vol-4"', ["deleted vol-4", "created vol-4"]),
        ("history --since 2d12h /desired.clean = true", ["updated vol-1"]),
        ("history --since 2d12h volume_size = 100", ["updated vol-2"]),
    ],
)
def test_what_changed(lived: App, line: str, expected: list[str] | None) -> None:
    shell = Shell(lived)
    found = shell(f"{line} | format {{change}} {{id}}")
    if expected is None:
        assert shell.status in (1, 2)
    else:
        assert sorted(found) == sorted(expected)


def test_a_row_is_the_resource_with_what_was_and_what_became(lived: App) -> None:
    shell = Shell(lived)
    [row] = rows(shell, "history --change updated vol-2")
    assert (row["change"], row["by"], row["kind"], row["reported"]["volume_size"]) == ("updated", "collect", "aws_ec2_volume", 200)
    assert row["before"]["reported"]["volume_size"] == 100
    assert row["differences"]["volume_size"] == {"before": 100, "after": 200}
    [row] = rows(shell, "history --change deleted is(volume)")
    assert row["reported"]["id"] == "vol-4"
    assert "before" not in row
    [row] = rows(shell, "history --change updated vol-1")
    assert row["differences"] == {"/desired.clean": {"before": None, "after": True}}
    assert row["by"] == "ada"


def test_a_terminal_reads_a_difference(lived: App) -> None:
    shell = Shell(lived, columns=100, interactive=True)
    lines = shell("history --change updated vol-2")
    assert lines[0].split("  ")[1:] == ["updated", "aws_ec2_volume vol-2 (name of vol-2)", "demo eu-west-1", "by collect"]
    assert "    volume_size: 100 -> 200" in lines
    assert max(map(len, Shell(lived, columns=30)("history is(volume)"))) <= 30


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("history is(volume) --> all", "'-default->' cannot be answered by history"),
        ("history is(volume) with(empty, -->)", "'with(empty, -default->)' cannot be answered by history"),
        ("history aggregate(kind: sum(1)): all", "cannot be answered by history"),
        ("history /ancestors.network.reported.name = x", "nothing is known here of what a resource was connected with"),
        ("history --change turned", "'turned' is no sort of change (one of created, updated, deleted)"),
        ("history --since soon", "neither a date nor a duration"),
        ("history nothing", "nothing in the graph has the id or name 'nothing'"),
        ("history volume_size > big", "volume_size is a number"),
    ],
)
def test_mistakes(lived: App, line: str, words: str) -> None:
    shell = Shell(lived)
    assert shell(line) == []
    assert words in shell.notes[0]
    assert shell.status in (1, 2)


# -- against states that are remembered -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[4, 5])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Life, Shell]]:
    home = tmp_path_factory.mktemp("lived") / "home"
    home.mkdir(mode=0o700)
    lived = live(home / "graph.sqlite3", request.param)
    with App(home, clock=lived.clock) as app:
        yield lived, Shell(app)
    lived.store.close()


def test_history_has_every_state(life: tuple[Life, Shell]) -> None:
    """Each row shows its resource as it was remembered at that time."""
    lived, shell = life
    at = {iso(state.now): state for state in lived.states}
    seen = 0
    for row in rows(shell, "history --change created --change updated all"):
        state = at.get(row["changed_at"])
        if state is not None and _is_last(lived, state):
            remembered = state.documents.get(row["id"])
            if remembered is not None:
                assert _told(row) == _told(remembered)
                seen += 1
    assert seen > 20


def _is_last(lived: Life, state: World) -> bool:
    """Nothing else happened within the same second."""
    return [iso(NOW), *(iso(other.now) for other in lived.states)].count(iso(state.now)) == 1


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("reported", "desired", "metadata", "ancestors")}
