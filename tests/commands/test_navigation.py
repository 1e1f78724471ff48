"""From resources to those that are connected with them, and the edges between what is found."""

from __future__ import annotations

import json

import pytest

from resh.commands.pipeline import MOST_STAGES
from resh.commands.table import TABLE
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("search id = vol-1 | successors delete", ["i-1"]),
        ("search id = i-1 | predecessors delete --with-origin", ["i-1", "vol-1"]),
        ("search id = i-1 | predecessors --with-origin", ["i-1"]),
        ("edge_type=delete search id = i-1 | ancestor", ["vol-1"]),
        ("edge_type=delete search id = vol-1 | successor default", []),
        ('edge_type=delete json ["i-1"] | predecessors', ["vol-1"]),
        ('json ["name of vol-1", "vol-1"] | descendants delete', ["i-1"]),
        ('json ["nothing"] | descendants delete --with-origin', []),
        ("search is(nothing) or id = vol-1 | tail | successors delete", None),
        ("search --with-edges is(volume) | uniq | successors delete", ["i-1"]),
    ],
)
def test_it_goes_along_edges(shell: Shell, line: str, expected: list[str] | None) -> None:
    found = shell(f"{line} | format {{id}}")
    assert found == (expected or [])
    assert shell.status == (2 if expected is None else 0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("search all | successors deflaut", "there is no edge type 'deflaut' (did you mean default"),
        ("edge_type=x search all | tail | head 1 | uniq | successors", "there is no edge type 'x'"),
        ("json [3] | successors", "neither a resource nor an id"),
        ("search all | aggregate kind: sum(1) | successors", "search first, aggregate last"),
        ("search all | search --with-edges all", "--with-edges belongs to the search that starts the line"),
        ("search --with-edge all", "did you mean --with-edges"),
    ],
)
def test_mistakes(shell: Shell, line: str, words: str) -> None:
    assert shell(line) == []
    assert words in shell.notes[0]
    assert len(shell.notes) == 1


EDGE = {"type": "edge", "edge_type": "delete"}


def test_edges_come_behind_the_resources_that_they_connect(shell: Shell) -> None:
    rows = [json.loads(line) for line in shell("search --with-edges is(volume) or is(instance)")]
    ids = {row["reported"]["id"]: row["id"] for row in rows[:-1]}
    assert list(ids) == ["i-1", "vol-1", "vol-2", "vol-3", "vol-4"]
    assert rows[-1] == {**EDGE, "from": ids["vol-1"], "to": ids["i-1"]}
    assert shell("search --with-edges is(volume) | format --ndjson") == shell("search is(volume)")
    assert json.loads("".join(shell("search --with-edges is(volume) or is(instance) | format --json"))) == rows
    assert shell("search --with-edges all | tail -500 | uniq | count edge_type")[:2] == ["default: 1", "delete: 1"]


def test_what_becomes_part_of_the_search_is_about_the_resources(shell: Shell) -> None:
    assert shell("search --with-edges is(volume) | count") == shell("search is(volume) | count")
    assert shell("search --with-edges all | aggregate sum(1) as n") == shell("search all | aggregate sum(1) as n")
    two = [json.loads(line) for line in shell("search --with-edges is(volume) or is(instance) | head 2")]
    assert [row.get("kind", row.get("type")) for row in two] == ["aws_ec2_instance", "aws_ec2_volume", "edge"]


def test_a_list_shows_edges_as_arrows(shell: Shell) -> None:
    lines = shell("search --with-edges is(volume) sort id limit 1 <-delete[0:1]-> all | list id")
    ids = {row["reported"]["id"]: row["id"] for row in map(json.loads, shell("search all"))}
    assert lines == ["id", "i-1", "vol-1", f"{ids['vol-1']} -> {ids['i-1']}: delete"]
    assert shell("search --with-edges id = vol-1 | list")[0].split()[:2] == ["node_id", "kind"]
    csv = shell("search --with-edges id in [vol-1, i-1] | list --csv")
    assert csv[0].endswith('"from","to","edge_type"')
    assert csv[-1].endswith(f',"{ids["vol-1"]}","{ids["i-1"]}","delete"')
    mixed = shell("search --with-edges id in [vol-1, i-1] | uniq | list id")
    assert mixed == ["id", "i-1", "vol-1", f"{ids['vol-1']} -> {ids['i-1']}: delete"]


FLOWS = ["head 9", "tail 9", "limit 9", "sort a", "uniq", "flatten", "chunk 1", "list", "format {a}", "dump", "count", "count a"]
FLOWS += ["aggregate a: sum(1)", "search all", "successors --with-origin"]


@pytest.mark.parametrize("flow", FLOWS)
def test_as_many_stages_as_a_line_takes_run(shell: Shell, flow: str) -> None:
    assert flow.split()[0] in TABLE
    shell(" | ".join(["search all", *[flow] * (MOST_STAGES - 1)]))
    assert shell.notes == [] or "internal" not in shell.notes[0]


def test_more_stages_are_refused(shell: Shell) -> None:
    assert shell(" | ".join(["search all", *["uniq"] * 3000])) == []
    assert shell.status == 2
    assert "3,001 commands are joined with |; a line takes 100" in shell.notes[0]
