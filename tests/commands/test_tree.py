"""`tree`: by where rows live, by properties, along edges; the same fused and on a stream."""

from __future__ import annotations

import json

import pytest

from resh.app import App
from tests.commands.conftest import Shell


def test_where_resources_live(shell: Shell) -> None:
    assert shell("search is(volume) or is(instance) | tree") == [
        "aws (5)",
        "└── demo (5)",
        "    └── eu-west-1 (5)",
        "        ├── aws_ec2_instance (1)",
        "        │   └── i-1 (name of i-1)",
        "        └── aws_ec2_volume (4)",
        "            ├── vol-1 (name of vol-1)",
        "            ├── vol-2 (name of vol-2)",
        "            ├── vol-3 (name of vol-3)",
        "            └── vol-4 (name of vol-4)",
    ]


@pytest.mark.parametrize(
    "options", ["", "--by kind", "--by region,age", "--by volume_type,tags.owner --max 1", "--by zones", "--max 0 --by account.id"]
)
def test_fused_and_on_a_stream(shell: Shell, options: str) -> None:
    assert shell(f"search is(volume) | tree {options}") == shell(f"search is(volume) | head 100 | uniq | tree {options}") != []


def test_levels_of_ones_own_and_what_is_too_much(shell: Shell) -> None:
    assert shell("search is(volume) | tree --by volume_type --max 1") == [
        "gp2 (1)",
        "└── aws_ec2_volume vol-2 (name of vol-2)",
        "… 2 more (3)",
    ]
    assert shell("search is(volume) sort volume_size desc | tree --by region --max 2") == [
        "eu-west-1 (4)",
        "├── aws_ec2_volume vol-3 (name of vol-3)",
        "├── aws_ec2_volume vol-2 (name of vol-2)",
        "└── … 2 more",
    ]


def test_rows_that_are_no_resources(shell: Shell) -> None:
    assert shell('json [{"a": "x\\u001b[31m", "id": 7}, {"a": null, "b": 1}, 3] | tree --by a') == [
        "none (2)",
        '├── {"a":null,"b":1}',
        "└── 3",
        "x�[31m (1)",
        "└── 7",
    ]
    assert shell("search aggregate(volume_type: sum(1) as n): is(volume) | tree --by volume_type | head 1") == ["gp2 (1)"]
    assert shell("json [] | tree") == []


def _edge(source: str, target: str, edge_type: str = "default") -> dict[str, str]:
    return {"type": "edge", "from": source, "to": target, "edge_type": edge_type}


def _node(id: str) -> dict[str, object]:
    return {"id": id, "kind": "k", "reported": {"id": id, "name": id.upper()}}


@pytest.fixture
def plain(app: App) -> Shell:
    return Shell(app)


def test_along_the_edges_that_came_with_the_rows(plain: Shell) -> None:
    rows = [*map(_node, "abcdxy"), *(_edge(*pair) for pair in ("ab", "bd", "ac", "cd", "bd", "da", "xy", "yx", "yz", "aa"))]
    assert plain(f"json {json.dumps(rows)} | tree --edges") == [
        "k a (A)",
        "├── k b (B)",
        "│   └── k d (D)",
        "│       └── k a (A) (above)",
        "└── k c (C)",
        "    └── k d (D) (above)",
        "k x (X)",
        "└── k y (Y)",
        "    └── k x (X) (above)",
    ]


def test_default_edges_come_first(plain: Shell) -> None:
    rows = [*map(_node, "abc"), _edge("b", "a", "delete"), _edge("c", "b", "delete")]
    assert plain(f"json {json.dumps(rows)} | tree --edges") == ["k c (C)", "└── k b (B)", "    └── k a (A)"]
    assert plain(f"json {json.dumps([*rows, _edge('a', 'b')])} | tree --edges") == ["k a (A)", "└── k b (B)", "k c (C)"]


def test_a_long_chain_and_a_wide_fan(plain: Shell) -> None:
    ids = [f"n{number}" for number in range(3000)]
    rows = [*map(_node, ids), *map(_edge, ids, ids[1:])]
    assert len(plain(f"json {json.dumps(rows)} | tree --edges")) == 3000
    fan = [*map(_node, ids[:9]), *(_edge("n0", id) for id in ids[1:9])]
    assert plain(f"json {json.dumps(fan)} | tree --edges --max 2")[1:] == ["├── k n1 (N1)", "├── k n2 (N2)", "└── … 6 more"]


def test_edges_that_did_not_come_are_missed(shell: Shell) -> None:
    assert shell("search is(volume) | tree --edges | head 1") == ["aws_ec2_volume vol-1 (name of vol-1)"]
    assert shell.notes == ["no edges came with these rows: search --with-edges brings them"]


@pytest.mark.parametrize("line", ["tree --by a --edges", "tree --max -1", "tree --by a[", "tree --max x", "tree --bye a"])
def test_mistakes(plain: Shell, line: str) -> None:
    assert plain(f"json [] | {line}") == []
    assert plain.status == 2


def test_a_line_is_no_wider_than_the_terminal(shell: Shell) -> None:
    narrow = Shell(shell.app, columns=30)
    assert max(map(len, narrow("search is(volume) | tree"))) == 30
