"""Graphs in a real store, small and random, with the same as plain Python beside them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from resh.clock import FakeClock, iso
from resh.graph.base import UsageSample
from resh.graph.document import document
from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.edge import Edge
from resh.model.kinds import Kind, Kinds, Property
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.search import compile, parse
from resh.search.tree import Query
from tests.search.search_reference import World

NOW = 1_700_000_000.0
DAY = 86400


class AnyKind:
    """Every kind has rows, and every property may be of any type."""

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        return [(1 << 40, (20 << 40) - 1)]

    def property_types(self, name: str, kinds: tuple[str, ...]) -> frozenset[str]:
        return frozenset(("string", "int64", "double", "boolean", "datetime", "date", "duration", "string[]", "dictionary"))


def _kind(name: str, base: str, **types: str) -> Kind:
    """Documents are random, and hold what is declared here or not."""
    return Kind(name, (base,), properties=tuple(Property(*declared) for declared in types.items()))


KINDS = [
    Kind("resource", (), properties=(Property("name"), Property("id"), Property("ctime", "datetime"))),
    *(Kind(name, ("resource",)) for name in ("cloud", "graph_root", "account", "region", "volume", "instance")),
    _kind("aws_ec2_volume", "volume", a="string", b="int64", x="datetime", list="string[]"),
    _kind("gcp_disk", "volume", a="boolean", b="int64", x="date", **{"c.a": "double", "list[].a": "datetime", "c.x[].b": "int64"}),
    _kind("aws_ec2_instance", "instance", a="int64", b="duration", x="any", list="double[]", c="dictionary"),
    Kind("aws_unseen", ("instance",)),
]
SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    2,
    10,
    -3,
    2.5,
    "",
    "a",
    "b",
    "B2",
    "1",
    "10",
    "true",
    "False",
    "[1]",
    "2023-06-01T00:00:00Z",
    "3d",
    "é",
    "10.1.2.3",
    "10.1.0.0/24",
    "192.168.0.1",
    "fd00::17",
    "web-1.eu/Web 1",
    "eu web",
    "STRASSE\x00b2@b2",
    "a\x02web",
    'a\\"web"',
]


VOLUMES: list[dict[str, Any]] = [
    {
        "rid": "v1",
        "name": "data",
        "volume_size": 10,
        "encrypted": True,
        "ctime": iso(NOW - 2 * DAY),
        "disks": [{"gb": 1, "on": ["a"]}, {"gb": 2}],
        "ips": ["10.1.2.3", "fd00::17", None],
    },
    {"rid": "v2", "name": "logs", "volume_size": 500, "encrypted": False, "ctime": iso(NOW - 40 * DAY), "disks": [], "ips": "10.9.0.1"},
    {
        "rid": "v3",
        "name": "data",
        "volume_size": 7.5,
        "ctime": iso(NOW - 400 * DAY),
        "tags": {"owner": "ada"},
        "cidr": "172.16.8.0/24",
        "disks": [{"gb": 2, "on": ["a", "b"]}],
    },
]


class Graph:
    def __init__(self, store: SqliteStore, kinds: KindIndex, world: World) -> None:
        self.store, self.kinds, self.world = store, kinds, world

    def rows(self, query: Query | str, projection: tuple[str, ...] | None = None) -> list[tuple[Any, ...]]:
        tree = parse(query) if isinstance(query, str) else query
        return list(self.store.fetch(compile(tree, self.kinds, NOW, projection)))

    def documents(self, query: Query | str) -> list[dict[str, Any]]:
        compiled = compile(parse(query) if isinstance(query, str) else query, self.kinds, NOW)
        return [document(row, compiled.merged) for row in self.store.fetch(compiled)]

    def ids(self, query: Query | str) -> list[str]:
        return [row[0] for row in self.rows(query)]

    def names(self, query: Query | str) -> list[Any]:
        return [name for (name,) in self.rows(query, ("name",))]


def open_graph(path: Path) -> tuple[SqliteStore, KindIndex]:
    store = SqliteStore(path, FakeClock(NOW))
    return store, KindIndex(store, Kinds(KINDS), lambda: ())


def random_usage(pick: random.Random, ids: list[str]) -> list[UsageSample]:
    """In quarters, which add up exactly."""
    samples = []
    for id in pick.sample(ids, len(ids) // 2):
        for metric in pick.sample(["cpu", "mem", "disk"], 2):
            for days in pick.sample(range(8), 4):
                low = pick.randrange(40) / 4
                samples.append(UsageSample(id, metric, NOW - days * DAY, low, low + pick.randrange(9) / 4, low + 5))
    return samples


def make_node(kind: str, rid: str, account: str = "1", region: str = "eu", **reported: Any) -> Node:
    common = {"id": rid, "name": rid, "kind": kind, "tags": {}}
    return Node(node_id("aws", account, region, kind, rid), kind, Scope("aws", account, region, kind), region, common | reported)


def fill(store: SqliteStore, account: str, name: str, nodes: list[Node], edges: list[Edge]) -> None:
    with store.merge("aws", account, name) as merge:
        merge.kinds(KINDS)
        merge.nodes(nodes)
        merge.edges(edges)
        for scope in {node.scope for node in nodes}:
            merge.scope(ScopeReport(scope, Status.OK, 1))


def random_value(pick: random.Random, depth: int = 0) -> Any:
    kind = pick.random()
    if depth < 2 and kind < 0.15:
        return [random_value(pick, depth + 1) for _ in range(pick.randrange(3))]
    if depth < 2 and kind < 0.3:
        return random_object(pick, depth + 1)
    return pick.choice(SCALARS)


def random_object(pick: random.Random, depth: int = 0) -> dict[str, Any]:
    return {key: random_value(pick, depth) for key in ("a", "b", "c", "x") if pick.random() < 0.7}


def random_graph(seed: int) -> tuple[list[tuple[str, str, list[Node]]], list[Edge]]:
    pick = random.Random(seed)
    accounts = []
    for account, name in (("1", "dev"), ("2", "")):
        nodes = []
        for number in range(14):
            kind = pick.choice(["account", "region", "aws_ec2_volume", "gcp_disk", "aws_ec2_instance"])
            reported = random_object(pick)
            if pick.random() < 0.7:
                reported["list"] = [random_value(pick, 1) for _ in range(pick.randrange(4))]
            if pick.random() < 0.8:
                reported["ctime"] = iso(NOW - pick.randrange(100 * 86400))
            if pick.random() < 0.5:
                reported["mtime"] = iso(NOW - pick.randrange(10 * 86400))
            reported["name"] = pick.choice(["web", "db", None, f"n{number}", "Été"])
            nodes.append(make_node(kind, f"{account}-{number}", account, pick.choice(["eu", "us"]), **reported))
        accounts.append((account, name, nodes))
    everything = [node for _, _, nodes in accounts for node in nodes]
    edges = {(pick.choice(everything).id, pick.choice(everything).id, pick.choice(["default", "default", "delete"])) for _ in range(50)}
    owners = [(edge, owner) for edge in sorted(edges) for owner in pick.choice([edge[:1], edge[1:2], edge[:2]])]
    return accounts, [Edge(source, target, type, owner) for (source, target, type), owner in owners]  # type: ignore[arg-type]


def edge(type: int, source: str, target: str, owner: int, account: str | None, account_id: str | None, cloud: str | None) -> dict[str, str]:
    """As the search language sees it; what the graph has no value for is left out."""
    found = {"edge_type": ("default", "delete")[type], "from": source, "to": target, "owner": ("source", "target", "both")[owner - 1]}
    return found | {
        name: value for name, value in (("account", account or account_id), ("account.id", account_id), ("cloud", cloud)) if value
    }


def world(store: SqliteStore) -> World:
    """What the store holds, read without the search language."""
    from resh.graph.document import COLUMNS, TABLES

    connection = store.database.reader()
    documents = {found["id"]: found for found in map(document, connection.execute(f"SELECT {COLUMNS} FROM {TABLES}"))}
    tables = "edge e JOIN account a USING (gid) JOIN node s ON s.nid = e.src JOIN node t ON t.nid = e.dst"
    select = f"SELECT e.et, s.id, t.id, e.own, a.name, a.id, a.cloud FROM {tables}"
    edges = [edge(*row) for row in connection.execute(select)]
    samples = list(connection.execute("SELECT n.id, u.metric, u.at, u.min, u.avg, u.max FROM usage u JOIN node n USING (nid)"))
    return World(documents, edges, Kinds(KINDS), NOW, samples)


def page_graph(path: Path) -> Graph:
    """account → region → instance type → instance → the three volumes; region → volumes; the instance must go before v1."""
    store, kinds = open_graph(path)
    account, region = make_node("account", "1", region="global"), make_node("region", "eu")
    volumes = [make_node("aws_ec2_volume", volume.pop("rid"), **volume) for volume in ({**volume} for volume in VOLUMES)]
    instance = make_node("aws_ec2_instance", "i1", cores=4, ctime=iso(NOW - DAY))
    nodes = [account, region, instance, *volumes]
    pairs = [(account, region), (region, instance), *((region, volume) for volume in volumes), *((instance, volume) for volume in volumes)]
    edges = [Edge(source.id, target.id, "default", target.id) for source, target in pairs]
    fill(store, "1", "dev", nodes, [*edges, Edge(instance.id, volumes[0].id, "delete", instance.id)])
    store.mark([volumes[1].id], "desired", {"name": "old"}, by="test")
    store.mark([volumes[0].id], "desired", {"name": "data"}, by="test")
    store.mark([volumes[1].id], "metadata", {"protected": True}, by="test")
    return Graph(store, kinds, world(store))
