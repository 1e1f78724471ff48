"""Resources and the edges between them as pictures' sources: DOT (Graphviz), Mermaid, GraphML, and the JSON of Cytoscape.js.

    for line in dot(items): ...

`items` are Nodes and Edges in any order; every line is made as its item comes. Edges of type delete are dashed. Where a form
has colours, each kind has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from resh.text import sanitise

_COLOURS = ("#a6cee3", "#b2df8a", "#fdbf6f", "#cab2d6", "#fb9a99", "#ffff99", "#8dd3c7", "#fccde5", "#d9d9d9", "#ccebc5")
_DELETE = "delete"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"


class Node(NamedTuple):
    id: str
    kind: str
    name: str
    cloud: str = ""
    account: str = ""
    region: str = ""


class Edge(NamedTuple):
    source: str
    target: str
    type: str


Items = Iterable[Node | Edge]


def dot(items: Items) -> Iterator[str]:
    yield "digraph resh {"
    yield "  rankdir=LR"
    yield '  node [shape=box, style="rounded,filled", fontname="Helvetica"]'
    colours = _Numbers()
    for item in items:
        if isinstance(item, Node):
            label = f'"{_dot(item.name)}\\n{_dot(item.kind)}"'
            yield f'  "{_dot(item.id)}" [label={label}, fillcolor="{_COLOURS[colours[item.kind] % len(_COLOURS)]}"]'
        else:
            yield f'  "{_dot(item.source)}" -> "{_dot(item.target)}"{" [style=dashed]" if item.type == _DELETE else ""}'
    yield "}"


def _dot(text: str) -> str:
    return sanitise(" ".join(text.split())).replace("\\", "\\\\").replace('"', '\\"')


def mermaid(items: Items) -> Iterator[str]:
    """Nodes are numbered: what ids hold means something to Mermaid. An edge to what is no node here is left out."""
    yield "graph LR"
    numbers = _Numbers()
    kinds = _Numbers()
    later: list[Edge] = []
    for item in items:
        if isinstance(item, Node):
            kind = kinds[item.kind]
            yield f'  n{numbers[item.id]}["{_mermaid(item.name)}<br/><small>{_mermaid(item.kind)}</small>"]:::k{kind % len(_COLOURS)}'
        elif item.source in numbers and item.target in numbers:
            yield _arrow(numbers, item)
        else:
            later.append(item)
    yield from (_arrow(numbers, edge) for edge in later if edge.source in numbers and edge.target in numbers)
    for number, colour in enumerate(_COLOURS[: len(kinds)]):
        yield f"  classDef k{number} fill:{colour},stroke:#555,color:#000"


def _arrow(numbers: _Numbers, edge: Edge) -> str:
    return f"  n{numbers[edge.source]} {'-.->' if edge.type == _DELETE else '-->'} n{numbers[edge.target]}"


def _mermaid(text: str) -> str:
    """Whatever is not plain becomes a numbered character, which Mermaid shows and never reads."""
    return re.sub(r"[^\w .:/@+-]", lambda found: f"#{ord(found[0])};", sanitise(" ".join(text.split())))


def graphml(items: Items) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<graphml xmlns="{_GRAPHML}">'
    for name in Node._fields[1:]:
        yield f'  <key id="{name}" for="node" attr.name="{name}" attr.type="string"/>'
    yield '  <key id="edge_type" for="edge" attr.name="edge_type" attr.type="string"/>'
    yield '  <graph id="resh" edgedefault="directed">'
    for item in items:
        if isinstance(item, Node):
            data = "".join(f'<data key="{name}">{_xml(value)}</data>' for name, value in item._asdict().items() if name != "id" and value)
            yield f"    <node id={quoteattr(_clean(item.id))}>{data}</node>"
        else:
            ends = f"source={quoteattr(_clean(item.source))} target={quoteattr(_clean(item.target))}"
            yield f'    <edge {ends}><data key="edge_type">{_xml(item.type)}</data></edge>'
    yield "  </graph>"
    yield "</graphml>"


def _xml(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    return _NO_XML.sub("�", text)


def cytoscape(items: Items) -> Iterator[str]:
    """The flat list of elements that `cytoscape({elements: …})` takes."""
    from resh.render.json import compact

    opening = "["
    for item in items:
        group = "nodes" if isinstance(item, Node) else "edges"
        yield opening + compact({"group": group, "data": item._asdict()})
        opening = ","
    yield "]" if opening == "," else "[]"


class _Numbers(dict[str, int]):
    """Numbers what it is asked for, in the order in which that comes."""

    def __missing__(self, key: str) -> int:
        self[key] = len(self)
        return self[key]
