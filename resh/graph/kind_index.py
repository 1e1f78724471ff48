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
    """`kinds` grows with what merges declare; the providers' own catalogs are asked only for a name that is in neither.

    Rows belong to kinds by the hierarchy alone. Properties, which are many and long, are read when somebody asks for kinds.
    """

    def __init__(self, store: GraphStore, kinds: Kinds, catalogs: Callable[[], Iterable[Kind]]) -> None:
        self._store = store
        self._kinds = kinds
        self._bases = tuple(kinds)
        self._catalogs = catalogs
        self._hierarchy = Hierarchy({}, Kinds(), self.complete)
        self._taken_in: Mapping[str, int] | None = None

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        return self.hierarchy().rowid_ranges(kind)

    def hierarchy(self) -> Hierarchy:
        """As it is now: who asks for several kinds need not look each time whether there are new ones."""
        numbers, known = self._store.kind_ids(), self._hierarchy
        if numbers is not known.numbers:
            kinds = Kinds(self._bases)
            for name, bases in self._store.kind_bases().items():
                kinds.add(Kind(name, bases))
            self._hierarchy = known = Hierarchy(numbers, kinds, self.complete)
        return known

    def property_types(self, name: str) -> frozenset[str]:
        """The types that the base kinds and those of the graph declare for a property of that name; none for one that nobody declared."""
        inherited = {prop.type for kind in self._bases for prop in kind.properties if prop.name == name}
        return self._store.property_types(name) | inherited

    def possible_types(self, name: str) -> frozenset[str]:
        """The same of all kinds that there are."""
        return self.complete().property_types(name)

    def known(self) -> Kinds:
        """The base kinds and those of the graph."""
        numbers = self._store.kind_ids()
        if numbers is not self._taken_in:
            for kind in self._store.kinds():
                self._kinds.add(kind)
            self._taken_in = numbers
        return self._kinds

    def complete(self) -> Kinds:
        """All kinds there are: those of the graph and those that a collect could find."""
        known = self.known()
        for kind in self._catalogs():
            if kind.name not in known:
                known.add(kind)
        return known


class Hierarchy:
    """The kinds of the graph at some moment, without their properties. A name that it has not is looked for in `complete`."""

    def __init__(self, numbers: Mapping[str, int], kinds: Kinds, complete: Callable[[], Kinds]) -> None:
        self.numbers = numbers
        self._kinds = kinds
        self._complete = complete
        self._ranges: dict[str, list[tuple[int, int]]] = {}

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        if kind not in self._ranges:
            kinds = self._kinds if kind in self._kinds else self._complete()
            self._ranges[kind] = _joined(sorted(self.numbers[leaf] for leaf in kinds.leaves(kind) if leaf in self.numbers))
        return self._ranges[kind]


def _joined(kids: Iterable[int]) -> list[tuple[int, int]]:
    """The ranges of rows of these kind numbers, which ascend."""
    ranges: list[tuple[int, int]] = []
    for kid in kids:
        first, last = kid << KIND_BITS, (kid + 1 << KIND_BITS) - 1
        if ranges and ranges[-1][1] + 1 == first:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((first, last))
    return ranges
