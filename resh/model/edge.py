"""Edges: `default` says what contains or uses what (parent to child), `delete` says A → B: B must be gone before A."""

from __future__ import annotations

from typing import Literal, NamedTuple

EdgeType = Literal["default", "delete"]
EDGE_TYPES: tuple[EdgeType, ...] = ("default", "delete")


class Edge(NamedTuple):
    """`owner` is the id of the end whose document tells of the edge: while that end's scope cannot be read, the edge stays."""

    source: str
    target: str
    type: EdgeType
    owner: str
