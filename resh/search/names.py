"""What completion asks about a graph, and somebody who knows nothing but kinds.

The shell's vocabulary knows values and keys too; it answers at once, with what is known so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from resh.model.kinds import Kinds

Scalar = str | int | float | bool
Counted = Iterable[tuple[Scalar, str]]
"""Values or keys, the most frequent first, each with how often it is there, in words."""


class Names(Protocol):
    def kinds(self) -> Kinds: ...

    def values(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        """Values at that path in nodes of these kinds (none: any kind). Where there are very many, some that begin with `typed`."""
        ...

    def keys(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        """Keys of the objects at that path; of whole documents when it is empty."""
        ...

    def templates(self) -> Mapping[str, str]:
        """Names of templates with what they are."""
        ...


class OnlyKinds:
    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    def kinds(self) -> Kinds:
        return self._kinds

    def values(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return ()

    def keys(self, kinds: tuple[str, ...], path: str, typed: str) -> Counted:
        return ()

    def templates(self) -> Mapping[str, str]:
        return {}
