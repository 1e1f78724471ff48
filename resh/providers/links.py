"""Edges between the nodes of one account, found when everything has been read: by id, name or arn.

The collector tells `Linker` of every node as it comes, and asks for `edges` at the end. Names and ids are looked up in the node's own
region first; another region counts only where one of the two ends is a global kind, or for ARNs, which are unique.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from resh.model.edge import Edge
from resh.model.node import Node, node_id
from resh.providers.catalog import Link, Resource
from resh.providers.mapping import expression, values_at
from resh.providers.session import GLOBAL

Place = tuple[str, str]
"""Region and id in the graph."""


class _Pointers(NamedTuple):
    """Nodes of one kind and region with the values that they name in one of their links, side by side."""

    region: str
    is_global: bool
    link: Link
    nodes: list[str]
    values: list[str]


class Linker:
    def __init__(self, resources: Iterable[Resource], cloud: str, account: str) -> None:
        self._resources = {resource.kind: resource for resource in resources}
        self._cloud, self._account = cloud, account
        self._wanted = {(link.kind, link.by) for resource in self._resources.values() for link in resource.edges}
        self._found: dict[tuple[str, str], dict[str, list[Place] | Place]] = defaultdict(dict)
        self._pending: dict[tuple[str, int, str], _Pointers] = {}
        self._known_as: dict[str, str] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def saw(self, node: Node, resource: Resource, item: Any) -> None:
        """Index the node and remember which others its item names."""
        pointed = [(number, self._values(link, item)) for number, link in enumerate(resource.edges)]
        ended = bool(resource.ended) and bool(expression(resource.ended)(node.reported))
        with self._lock:
            if ended:
                self._ended.add(node.id)
            for number, values in pointed:
                self._point(node, resource, number, values)
            place = (node.region, node.id)
            for by in ("id", "name", "arn"):
                if (resource.kind, by) in self._wanted and by in node.reported:
                    _add(self._found[resource.kind, by], str(node.reported[by]), place)

    def _values(self, link: Link, item: Any) -> Iterable[str]:
        return (self._account,) if link.own else dict.fromkeys(values_at(link.path, item))

    def pointers(self) -> Iterator[tuple[str, str, str]]:
        """(kind, by, value) of everything that the nodes seen so far name."""
        return ((one.link.kind, one.link.by, value) for one in self._pending.values() for value in one.values)

    def know(self, kind: str, by: str, value: str, places: Iterable[Place]) -> None:
        """Region and id of the nodes that go by the value, though they were not seen."""
        self._found[kind, by][value] = list(places)

    def referenced(self, kind: str) -> set[tuple[str, str]]:
        """(region, value) of everything that links by id to the kind."""
        by_id = (one for one in self._pending.values() if one.link.kind == kind and one.link.by == "id")
        return {(one.region, value) for one in by_id for value in one.values}

    def edges(self, was_read: Callable[[str, str], bool]) -> Iterator[Edge]:
        """Every edge once. `was_read(region, kind)`: whether that scope was read completely, so that a missing end is really missing."""
        seen: set[tuple[str, str, str]] = set()
        for one in self._pending.values():
            for node, value in zip(one.nodes, one.values, strict=True):
                for other in self._targets(one, value, was_read):
                    for edge in _edges(one.link, node, other):
                        if edge[:3] not in seen and self._stands(edge):
                            seen.add(edge[:3])
                            yield edge

    def _stands(self, edge: Edge) -> bool:
        """Nothing points to itself, and nothing waits for what has ended."""
        waits = edge.type == "delete" and (edge.source in self._ended or edge.target in self._ended)
        return edge.source != edge.target and not waits

    def _point(self, node: Node, resource: Resource, number: int, values: Iterable[str]) -> None:
        """Values are kept once: many nodes name the same network."""
        for value in values:
            key = resource.kind, number, node.region
            one = self._pending.get(key)
            if one is None:
                one = self._pending[key] = _Pointers(node.region, resource.is_global, resource.edges[number], [], [])
            one.nodes.append(node.id)
            one.values.append(self._known_as.setdefault(value, value))

    def _targets(self, one: _Pointers, value: str, was_read: Callable[[str, str], bool]) -> list[str]:
        link = one.link
        if link.account:
            return [node_id(self._cloud, value, GLOBAL, link.kind, value)]
        found = _places(self._found[link.kind, link.by], value)
        near = [id for region, id in found if region == one.region]
        if near:
            return near
        target = self._resources.get(link.kind)
        if target is None:
            return []
        if found and (link.by == "arn" or one.is_global or target.is_global):
            return [id for _, id in found]
        region = GLOBAL if target.is_global else one.region
        if link.by == "id" and not target.region and not was_read(region, link.kind):
            return [node_id(self._cloud, self._account, region, link.kind, value)]
        return []


def _add(found: dict[str, list[Place] | Place], value: str, place: Place) -> None:
    """A list only where several go by the same value."""
    before = found.get(value)
    if before is None:
        found[value] = place
    elif isinstance(before, list):
        before.append(place)
    else:
        found[value] = [before, place]


def _places(found: dict[str, list[Place] | Place], value: str) -> list[Place]:
    places = found.get(value, [])
    return places if isinstance(places, list) else [places]


def _edges(link: Link, node: str, other: str) -> Iterator[Edge]:
    source, target = (node, other) if link.child else (other, node)
    if not link.only_delete:
        yield Edge(source, target, "default", node)
    if link.delete == "reverse":
        source, target = target, source
    if link.delete or link.only_delete:
        yield Edge(source, target, "delete", node)
