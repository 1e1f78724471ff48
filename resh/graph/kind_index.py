"""Which rows of the graph belong to a kind: names and hierarchy on one side, stored kind numbers on the other.

    index = KindIndex(kinds, store.kind_ids)
    index.rowid_ranges("volume")      # [(first nid, last nid), …], one pair for each kind that is a volume and has ever been stored
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from resh.model.kinds import Kinds

KIND_BITS = 40
"""A node's rowid is kind number << 40 | sequence."""


class KindIndex:
    def __init__(self, kinds: Callable[[], Kinds], kind_ids: Callable[[], Mapping[str, int]]) -> None:
        self._kinds = kinds
        self._kind_ids = kind_ids

    def rowid_ranges(self, kind: str) -> list[tuple[int, int]]:
        """Ascending; neighbours joined. Raises UnknownKind."""
        numbers = self._kind_ids()
        ranges: list[tuple[int, int]] = []
        for kid in sorted(numbers[leaf] for leaf in self._kinds().leaves(kind) if leaf in numbers):
            first, last = kid << KIND_BITS, (kid + 1 << KIND_BITS) - 1
            if ranges and ranges[-1][1] + 1 == first:
                ranges[-1] = (ranges[-1][0], last)
            else:
                ranges.append((first, last))
        return ranges
