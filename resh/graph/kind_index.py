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
        self._stored = _Stored({}, Kinds())
        self._taken_in: Mapping[str, int] | None = None

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        stored = self._current()
        if kind not in stored.ranges:
            kinds = stored.kinds if kind in stored.kinds else self.complete()
            stored.ranges[kind] = _joined(sorted(stored.numbers[leaf] for leaf in kinds.leaves(kind) if leaf in stored.numbers))
        return stored.ranges[kind]

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

    def _current(self) -> _Stored:
        """The hierarchy with the kinds that were declared since the last look."""
        numbers, stored = self._store.kind_ids(), self._stored
        if numbers is not stored.numbers:
            kinds = Kinds(self._bases)
            for name, bases in self._store.kind_bases().items():
                kinds.add(Kind(name, bases))
            self._stored = stored = _Stored(numbers, kinds)
        return stored


class _Stored:
    """The kinds of the graph at some moment, without their properties, and the ranges that were asked for."""

    def __init__(self, numbers: Mapping[str, int], kinds: Kinds) -> None:
        self.numbers = numbers
        self.kinds = kinds
        self.ranges: dict[str, list[tuple[int, int]]] = {}


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
