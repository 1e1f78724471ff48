"""One resource read again by itself: its node as a collect would make it now, and every edge it tells of.

    reread(target, catalog, known)      # (Node, [Edge, …]), None when it is gone

Raises CallFailed, and UsageError when the kind can not be read one by one. What others lent it stays as it was.
"""

from __future__ import annotations

from resh.model.edge import Edge
from resh.model.node import Node, node_id
from resh.model.scope import Scope
from resh.providers.actions import Target
from resh.providers.base import Reread
from resh.providers.catalog import Catalog
from resh.providers.known import Known
from resh.providers.links import Linker


def reread(target: Target, catalog: Catalog, known: Known) -> Reread | None:
    found = target.look(whole=True)
    if found is None:
        return None
    item, mapped = found
    resource, account = target.resource, target.account
    reported = {**target.lent(mapped.reported), **mapped.reported}
    id = node_id(account.cloud, account.id, mapped.region, resource.kind, mapped.rid)
    scope = Scope(account.cloud, account.id, target.listed, resource.kind)
    node = Node(id, resource.kind, scope, mapped.region, reported, mapped.zone)
    linker = Linker(catalog.resources, account.cloud, account.id)
    linker.saw(node, resource, item)
    for kind, by, value in linker.pointers():
        linker.know(kind, by, value, known(kind, by, value))
    region = node_id(account.cloud, account.id, mapped.region, catalog.region.kind, mapped.region)
    return Reread(node, (Edge(region, id, "default", id), *linker.edges(lambda region, kind: False)))
