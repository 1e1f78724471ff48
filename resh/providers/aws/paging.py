"""The pages of an operation, asked for one by one: with which parameters the next is asked for, by botocore's description of it.

    paging = Paging(session.get_paginator_model("ec2").get_paginator("DescribeVolumes"))
    params = paging.next(params, answer)         # None after the last page

botocore's own paginators make the calls themselves, and so leave no place to wait or to repeat one. Raises PaginationError when a page does
not lead on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import PaginationError

from resh.providers.mapping import expression

_TOKENS = ("NextToken", "nextToken", "NextMarker", "PaginationToken")

Params = Mapping[str, Any]


class Paging:
    def __init__(self, described: Mapping[str, Any] | None) -> None:
        """`described` is None for what botocore takes for an operation of a single page."""
        self._described = described
        names, paths = (_listed((described or {}).get(name, ())) for name in ("input_token", "output_token"))
        self._tokens: list[tuple[str, Callable[[Any], Any]]] = [(name, expression(path)) for name, path in zip(names, paths, strict=True)]
        more = (described or {}).get("more_results")
        self._more = expression(more) if more else None

    def next(self, params: Params, answer: Mapping[str, Any]) -> Params | None:
        if self._described is None:
            if any(answer.get(token) for token in _TOKENS):
                raise PaginationError(message="the answer goes on, and botocore knows no further page of it")
            return None
        if self._more and not self._more(answer):
            return None
        tokens = {name: token(answer) or None for name, token in self._tokens}
        if not any(tokens.values()):
            return None
        following = {**params, **tokens}
        if all(params.get(name) == token for name, token in tokens.items()):
            raise PaginationError(message="the answer leads back to its own page")
        return {name: value for name, value in following.items() if value is not None or name not in tokens}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
