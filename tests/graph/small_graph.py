"""Small accounts to merge: nodes are named, everything else follows from the name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from resh.graph.base import CompiledQuery, MergeResult
from resh.graph.sqlite import SqliteStore
from resh.model.edge import Edge, EdgeType
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status

VOLUME, INSTANCE = "aws_ec2_volume", "aws_ec2_instance"
KINDS = (
    Kind(VOLUME, ("volume",), "A volume."),
    Kind(INSTANCE, ("instance",), "An instance."),
    Kind("aws_account", ("account",), "An account.", phantom=True),
)


def scope(kind: str = VOLUME, account: str = "1", region: str = "eu") -> Scope:
    return Scope("aws", account, region, kind)


def id_of(name: str, kind: str = VOLUME, account: str = "1", region: str = "eu") -> str:
    return node_id("aws", account, region, kind, name)


def node(name: str, kind: str = VOLUME, account: str = "1", region: str = "eu", **reported: Any) -> Node:
    document = {"id": name, "name": name, "kind": kind, "tags": {}, **reported}
    return Node(id_of(name, kind, account, region), kind, scope(kind, account, region), region, document)


def volume(name: str, **reported: Any) -> Node:
    return node(name, VOLUME, **reported)


def instance(name: str, **reported: Any) -> Node:
    return node(name, INSTANCE, **reported)


def edge(source: Node, target: Node, type: EdgeType = "default", owner: Node | None = None) -> Edge:
    return Edge(source.id, target.id, type, (owner or target).id)


def ok(*kinds: str) -> list[ScopeReport]:
    return [ScopeReport(scope(kind), Status.OK) for kind in kinds or (VOLUME, INSTANCE)]


def denied(kind: str = VOLUME) -> ScopeReport:
    return ScopeReport(scope(kind), Status.DENIED, operation="ec2:Describe", code="AccessDenied", message="not authorized")


def merge(
    store: SqliteStore, nodes: Iterable[Node], scopes: Iterable[ScopeReport] | None = None, edges: Iterable[Edge] = (), account: str = "1"
) -> MergeResult:
    with store.merge("aws", account, f"account {account}") as merging:
        merging.kinds(KINDS)
        merging.nodes(nodes)
        merging.edges(edges)
        for report in ok() if scopes is None else scopes:
            merging.scope(report)
    return merging.result


def names(store: SqliteStore) -> set[str]:
    """All nodes but the root and the clouds."""
    return {row[0] for row in store.fetch(CompiledQuery("SELECT name FROM node WHERE gid > 0", (), "values"))}


def edges_of(store: SqliteStore) -> set[tuple[str, str, int]]:
    sql = "SELECT s.name, t.name, e.et FROM edge e JOIN node s ON s.nid = e.src JOIN node t ON t.nid = e.dst WHERE e.gid > 0"
    return {(row[0], row[1], row[2]) for row in store.fetch(CompiledQuery(sql, (), "values"))}
