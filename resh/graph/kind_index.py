"""Which rows of the graph belong to a kind: names and hierarchy on one side, stored kind numbers on the other.

index = KindIndex(store, known, providers_kinds)
index.rowid_ranges("volume")      # [(first nid, last nid), …], one pair for each kind that is a volume and has ever been stored
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from resh.model.kinds import Kind, Kinds

if TYPE_CHECKING:
    from resh.graph.base import GraphStore

KIND_BITS = 40
"""A node's rowid is kind number << 40 | sequence."""


class KindIndex:
    """`kinds` grows with what merges declare; the providers' own catalogs are asked only for a name that is in neither."""

    def __init__(self, store: GraphStore, kinds: Kinds, catalogs: Callable[[], Iterable[Kind]]) -> None:
        self._store = store
        self._kinds = kinds
        self._bases = tuple(kinds)
        self._catalogs = catalogs
        self._numbers: Mapping[str, int] | None = None

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        numbers = self._current()
        if kind not in self._kinds:
            self.complete()
        ranges: list[tuple[int, int]] = []
        for kid in sorted(numbers[leaf] for leaf in self._kinds.leaves(kind) if leaf in numbers):
            first, last = kid << KIND_BITS, (kid + 1 << KIND_BITS) - 1
            if ranges and ranges[-1][1] + 1 == first:
                ranges[-1] = (ranges[-1][0], last)
            else:
                ranges.append((first, last))
        return ranges

    def property_types(self, name: str) -> frozenset[str]:
        """The types that the base kinds and those of the graph declare for a property of that name; none for one that nobody declared."""
        inherited = {prop.type for kind in self._bases for prop in kind.properties if prop.name == name}
        return self._store.property_types(name) | inherited

    def known(self) -> Kinds:
        """The base kinds and those of the graph."""
        self._current()
        return self._kinds

    def complete(self) -> Kinds:
        """All kinds there are: those of the graph and those that a collect could find."""
        self._current()
        for kind in self._catalogs():
            if kind.name not in self._kinds:
                self._kinds.add(kind)
        return self._kinds

    def _current(self) -> Mapping[str, int]:
        """Kind numbers; kinds that were declared since the last look are taken in."""
        numbers = self._store.kind_ids()
        if numbers is not self._numbers:
            for kind in self._store.kinds():
                self._kinds.add(kind)
            self._numbers = numbers
        return numbers
