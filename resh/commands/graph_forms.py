"""`format --dot` and the other forms that show resources with the edges between them.

A search is asked for its edges; rows from elsewhere bring them, as `search --with-edges` gives them, or have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from resh.commands.base import Context, Rows
from resh.commands.found import Found, is_edge
from resh.commands.paths import is_node, value
from resh.errors import UsageError
from resh.render import graphs
from resh.render.values import cell
from resh.text import fit

_PLACES = ("/ancestors.cloud.reported.id", "/ancestors.account.reported.name", "/ancestors.region.reported.name")


def _as(draw: Callable[[graphs.Items], Iterator[str]], name: str) -> Callable[[Context, Rows], Iterator[str]]:
    def drawn(context: Context, rows: Rows) -> Iterator[str]:
        if isinstance(rows, Found) and not rows.is_aggregate:
            rows.with_edges = True
        return draw(_item(row, name) for row in rows)

    return drawn


def _item(row: Any, form: str) -> graphs.Node | graphs.Edge:
    if is_edge(row):
        return graphs.Edge(row["from"], row["to"], row["edge_type"])
    if not is_node(row):
        what = f"this row is neither: {fit(cell(row), 60)}"
        raise UsageError(f"format --{form} draws resources and edges, and {what}", "put a search in front of it")
    cloud, account, region = (cell(value(row, path) or "") for path in _PLACES)
    name = cell(row["reported"].get("name") or row["id"])
    return graphs.Node(row["id"], row["kind"], name, cloud, account, region)


FORMS = {
    name: _as(draw, name)
    for name, draw in (("dot", graphs.dot), ("mermaid", graphs.mermaid), ("graphml", graphs.graphml), ("cytoscape", graphs.cytoscape))
}
