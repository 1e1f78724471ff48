"""A graph that lived: random merges, marks and removals, and what it looked like after each.

life = live(folder, seed)
life.states[3]                  # a World: the documents and edges after the fourth change
life.graph(3)                   # the store, asked about that moment
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from resh.clock import FakeClock, iso
from resh.graph.base import Document
from resh.graph.document import document
from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.edge import EDGE_TYPES, Edge
from resh.model.kinds import Kinds
from resh.model.node import Node
from resh.model.scope import ScopeReport, Status
from resh.search import compile, parse
from resh.search.tree import Query
from tests.search.search_graphs import KINDS, NOW, make_node, random_object, random_value, world
from tests.search.search_reference import World

KINDS_OF = ("account", "region", "aws_ec2_volume", "gcp_disk", "aws_ec2_instance")
STEPS = 14


class Life:
    def __init__(self, path: Path, seed: int) -> None:
        self.clock = FakeClock(NOW)
        self.store = SqliteStore(path, self.clock)
        self.kinds = KindIndex(self.store, Kinds(KINDS), lambda: ())
        self.states: list[World] = []
        self._pick = random.Random(seed)
        self._nodes: dict[str, dict[str, Node]] = {"1": {}, "2": {}}

    def rows(self, query: Query | str, state: World, projection: tuple[str, ...] | None = None) -> list[tuple[Any, ...]]:
        tree = parse(query) if isinstance(query, str) else query
        compiled = compile(tree, self.kinds, state.now, projection, self.store.past(state.now))
        return list(self.store.fetch(compiled))

    def documents(self, state: World) -> dict[str, Document]:
        return {found["id"]: found for found in map(document, self.rows("all", state))}

    def step(self) -> None:
        self.clock.advance(self._pick.choice([0.5, 60, 86400]))
        change = self._pick.choice([self._merge, self._merge, self._merge, self._mark, self._remove])
        change()
        seen = world(self.store)
        self.states.append(World({id: _recorded(found) for id, found in seen.documents.items()}, seen.edges, seen.kinds, self.clock.now()))

    def _merge(self) -> None:
        pick, account = self._pick, self._pick.choice(["1", "2"])
        kept = {id: node for id, node in self._nodes[account].items() if pick.random() < 0.8}
        for number in pick.sample(range(12), 6):
            node = self._node(account, str(number))
            kept[node.id] = node
        self._nodes[account] = kept
        everything = [id for nodes in self._nodes.values() for id in nodes]
        edges = [Edge(pick.choice(everything), pick.choice(everything), pick.choice(EDGE_TYPES), "") for _ in range(14)]
        with self.store.merge("aws", account, f"account {account}") as merge:
            merge.kinds(KINDS)
            merge.nodes(kept.values())
            merge.edges(edge._replace(owner=pick.choice(edge[:2])) for edge in edges)
            for scope in {make_node(kind, "0", account).scope for kind in KINDS_OF}:
                merge.scope(ScopeReport(scope, pick.choice([Status.OK, Status.OK, Status.OK, Status.DENIED])))

    def _node(self, account: str, rid: str) -> Node:
        pick = self._pick
        reported = random_object(pick) | {"name": pick.choice(["web", "db", None, f"n{rid}", "7"])}
        reported["list"] = [random_value(pick, 1) for _ in range(pick.randrange(3))]
        reported["tags"] = pick.choice([{}, {"owner": "ada"}, {"expiration": "3d", "a": "b"}])
        if pick.random() < 0.7:
            reported["ctime"] = iso(NOW - pick.randrange(100) * 86400)
        kind = KINDS_OF[int(rid) % len(KINDS_OF)]
        node = make_node(kind, rid, account, **{key: _without_nulls(value) for key, value in reported.items() if value is not None})
        return node._replace(zone=pick.choice([None, "eu-a", "eu-b"]))

    def _mark(self) -> None:
        ids = [id for nodes in self._nodes.values() for id in nodes]
        patch = {"clean": self._pick.choice([True, None]), "why": self._pick.choice([None, {"by": "ada"}, {"at": 1}, "x"])}
        self.store.mark(self._pick.sample(ids, min(4, len(ids))), self._pick.choice(["desired", "metadata"]), patch, by="test")

    def _remove(self) -> None:
        for account in self._nodes.values():
            for id in self._pick.sample(sorted(account), min(2, len(account))):
                self.store.remove(id, by="test")
                del account[id]


def live(path: Path, seed: int) -> Life:
    life = Life(path, seed)
    life._merge()
    for _ in range(STEPS):
        life.step()
    return life


def _recorded(found: Document) -> Document:
    """When a node was seen is not in the history."""
    metadata = {key: value for key, value in found["metadata"].items() if key not in ("stale", "last_seen")}
    return found | {"metadata": metadata}


def _without_nulls(value: Any) -> Any:
    """null and missing are the same to searches, but not to has_key, and the way back makes nothing of null."""
    return {key: _without_nulls(item) for key, item in value.items() if item is not None} if isinstance(value, dict) else value
