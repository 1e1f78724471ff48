"""Lines about random moments of a random life, held against what the graph was then: `search --at` and `diff`."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from resh.app import App
from resh.graph.base import Document
from resh.search import parse
from tests.commands.conftest import Shell
from tests.search.search_lives import Life, live
from tests.search.search_reference import World

SEARCHES = (
    "all",
    "is(volume)",
    "name = web",
    "is(volume) and tags.owner = ada",
    "/desired.clean = true",
    "is(region) --> is(volume)",
    "age < 50d",
)
Lived = tuple[Life, Shell]


@pytest.fixture(scope="module", params=[11, 12, 13])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    home = tmp_path_factory.mktemp("lived")
    life = live(home / "graph.sqlite3", request.param)
    life.clock.advance(3600)
    with App(home, clock=life.clock) as app:
        yield life, Shell(app)
    life.store.close()


def rows(shell: Shell, line: str) -> list[dict[str, Any]]:
    found = [json.loads(row) for row in shell(line)]
    assert shell.status == 0, shell.notes
    return found


def ago(life: Life, state: World) -> str:
    return f"{life.clock.now() - state.now}s"


@pytest.mark.parametrize("search", SEARCHES)
def test_searches_about_moments(lived: Lived, search: str) -> None:
    life, shell = lived
    for state in life.states:
        expected = state.ids(parse(search))
        found = rows(shell, f"search --at {ago(life, state)} {search}")
        assert {row["id"]: row for row in found} == {id: state.documents[id] for id in expected}
        assert shell(f"search --at {ago(life, state)} {search} | count")[0] == f"total matched: {len(expected)}"


@pytest.mark.parametrize("search", SEARCHES)
def test_differences_of_moments(lived: Lived, search: str) -> None:
    life, shell = lived
    pick = random.Random(search)
    query = parse(search)
    for _ in range(12):
        before, after = sorted(pick.sample(life.states, 2), key=lambda state: state.now)
        found = {row["id"]: row for row in rows(shell, f"diff {ago(life, before)} {ago(life, after)} {search}")}
        assert {id: row["change"] for id, row in found.items()} == expected_changes(before, after, before.ids(query), after.ids(query))
        for id, row in found.items():
            node = {key: value for key, value in row.items() if key not in ("change", "before", "differences")}
            assert node == (after.documents.get(id) or before.documents[id])
            assert row.get("before") == (before.documents.get(id) if id in after.documents else None)


def expected_changes(before: World, after: World, then: set[str], now: set[str]) -> dict[str, str]:
    both = then & now
    found = {id: "changed" for id in both if said(before.documents[id]) != said(after.documents[id])}
    return found | dict.fromkeys(now - then, "appeared") | dict.fromkeys(then - now, "vanished")


def said(document: Document) -> Document:
    """What is in it but for when it came and changed."""
    return {key: value for key, value in document.items() if key not in ("created", "updated")}
