"""`search --explain`: how a search is answered, what it should find and what it finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.app import App
from tests.commands.conftest import Shell


def explained(shell: Shell, line: str) -> dict[str, Any]:
    [row] = [json.loads(line) for line in shell(line)]
    assert shell.status == 0
    return dict(row)


@pytest.mark.parametrize(
    ("query", "items", "full", "rating"),
    [
        ("is(volume) and volume_size > 50", 2, False, "simple"),
        ('name = "name of vol-1"', 1, False, "simple"),
        ("id = vol-1", 1, False, "simple"),
        ("tags.owner = ada", 2, True, "bad"),
        ("name ~ vol", 4, True, "complex"),
        ("is(volume) and volume_size > 50 or is(region)", 2, False, "simple"),
        ("is(volume) or tags.owner = nobody", 4, True, "bad"),
        ("is(volume) and tags.owner = ada", 2, False, "simple"),
        ("id = vol-1 -delete->", 1, False, "simple"),
        ("aggregate(volume_type: sum(1) as n): is(volume)", 3, False, "simple"),
        ("is(volume) sort volume_size limit 1", 1, False, "simple"),
        ("is(volume) limit 3, 2", 1, False, "simple"),
        ("is(volume) {vm: -delete-> all}", 4, False, "simple"),
    ],
)
def test_what_it_says(shell: Shell, query: str, items: int, full: bool, rating: str) -> None:
    row = explained(shell, f"search --explain {query}")
    assert [row["nr_items"], row["full_collection_scan"], row["rating"]] == [items, full, rating]
    assert row["available_nr_items"] == shell.app.graph.count()
    if "aggregate" not in query:
        assert row["estimated_nr_items"] == items
    assert row["sql"].count("?") >= len(row["values"])
    assert row["steps"]
    assert row["plan"]


def test_commands_that_become_part_of_the_search_are_explained_with_it(shell: Shell) -> None:
    row = explained(shell, "search --explain is(volume) | sort volume_size desc | head 1")
    assert row["nr_items"] == 1
    assert "sorted by volume_size desc" in row["steps"][0]
    assert explained(shell, "search --explain is(volume) | aggregate volume_type: sum(1)")["nr_items"] == 3


def test_an_estimate_comes_from_a_sample(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.search.explain.SAMPLE", 1)
    row = explained(shell, "search --explain is(volume) or a = 1")
    assert row["estimated_nr_items"] % shell.app.graph.count() == 0, "each one that the sample has stands for all"
    assert row["nr_items"] == 4


def test_no_estimate_behind_a_limit(shell: Shell) -> None:
    assert explained(shell, "search --explain is(volume) limit 2 --> all")["estimated_nr_items"] is None


def test_a_terminal_shows_it_in_lines(graph: App) -> None:
    shell = Shell(graph, columns=60, interactive=True)
    lines = shell("search --explain is(volume) and volume_size > 50")
    assert lines[0] == '(is("volume") and volume_size > 50)'
    assert lines[1] == "  1  4 resources of volume, those that fit volume_size > 50"
    assert lines[2].startswith("about 2 expected, 2 found in ")
    assert "the database's plan" in lines
    assert max(map(len, lines)) <= 70
    assert lines[-1].endswith(" = 50")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("search all | search --explain all", "--explain belongs to the search that starts the line"),
        ("search --explain is(nothing)", "nothing"),
        ("search --explain is(volume", "the search ends too early"),
    ],
)
def test_mistakes(shell: Shell, line: str, words: str) -> None:
    assert shell(line) == []
    assert words in shell.notes[0]
    assert shell.status == 2


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but the test brings the index further."""
    monkeypatch.setattr("resh.graph.indexer.Indexer._wake", lambda *_: None)


@pytest.mark.usefixtures("quiet")
def test_whether_full_text_goes_through_the_index(shell: Shell) -> None:
    def says(query: str, at: str = "") -> Any:
        return explained(shell, f"search {at} --explain {query}")["text_index"]

    assert says("is(volume)") is None
    assert shell.app.graph.indexer.catch_up()
    assert says('"vol" and is(volume)') == "used"
    assert says('is(instance) or not "vol-1"') == "used"
    assert says('"vol-1"', "--at @NOW@") == "not used: a moment before now is looked through"
    row = explained(shell, 'search --explain "vol-1"')
    assert [row["nr_items"], row["full_collection_scan"], row["rating"]] == [1, False, "simple"]
    with shell.app.graph.database.write() as connection:
        connection.execute("UPDATE indexed SET nid = 0")
    count = shell.app.graph.count()
    assert says('"vol"') == f"used, but {count} resources are not in it yet: they are looked through"
    assert "not in the index yet: ('vol 1',)" in explained(shell, 'search --explain "vol-1"')["values"]
