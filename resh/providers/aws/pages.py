"""Which parameter asks for the next page of an operation, and where the answer has its value, when botocore has no paginator for it.

    tokens(model)        # of cloudfront's ListCachePolicies: ("Marker", "CachePolicyList.NextMarker")

botocore describes pages by hand, service by service, and leaves many listings out. Their own models tell enough: a parameter and a member
of the answer, or of the one structure that the answer consists of, that are called alike. `session.py` asks, `paging.py` turns the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_NAMES = (
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("PaginationToken", "PaginationToken"),
    ("pageToken", "nextPageToken"),
    ("NextMarker", "NextMarker"),
    ("Marker", "NextMarker"),  # before the next: such answers also repeat the marker that they were asked for
    ("Marker", "Marker"),
)
"""What parameters and members of answers are called."""


class Tokens(NamedTuple):
    """As botocore calls them: the parameter, and the path of the token in the answer; there is none in the last page."""

    input_token: str
    output_token: str


def tokens(model: Any) -> Tokens | None:
    """None for an operation whose answer is one page. `model` is a botocore.model.OperationModel."""
    if model.input_shape is None or model.output_shape is None:
        return None
    answers = dict(_paths(model.output_shape))
    return next((Tokens(name, answers[token]) for name, token in _NAMES if name in model.input_shape.members and token in answers), None)


def _paths(answer: Any) -> Iterator[tuple[str, str]]:
    """Members of the answer's structures by name, with their paths; those of the answer itself win."""
    for name, member in answer.members.items():
        if member.type_name == "structure":
            yield from ((inner, f"{name}.{inner}") for inner, shape in member.members.items() if shape.type_name == "string")
    yield from ((name, name) for name, member in answer.members.items() if member.type_name == "string")
