"""What no provider reports: the root of the graph, the clouds below it, and the edge from the one to the other. The first merge lays it."""

from __future__ import annotations

import apsw

from resh.graph import adjacency, history, kind_table, node_table
from resh.graph.adjacency import SOURCE, TYPES
from resh.graph.content import content, digest, encode
from resh.graph.node_table import Row
from resh.model.node import ROOT, Node, node_id
from resh.model.scope import Scope

BY = "collect"
"""What history says of changes that collects made."""
GID = 0
"""The account number of nodes that belong to no account; their scope number is 0 too."""


def ensure_cloud(connection: apsw.Connection, cloud: str, now: float) -> int:
    """The row of a cloud's node."""
    id = node_id(cloud, "", "", "cloud", cloud)
    nid = node_table.nid_of(connection, id)
    if nid is None:
        history.begin(connection, now)
        root = node_table.nid_of(connection, ROOT) or _insert(connection, ROOT, "graph_root", ROOT, now)
        nid = _insert(connection, id, "cloud", cloud, now)
        edges = set(adjacency.read(connection, GID))
        adjacency.write(connection, GID, edges, edges | {(root, nid, TYPES["default"], SOURCE)}, {nid}, now)
        node_table.changed(connection, GID)
    return nid


def _insert(connection: apsw.Connection, id: str, kind: str, name: str, now: float) -> int:
    nid = node_table.free_nid(connection, kind_table.number(connection, [kind])[kind])
    node = Node(id, kind, Scope("", "", "", kind), "", {"id": name, "name": name, "kind": kind, "tags": {}})
    _, body = encode(node.reported)
    node_table.insert(connection, GID, [Row(nid, id, 0, content(node, node.reported, body, digest(node, body)))], now)
    history.created(connection, [nid], now, BY)
    return nid
