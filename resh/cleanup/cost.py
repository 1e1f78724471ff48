"""What resources cost a month on demand, as far as the prices of their types are known. An estimate, for plans and limits.

costs = monthly_costs(documents, store)      # {node id: 31.2}; what is missing is not known
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from resh.graph.base import Document, GraphStore

HOURS = 730
"""In a month, as AWS counts it."""


def monthly_costs(documents: Iterable[Document], store: GraphStore) -> Mapping[str, float]:
    by_id = {document["id"]: document for document in documents if _unit(document)}
    types = _types(by_id, store)
    return {id: cost for id, document in by_id.items() if id in types and (cost := _cost(document, types[id])) is not None}


def _types(by_id: Mapping[str, Document], store: GraphStore) -> Mapping[str, Document]:
    """The node of its type above each of them."""
    parents = [(source, target) for source, target in store.neighbours(list(by_id), "default") if target in by_id] if by_id else []
    nodes = {id: store.node(id) for id in {source for source, _ in parents}}
    priced = {id: node for id, node in nodes.items() if node is not None and "ondemand_cost" in (node.get("reported") or {})}
    return {target: priced[source] for source, target in parents if source in priced}


def _unit(document: Document) -> str:
    reported = document.get("reported") or {}
    if "volume_size" in reported and "volume_type" in reported:
        return "volume"
    return "instance" if "instance_type" in reported and "instance_status" in reported else ""


def _cost(document: Document, of_type: Document) -> float | None:
    price, reported = of_type["reported"].get("ondemand_cost"), document["reported"]
    if not isinstance(price, int | float):
        return None
    if _unit(document) == "volume":
        return round(float(price) * float(reported.get("volume_size") or 0), 2)
    return round(float(price) * HOURS, 2) if reported.get("instance_status") == "running" else 0.0
