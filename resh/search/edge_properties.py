"""What an edge has, for conditions in the braces of an arrow: `-{owner = source}->`."""

from __future__ import annotations

EDGE_PROPERTIES: dict[str, tuple[str, str]] = {
    "edge_type": ("string", "default or delete"),
    "owner": ("string", "which end told of it: source, target or both"),
    "account": ("string", "the name of the account whose collect told of it"),
    "account.id": ("string", "the id of that account"),
    "cloud": ("string", "the cloud of that account"),
    "from": ("string", "the id in the graph of where it comes from"),
    "to": ("string", "the id in the graph of where it leads to"),
}
"""Each with its type and what it is."""
