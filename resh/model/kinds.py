"""Kinds and their hierarchy: `aws_ec2_volume` is a `volume` is a `resource`.

kinds = Kinds(BASE_KINDS)
kinds.add(Kind("aws_ec2_volume", bases=("volume",)))
kinds.leaves("volume")            # every kind that is a volume, itself included
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from resh.errors import UnknownKind
from resh.record import Record
from resh.text import nearest

_MOST_DECLARED = 100


class Property(Record):
    """`type`: string, int64, double, boolean, datetime, duration, date, any, dictionary, or `<type>[]`; `unit` such as GB or USD/h."""

    name: str
    type: str = "string"
    description: str = ""
    unit: str = ""


class Kind(Record):
    """`phantom` kinds (quotas, types, accounts, regions) are never tagged, marked or deleted."""

    name: str
    bases: tuple[str, ...] = ("resource",)
    description: str = ""
    properties: tuple[Property, ...] = ()
    phantom: bool = False


class Kinds:
    """All kinds by name. Unknown names raise UnknownKind with the three nearest. Kinds may come while other threads read."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._kinds: dict[str, Kind] = {}
        self._children: dict[str, frozenset[str]] = {}
        self._declared: dict[tuple[str, ...], tuple[dict[str, Property], dict[str, Property]]] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        """Add or replace."""
        old = self._kinds.get(kind.name)
        for base in set(old.bases) - set(kind.bases) if old else ():
            self._children[base] -= {kind.name}
        self._kinds[kind.name] = kind
        self._declared = {}
        for base in kind.bases:
            self._children[base] = self._children.get(base, frozenset()) | {kind.name}

    def __contains__(self, name: object) -> bool:
        return name in self._kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(tuple(self._kinds.values()))

    def __len__(self) -> int:
        return len(self._kinds)

    def __getitem__(self, name: str) -> Kind:
        try:
            return self._kinds[name]
        except KeyError:
            near = nearest(name, self._kinds)
            raise UnknownKind(
                f"there is no kind '{name}'", f"did you mean {' or '.join(near)}?" if near else "kinds lists them all"
            ) from None

    def leaves(self, name: str) -> frozenset[str]:
        """`name` and every kind below it."""
        found = {self[name].name}
        todo = [name]
        while todo:
            for child in self._children.get(todo.pop(), ()):
                if child not in found:
                    found.add(child)
                    todo.append(child)
        return frozenset(found)

    def lineage(self, name: str) -> tuple[str, ...]:
        """`name` and all its bases, nearest first."""
        found = [name]
        for current in found:
            kind = self._kinds.get(current)
            found += [base for base in (kind.bases if kind else ()) if base not in found]
        return tuple(found)

    def declared(self, names: tuple[str, ...], nested: bool = False) -> Mapping[str, Property]:
        """Properties that nodes of these kinds may have, by name; without kinds: of all. Unknown kinds have none.

        `nested` ones instead are what lies below them, by path: `volume_attachments[*].device`.
        """
        if names not in self._declared:
            found: tuple[dict[str, Property], dict[str, Property]] = ({}, {})
            for kind in self._related(names) if names else self:
                for prop in kind.properties:
                    found["." in prop.name].setdefault(prop.name.replace("[]", "[*]"), prop)
            if len(self._declared) > _MOST_DECLARED:
                self._declared.clear()
            self._declared[names] = (dict(sorted(found[0].items())), dict(sorted(found[1].items())))
        return self._declared[names][nested]

    def property_types(self, name: str) -> frozenset[str]:
        """Every type that a property of that name has somewhere."""
        return frozenset(prop.type for kind in self for prop in kind.properties if prop.name == name)

    def _related(self, names: tuple[str, ...]) -> Iterator[Kind]:
        """The kinds, all below them, and all above those."""
        leaves = [leaf for name in names if name in self._kinds for leaf in sorted(self.leaves(name))]
        lineages = dict.fromkeys(step for leaf in leaves for step in self.lineage(leaf))
        return (self._kinds[name] for name in lineages if name in self._kinds)

    def properties(self, name: str) -> dict[str, Property]:
        """Properties of the kind, inherited ones included; the kind's own win."""
        found: dict[str, Property] = {}
        for step in self.lineage(name):
            if step in self._kinds:
                for prop in self._kinds[step].properties:
                    found.setdefault(prop.name, prop)
        return found
