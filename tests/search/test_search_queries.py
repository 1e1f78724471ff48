"""Searches that people use, read in place; and the tables that parse them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resh.errors import UsageError
from resh.graph.sqlite import SqliteStore
from resh.search import compile, parse
from resh.search.templates import fill
from resh.search.tree import Query
from tests.search.search_graphs import NOW, AnyKind, open_graph

QUERIES = Path(__file__).parents[3] / "shared" / "queries" / "open.jsonl"


def queries() -> list[dict[str, Any]]:
    return [json.loads(line) for line in QUERIES.read_text().splitlines()] if QUERIES.exists() else []


needed = pytest.mark.skipif(not QUERIES.exists(), reason=f"{QUERIES.name} is not here")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store, _ = open_graph(tmp_path_factory.mktemp("empty") / "graph.sqlite3")
    yield store
    store.close()


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
    compiled = compile(filled(query, entry["query"]), AnyKind(), NOW)
    assert [row for row in empty.fetch(compiled) if compiled.group_count or compiled.shape != "groups"] == []


def filled(query: Query, text: str) -> Query:
    """With a duration for each of its parameters."""
    if not query.templated:
        return query
    names = re.findall(r"\{\{(\w+)[^}]*\}\}", text)
    return parse(fill(text, dict.fromkeys(names, "30d"), NOW))


def test_the_tables_are_those_of_the_grammar() -> None:
    from resh.search.build_tables import FILE, build

    assert FILE.read_text() == build(), "run python -m resh.search.build_tables"
