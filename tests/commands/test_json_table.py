"""`list --json-table`: what a program needs to draw a table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands.conftest import Shell, graph_id


def parsed(lines: list[str]) -> list[Any]:
    return [json.loads(line) for line in lines]


def test_columns_come_first_with_their_types(shell: Shell) -> None:
    head, *rows = parsed(shell("search is(volume) sort name | list --json-table id, volume_size as size, age, account, zones, tags.owner"))
    assert head == {
        "columns": [
            {"name": "id", "path": "/reported.id", "kind": "string", "display": "Id"},
            {"name": "size", "path": "/reported.volume_size", "kind": "int64", "display": "Size"},
            {"name": "age", "path": "/reported.ctime", "kind": "duration", "display": "Age"},
            {"name": "account", "path": "/ancestors.account.reported.name", "kind": "string", "display": "Account"},
            {"name": "zones", "path": "/reported.zones", "kind": "string[]", "display": "Zones"},
            {"name": "owner", "path": "/reported.tags.owner", "kind": "any", "display": "Owner"},
        ]
    }
    assert rows[1] == {
        "id": graph_id("aws_ec2_volume", "vol-2"),
        "row": {"id": "vol-2", "size": 100, "age": "2d", "account": "demo", "zones": ["a", "b"], "owner": "ada"},
    }
    assert len(rows) == 4


@pytest.mark.parametrize("columns", ["", "id, zones[*], volume_type, age", "name, /metadata, tags.`a b`"])
def test_it_is_the_same_on_a_stream(shell: Shell, columns: str) -> None:
    fused = shell(f"search is(volume) sort name | list --json-table {columns}")
    assert (shell.status, len(fused)) == (0, 5)
    assert shell(f"search is(volume) sort name | chunk | flatten | list --json-table {columns}") == fused


def test_rows_that_are_no_resources(shell: Shell) -> None:
    head, *rows = parsed(shell('json [{"a": [1]}, {"b c": "x"}] | list --json-table'))
    assert [(column["name"], column["path"], column["kind"]) for column in head["columns"]] == [("a", "/a", "any"), ("b c", "/b c", "any")]
    assert rows == [{"id": None, "row": {"a": [1], "b c": None}}, {"id": None, "row": {"a": None, "b c": "x"}}]


def test_edges_are_rows_of_their_own(shell: Shell) -> None:
    *_, edge = parsed(shell("search --with-edges is(volume) or is(instance) | list --json-table"))
    assert edge["row"]["edge_type"] == "delete"
    assert (edge["id"], edge["row"]["name"]) == (None, None)


def test_nothing_is_nothing(shell: Shell) -> None:
    assert shell("search name = nobody | list --json-table") == []


def test_forms_exclude_each_other(shell: Shell) -> None:
    shell("search all | list --csv --json-table id")
    assert (shell.status, "--csv and --json-table exclude each other" in shell.notes[0]) == (2, True)
