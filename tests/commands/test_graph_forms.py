"""Resources with their edges as pictures' sources: read back by what knows the form, hostile names included."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from resh.render import graphs
from resh.render.graphs import Edge, Node
from tests.commands.conftest import Shell

NODES = [
    Node("a", "aws_vpc", 'a "quoted" \\ name', "aws", "demo", "eu"),
    Node("b", "aws_ec2_instance", "line\nbreak <&> ]]> --> \x1b[31m\u202e"),
    Node('c"];x', "aws_vpc", "end"),
]
EDGES = [Edge("a", "b", "default"), Edge("b", 'c"];x', "delete")]


def test_dot_quotes_whatever_a_name_holds() -> None:
    text = "\n".join(graphs.dot([*NODES, *EDGES]))
    without = re.sub(r'"(?:[^"\\]|\\.)*"', "S", text)  # as Graphviz reads strings
    assert without.count("S [label=S, fillcolor=S]") == 3
    assert without.count("S -> S") == 2
    assert without.count("S -> S [style=dashed]") == 1
    assert "\x1b" not in text
    assert len(text.splitlines()) == 3 + 5 + 1


def test_graphml_is_xml_with_the_same_graph() -> None:
    root = ElementTree.fromstring("\n".join(graphs.graphml([*NODES, *EDGES])))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    found = {node.get("id"): {data.get("key"): data.text for data in node} for node in root.findall(".//g:node", space)}
    assert found["a"] == {"kind": "aws_vpc", "name": 'a "quoted" \\ name', "cloud": "aws", "account": "demo", "region": "eu"}
    assert found["b"]["name"] == "line\nbreak <&> ]]> --> �[31m\u202e"
    edges = [(edge.get("source"), edge.get("target"), edge[0].text) for edge in root.findall(".//g:edge", space)]
    assert edges == [("a", "b", "default"), ("b", 'c"];x', "delete")]


def test_cytoscape_takes_the_elements() -> None:
    found = json.loads("".join(graphs.cytoscape([*NODES, *EDGES])))
    assert [element["data"]["id"] for element in found if element["group"] == "nodes"] == ["a", "b", 'c"];x']
    assert [element["data"]["target"] for element in found if element["group"] == "edges"] == ["b", 'c"];x']
    assert json.loads("".join(graphs.cytoscape([]))) == []


def test_mermaid_numbers_nodes_and_shows_what_it_could_misread_as_characters() -> None:
    lines = list(graphs.mermaid([*EDGES[:1], *NODES, *EDGES[1:], Edge("a", "elsewhere", "default")]))
    labels = [found[1] for line in lines if (found := re.fullmatch(r'  n\d\["(.*)<br/><small>\w+</small>"\]:::k\d', line))]
    assert len(labels) == 3
    assert all(re.fullmatch(r"(?:[\w .:/@+-]|#\d+;)+", label) for label in labels)
    assert labels[0] == "a #34;quoted#34; #92; name"
    assert [line for line in lines if "->" in line] == ["  n1 -.-> n2", "  n0 --> n1"]


@pytest.mark.parametrize("form", ["dot", "mermaid", "graphml", "cytoscape"])
def test_the_edges_come_with_the_search(shell: Shell, form: str) -> None:
    alone, asked = shell(f"search all | format --{form}"), shell(f"search --with-edges all | format --{form}")
    assert alone == asked
    arrow = {"dot": " -> ", "mermaid": "-", "graphml": "<edge ", "cytoscape": '"edges"'}[form]
    count = len(shell("search --with-edges all | format --ndjson")) - len(shell("search all | format --ndjson"))
    assert sum(arrow in line for line in alone if form != "mermaid" or re.search(r"-\.?->", line)) == count > 0


def test_what_is_no_resource_is_refused(shell: Shell) -> None:
    shell("search all | count kind | format --dot")
    assert shell.status == 2
    assert "--dot draws resources and edges" in shell.notes[0]
