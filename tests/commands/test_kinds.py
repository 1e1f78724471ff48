"""Kinds: what there is of them, what they hold and where it comes from, what they are really connected with."""

from __future__ import annotations

import json

import pytest

from tests.commands.conftest import Shell


def test_the_list_counts_what_is_there(shell: Shell) -> None:
    rows = {row["name"]: row for row in map(json.loads, shell("kinds --all"))}
    assert (rows["aws_ec2_volume"]["bases"], rows["aws_ec2_volume"]["resources"]) == ("volume", 4)
    assert rows["volume"]["resources"] == 4
    assert rows["resource"]["resources"] == len(shell("search all")) - 1
    assert rows["aws_ec2_volume"]["properties"] == rows["volume"]["properties"] + 1
    leaves = {row["name"] for row in map(json.loads, shell("kinds"))}
    assert {"aws_ec2_volume", "aws_ec2_instance_type"} <= leaves
    assert "volume" not in leaves


def test_one_kind_with_the_origin_of_its_properties(shell: Shell) -> None:
    (row,) = map(json.loads, shell("kind aws_ec2_volume"))
    assert (row["name"], row["bases"], row["kinds"], row["resources"]) == ("aws_ec2_volume", ["volume", "resource"], [], 4)
    properties = {prop["name"]: prop for prop in row["properties"]}
    assert properties["volume_size"] == {
        "name": "volume_size",
        "type": "int64",
        "unit": "GB",
        "from": "aws_ec2_volume",
        "description": "its size",
    }
    assert (properties["volume_iops"]["from"], properties["tags"]["from"]) == ("volume", "resource")
    assert list(properties) == sorted(properties)


def test_one_kind_with_the_kinds_that_it_is_connected_with(shell: Shell) -> None:
    (volume,) = map(json.loads, shell("kinds volume"))
    assert volume["kinds"] == ["aws_ec2_volume", "aws_lightsail_disk"]
    assert (volume["predecessors"], volume["successors"]) == ([], [{"kind": "aws_ec2_instance", "edge_type": "delete", "edges": 1}])
    (instance,) = map(json.loads, shell("kinds aws_ec2_instance"))
    assert instance["predecessors"] == [{"kind": "aws_ec2_volume", "edge_type": "delete", "edges": 1}]
    (cloud,) = map(json.loads, shell("kinds cloud"))
    assert cloud["predecessors"] == [{"kind": "graph_root", "edge_type": "default", "edges": 1}]


def test_a_terminal_shows_a_kind_as_a_page(terminal: Shell) -> None:
    lines = terminal("kinds aws_ec2_volume")
    assert lines[:3] == ["aws_ec2_volume < volume < resource", "A block storage volume.", "4 in the graph"]
    assert "properties" in lines
    assert lines[-2:] == ["  kind              edge_type  edges", "  aws_ec2_instance  delete         1"]
    assert max(map(len, lines)) <= 100
    assert terminal("kinds aws_ec2_volume | format {name}: {properties[0].name}") == ["aws_ec2_volume: age"]
    assert terminal("kinds aws_ec2_volume | dump")[:2] == ["---", "name: aws_ec2_volume"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("volume_size", "aws_ec2_volume int64 GB aws_ec2_volume"),
        ("/reported.volume_size", "aws_ec2_volume int64 GB aws_ec2_volume"),
        ("zones", "aws_ec2_volume string[] aws_ec2_volume"),
        ("zones[*]", "aws_ec2_volume string aws_ec2_volume"),
        ("zones[0]", "aws_ec2_volume string aws_ec2_volume"),
        ("tags.owner", "aws_ec2_volume any resource"),
        ("age", "aws_ec2_volume duration resource"),
    ],
)
def test_a_property_and_the_kinds_that_have_it(shell: Shell, path: str, expected: str) -> None:
    lines = shell(f"kinds -p {path} | format {{kind}} {{type}} {{unit}} {{from}}")
    assert expected in [" ".join(line.split()) for line in lines]
    assert shell(f"kinds --property {path} | format {{name}} | uniq") == [path]


def test_base_kinds_have_it_too(shell: Shell) -> None:
    assert "volume" not in shell("kinds -p volume_size | format {kind}")
    assert "volume" in shell("kinds -p volume_size -a | format {kind}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kinds -p volume_sise", "no kind has a property 'volume_sise' (did you mean volume_size"),
        ("kinds -p zones.x", "no kind has a property 'zones.x'"),
        ("kinds -p account", "every resource has the section ancestors"),
        ("kinds -p /metadata.protected", "every resource has the section metadata"),
        ("kinds volum", "there is no kind 'volum'"),
        ("kinds volume -p name", "exclude each other"),
    ],
)
def test_mistakes(shell: Shell, line: str, words: str) -> None:
    assert shell(line) == []
    assert (shell.status, len(shell.notes)) == (2, 1)
    assert words in shell.notes[0]
