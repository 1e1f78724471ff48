"""Which rows of the graph belong to a kind: names and hierarchy on one side, stored kind numbers on the other.

index = KindIndex(store, known, providers_kinds)
index.rowid_ranges("volume")      # [(first nid, last nid), …], one pair for each kind that is a volume and has ever been stored
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from resh.model.kinds import Kind, Kinds

if TYPE_CHECKING:
    from resh.graph.base import GraphStore

_MOST_NAMES = 1000
KIND_BITS = 40
"""A node's rowid is kind number << 40 | sequence."""


Declarations = Sequence[tuple[str, str]]
"""(kind, type) of every kind that has a property of some name of its own."""


class KindIndex:
    """`kinds` grows with what merges declare; the providers' own catalogs are asked only for a name that is in neither.

    Rows belong to kinds by the hierarchy alone. Properties, which are many and long, are read when somebody asks for kinds.
    """

    def __init__(self, store: GraphStore, kinds: Kinds, catalogs: Callable[[], Iterable[Kind]]) -> None:
        self._store = store
        self._kinds = kinds
        self._bases = tuple(kinds)
        self._catalogs = catalogs
        self._hierarchy = Hierarchy({}, Kinds(), self.complete, self._declarations)
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
            self._hierarchy = known = Hierarchy(numbers, kinds, self.complete, self._declarations)
        return known

    def property_types(self, name: str, kinds: tuple[str, ...] = ()) -> frozenset[str]:
        """The types that the base kinds and those of the graph declare for a property of that name; none for one that nobody declared."""
        return self.hierarchy().property_types(name, kinds)

    def possible_types(self, name: str) -> frozenset[str]:
        """The same of all kinds that there are."""
        return self.complete().property_types(name)

    def _declarations(self, name: str) -> Declarations:
        inherited = ((kind.name, prop.type) for kind in self._bases for prop in kind.properties if prop.name == name)
        return (*self._store.property_types(name), *inherited)

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
    """The kinds of the graph at some moment, without their properties. A name that it has not is looked for in `complete`.

    `declarations` knows the types of a property by its name: one that a search compares is looked up, the many others are not read.
    """

    def __init__(
        self,
        numbers: Mapping[str, int],
        kinds: Kinds,
        complete: Callable[[], Kinds],
        declarations: Callable[[str], Declarations] = lambda name: (),
    ) -> None:
        self.numbers = numbers
        self._kinds = kinds
        self._complete = complete
        self._declarations = declarations
        self._ranges: dict[str, list[tuple[int, int]]] = {}
        self._declared: dict[str, Declarations] = {}
        self._relations: dict[tuple[str, ...], frozenset[str]] = {}

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        if kind not in self._ranges:
            self._ranges[kind] = _joined(sorted(self.numbers[leaf] for leaf in self._of(kind).leaves(kind) if leaf in self.numbers))
        return self._ranges[kind]

    def property_types(self, name: str, kinds: tuple[str, ...] = ()) -> frozenset[str]:
        """The types that nodes of these kinds (none: of any) may have declared for a property of that name. Raises UnknownKind."""
        if name not in self._declared:
            if len(self._declared) > _MOST_NAMES:  # names come from searches, which may make up any
                self._declared.clear()
            self._declared[name] = self._declarations(name)
        found = self._declared[name]
        if found and kinds:
            related = self._related(kinds)
            found = [(kind, type) for kind, type in found if kind in related]
        return frozenset(type for _, type in found)

    def _related(self, kinds: tuple[str, ...]) -> frozenset[str]:
        """The kinds, all below them, and all above those."""
        if kinds not in self._relations:
            self._relations[kinds] = frozenset(
                step for kind in kinds for leaf in self._of(kind).leaves(kind) for step in self._of(kind).lineage(leaf)
            )
        return self._relations[kinds]

    def _of(self, kind: str) -> Kinds:
        return self._kinds if kind in self._kinds else self._complete()


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
