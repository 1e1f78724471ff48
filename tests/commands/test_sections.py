"""Notes at resources: typed values, kept by collects and history, and never a way around the checks of the clean-up."""

from __future__ import annotations

import json

import pytest

from resh.app import App
from resh.commands.base import Role
from tests.commands.conftest import Shell, collect, nodes


def desired(shell: Shell, rid: str = "vol-1", section: str = "desired") -> dict[str, object]:
    (line,) = shell(f"search id = {rid} and is(volume) | format {{/{section}}}")
    found: dict[str, object] = json.loads(line)
    return {key: value for key, value in found.items() if key != "last_seen"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("a=1 b=x", {"a": 1, "b": "x"}),
        ("a=[1,2] b={} c=true d=1.5", {"a": [1, 2], "b": {}, "c": True, "d": 1.5}),
        ('a="two words" b=null c=', {"a": "two words", "c": ""}),
        ("a.b=1 a.c=2", {"a": {"b": 1, "c": 2}}),
        ("when=@TODAY@", {"when": "2023-11-14"}),
    ],
)
def test_values_are_json_where_they_can_be(shell: Shell, values: str, expected: dict[str, object]) -> None:
    shell(f"search id = vol-1 | set_desired {values}")
    assert shell.status == 0
    assert desired(shell) == expected


def test_notes_are_merged_taken_away_and_outlive_a_collect(shell: Shell, graph: App) -> None:
    shell("search is(volume) | set_metadata a=1 b=2")
    assert len(shell('json ["vol-1", "vol-2"] | set_metadata b=null c=3')) == 2
    collect(graph, nodes(graph.clock.now()))
    assert desired(shell, section="metadata") == {"a": 1, "c": 3}
    assert desired(shell, "vol-3", "metadata") == {"a": 1, "b": 2}
    (change,) = shell("history --change node_updated | head 1 | jq .by")
    assert change == "ada"


def test_marks_go_through_the_checks_of_the_cleanup(shell: Shell) -> None:
    shell("search id = vol-1 | set_metadata protected=true")
    assert desired(shell, section="metadata")["protected_by"] == "ada"
    assert shell("search id = vol-1 | set_desired clean=true x=1") == []
    assert shell.status == 1
    assert "protected" in shell.notes[0]
    assert desired(shell) == {}
    shell("search id = vol-1 | set_metadata protected=false")
    shell("search id = vol-1 | set_desired clean=true x=1")
    assert desired(shell) == {"clean": True, "clean_by": "ada", "clean_at": "2023-11-14T22:13:20Z", "x": 1}
    shell("search id = vol-1 | set_desired clean=false")
    assert desired(shell) == {"x": 1}
    shell('search id = "t3.micro" | set_desired clean=true')
    assert shell.status == 1


@pytest.mark.parametrize(
    "line",
    [
        "set_metadata expires=1", "set_metadata cleaned=true", "set_metadata protected_by=me", "set_desired clean_by=me",
        "set_metadata protected=maybe", "set_metadata stale.x=1", "set_desired noequals", "set_desired a..b=1", "set_desired =1",
    ],
)  # fmt: skip
def test_what_is_not_for_people_is_refused_before_anything_is_set(shell: Shell, line: str) -> None:
    before = shell("search all sort /id | format --ndjson")
    shell(f"search all | {line}")
    assert shell.status == 2
    assert shell("search all sort /id | format --ndjson") == before


def test_unknown_ids_are_told_and_viewers_may_not(shell: Shell, graph: App) -> None:
    assert len(shell('json ["vol-1", "nothing"] | set_desired a=1')) == 1
    assert shell.status == 3
    assert "not in the graph" in shell.notes[0]
    viewer = Shell(graph, role=Role.viewer)
    viewer("search all | set_desired a=1")
    assert viewer.status == 126


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("search is(volume) and tier = 1 | count", ["total matched: 1", "total unmatched: 0"]),
        ("search is(volume) | count tier", ["1: 1", "2: 1", "total matched: 2", "total unmatched: 2"]),
        ("search is(volume) sort tier desc limit 1 | list tier, /reported.name as name", ["tier  name", "   2  name of vol-2"]),
        ("search is(volume) | sort tier desc | limit 1 | format {tier} {/reported.id} {kind}", ["2 vol-2 null"]),
        ("search is(volume) | aggregate tier: sum(tier) as n | list", ["tier  n", "", "   1  1", "   2  2"]),
        ("search is(volume) | chunk | flatten | count tier", ["1: 1", "2: 1", "total matched: 2", "total unmatched: 2"]),
        ("search is(volume) | chunk | flatten | aggregate tier: sum(tier) as n | list", ["tier  n", "", "   1  1", "   2  2"]),
        ("search is(volume) and tier > 0 | tree --by tier | head 1", ["1 (1)"]),
    ],
)
def test_a_line_may_be_about_the_section(shell: Shell, line: str, expected: list[str]) -> None:
    shell("search id = vol-1 | set_metadata tier=1; search id = vol-2 | set_metadata tier=2")
    assert shell(f"section=metadata {line}") == expected
    assert (shell.status, shell(line)) != (0, expected)
    assert shell("section=/ search metadata.tier = 2 | format {metadata.tier}") == ["2"]
