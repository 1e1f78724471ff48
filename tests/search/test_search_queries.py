"""Searches that people use, read in place; and the tables that parse them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.errors import UsageError
from resh.graph.sqlite import SqliteStore
from resh.search import compile, parse
from resh.search.tree import Query
from tests.search.search_graphs import NOW, open_graph

QUERIES = Path(__file__).parents[3] / "shared" / "queries" / "open.jsonl"


def queries() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUERIES.read_text().splitlines()] if QUERIES.exists() else []


needed = pytest.mark.skipif(not QUERIES.exists(), reason=f"{QUERIES.name} is not here")


class AnyKind:
    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        return [(1 << 40, (2 << 40) - 1)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store, _ = open_graph(tmp_path_factory.mktemp("empty") / "graph.sqlite3")
    yield store
    store.close()


def refused(query: Query) -> str:
    """Why it cannot be compiled, if it cannot."""
    try:
        compile(query, AnyKind(), NOW)
    except UsageError as error:
        return error.message
    return ""


@needed
@pytest.mark.parametrize("entry", queries(), ids=lambda entry: entry["query"][:60])
def test_a_query_means_what_it_meant(entry: dict[str, Any], empty: SqliteStore) -> None:
    if not entry["valid"]:
        with pytest.raises(UsageError):
            parse(entry["query"])
        return
    query = parse(entry["query"])
    assert parse(str(query)) == query
    if entry.get("canonical"):
        assert parse(entry["canonical"]) == query
    if not (refusal := refused(query)):
        compiled = compile(query, AnyKind(), NOW)
        assert [row for row in empty.fetch(compiled) if compiled.group_count or compiled.shape != "groups"] == []
    else:
        assert "not supported yet" in refusal or "not a regular expression" in refusal


@needed
def test_nearly_all_of_them_can_be_answered() -> None:
    valid = [parse(entry["query"]) for entry in queries() if entry["valid"]]
    problems = [problem for query in valid if (problem := refused(query))]
    assert len(problems) < len(valid) / 9, problems


def test_the_tables_are_those_of_the_grammar() -> None:
    from resh.search.build_tables import FILE, build

    assert FILE.read_text() == build(), "run python -m resh.search.build_tables"
