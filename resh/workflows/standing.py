"""How far a run is, as it is drawn: here, or in another process that reads what this one wrote.

standing = handle.standing(call)
Standing.parse(standing.text()) == standing
standing.under_way("collect")         # ["aws", "aws/123456789012", "aws/123456789012/eu-west-1"]: what can be stopped alone
part(scopes, "123456789012")          # "aws/123456789012"
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from resh.errors import ReshError
from resh.text import did_you_mean
from resh.workflows.progress import Leaf

_MOST = 8
"""That many scopes are named in an error."""


class Waiting(NamedTuple):
    """The call to a cloud that it has waited for longest; `since` in epoch seconds."""

    what: str
    where: str
    since: float


class Standing(NamedTuple):
    """`ends` (epoch seconds) is judged by the last runs, 0 when there were none."""

    percent: int
    ends: float
    problems: int
    leaves: tuple[Leaf, ...]
    waiting: Waiting | None

    def text(self) -> str:
        return json.dumps(self)

    @classmethod
    def parse(cls, text: str) -> Standing:
        """Raises ValueError when it is none: of a newer version, or cut off."""
        try:
            percent, ends, problems, leaves, waiting = json.loads(text)
            parts = tuple((tuple(map(str, path)), int(done), int(total)) for path, done, total in leaves)
            return cls(int(percent), float(ends), int(problems), parts, Waiting(*waiting) if waiting else None)
        except TypeError as error:
            raise ValueError(f"no standing of a run: {error}") from None

    def under_way(self, step: str) -> list[str]:
        """Clouds, accounts and regions of the step that are not done."""
        found: dict[str, None] = {}
        for path, done, total in self.leaves:
            if path[0] == step and done < total:
                found |= dict.fromkeys("/".join(path[1:end]) for end in range(2, len(path) + 1))
        return list(found)


def part(scopes: Sequence[str], text: str) -> str:
    """The scope that is meant: its end will do, where nothing else ends so. Raises ReshError with those that there are."""
    found = [scope for scope in scopes if scope == text] or [scope for scope in scopes if scope.endswith(f"/{text}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise ReshError(f"'{text}' is in several accounts", f"one of {_some(found)}")
    hint = did_you_mean(text, scopes) or (f"under way: {_some(scopes)}" if scopes else "its step has no such parts")
    raise ReshError(f"there is no '{text}' under way", hint)


def _some(scopes: Sequence[str]) -> str:
    more = f", and {len(scopes) - _MOST} more" if len(scopes) > _MOST else ""
    return ", ".join(scopes[:_MOST]) + more
