"""Variables that a line may begin with (`graph=monday search …`), for whoever completes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Variable(NamedTuple):
    """`source` is what its values are, for the vocabulary."""

    description: str
    source: str


VARIABLES: Mapping[str, Variable] = {
    "at": Variable("the moment that the search is about", "moment"),
    "count": Variable("false: matches are not counted while the line is typed", "flag"),
    "edge_type": Variable("the edges that predecessors, successors and the like follow", "edge"),
    "graph": Variable("another graph than the one that is collected into", "graph"),
    "search_timeout": Variable("how long the line may take", "duration"),
    "section": Variable("the section that paths are about", "section"),
    "yes": Variable("true: agree to what the line would ask", "flag"),
}
