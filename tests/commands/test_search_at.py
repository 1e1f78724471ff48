"""`search --at`: on the command line, with all that may stand behind it."""

from __future__ import annotations

import json

import pytest

from resh.app import App
from resh.clock import FakeClock, iso
from tests.commands.conftest import Shell


@pytest.fixture
def then(graph: App, clock: FakeClock) -> float:
    """A moment; after it a volume was marked and another one removed, and two days went by."""
    moment = clock.now()
    clock.advance(86400)
    volumes = {row["reported"]["id"]: row["id"] for row in graph.documents("is(volume)")}
    first, second, *_ = sorted(volumes)
    graph.graph.mark([volumes[first]], "desired", {"clean": True}, by="ada")
    graph.graph.remove(volumes[second], by="ada")
    clock.advance(86400)
    return moment


LINES = [
    "search {} is(volume) | count",
    "search {} is(volume) | count volume_type",
    "search {} is(volume) | list id, name, volume_size, age",
    "search {} is(volume)",
    "search {} /desired.clean = true",
    'search {} "vol" | list id',
    "search {} is(volume) and age < 1000d | sort volume_size | head 2 | list id, age",
    "search {} is(volume) | aggregate volume_type: sum(volume_size) as size",
    "search {} is(volume) {{vm: -delete-> all}} | format {{id}} {{/vm.id}}",
    "search {} is(volume) -delete-> all | list id",
    "search {} --with-edges all",
    "search {} all | tree --by kind,age",
    "search {} is(volume) | uniq | successors delete | list id",
    "search {} with(any, -delete-> is(instance)) | list id",
    "search {} --explain is(volume) | format {{nr_items}} {{available_nr_items}} {{estimated_nr_items}}",
    "search {} is(volume) | search volume_size > 10 | list id",
]


def test_every_line_says_what_it_said_then(graph: App, clock: FakeClock, shell: Shell) -> None:
    before = {line: shell(line.format("")) for line in LINES}
    moment = clock.now()
    volumes = [row["id"] for row in graph.documents("is(volume) sort id")]
    clock.advance(86400)
    graph.graph.mark(volumes[:1], "desired", {"clean": True}, by="ada")
    graph.graph.remove(volumes[1], by="ada")
    clock.advance(86400)
    for line in LINES:
        for said in (line.format("--at 2d"), line.format(f"--at={iso(moment)}"), "at='1d 24h' " + line.format("")):
            assert [_unseen(row) for row in shell(said)] == [_unseen(row) for row in before[line]], said
            assert shell.status == 0
    assert shell("search --at 2d is(volume) | count") != shell("search is(volume) | count")


def _unseen(row: str) -> str:
    """History does not have when a resource was last seen."""
    if not row.startswith("{"):
        return row
    document = json.loads(row)
    document.get("metadata", {}).pop("last_seen", None)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        ("--at nonsense", 2, ("search --at", "nonsense", "write it like 1w")),
        ("--at 2999-01-01", 2, ("search --at", "2999-01-01", "future")),
        ("--at +3d", 2, ("+3d", "future")),
        ("--at 10000w", 1, ("history goes back to", "graph.history")),
        ("--at 99999999999y", 2, ("calendars",)),
        ("--at=", 2, ("--at has no value",)),
        ("--at 1w1x", 2, ("1w1x",)),
    ],
)
def test_moments_that_nobody_knows(shell: Shell, options: str, status: int, words: tuple[str, ...]) -> None:
    assert shell(f"search {options} is(volume)") == []
    assert shell.status == status
    for word in words:
        assert word in shell.notes[0]


def test_it_belongs_to_the_start_of_the_line(shell: Shell) -> None:
    assert shell("search is(volume) | search --at 1d all") == []
    assert (shell.status, "--at belongs to the search that starts the line" in shell.notes[0]) == (2, True)


def test_placeholders(then: float, shell: Shell, clock: FakeClock) -> None:
    assert shell("search --at @NOW@ is(volume) | count") == shell("search is(volume) | count")
    assert shell(f"search --at '{iso(then)}' is(volume) | count") == ["total matched: 4", "total unmatched: 0"]


def test_what_was_forgotten_meanwhile_is_not_told(graph: App, then: float, shell: Shell, clock: FakeClock) -> None:
    assert shell("search --at 2d is(volume) | count")[0] == "total matched: 4"
    graph.graph.prune_history(clock.now() - 3600)
    assert shell("search --at 2d is(volume) | count") == []
    assert (shell.status, "history goes back to" in shell.notes[0]) == (1, True)
    assert shell("search --at 60s is(volume) | count")[0] == "total matched: 3"


@pytest.mark.parametrize("stages", ["clean", "head 1 | uniq | protect it", "unprotect"])
def test_nothing_is_changed_because_of_what_was_true_then(shell: Shell, clock: FakeClock, stages: str) -> None:
    clock.advance(3600)
    assert shell(f"search --at 30m is(volume) | {stages}") == []
    assert "cannot follow a search about the past" in shell.notes[0]
    assert shell.status == 2
    assert not list(shell.app.graph.history(only=("updated",)))


def test_each_part_of_a_line_has_its_own_moment(shell: Shell, clock: FakeClock) -> None:
    clock.advance(3600)
    shell.app.graph.remove(next(shell.app.documents("is(volume)"))["id"], by="ada")
    clock.advance(3600)
    lines = shell("search --at 90m is(volume) | count; search is(volume) | count; json [1] | count")
    assert lines[::2] == ["total matched: 4", "total matched: 3", "total matched: 1"]
