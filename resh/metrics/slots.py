"""What was measured put together to rows: by time, by series or groups of them.

    slots = SeriesSlots({7: {"account": "demo"}}, granularity=0)
    slots.add(1_700_000_000, 0, once({7: 12.0}))
    list(slots.rows())        # [{'at': '2023-11-14T22:13:20Z', 'account': 'demo', 'value': 12}]

A series is the average of its measurements. A group is the average of its sums: where a metric was measured and a series was not there, it
counts as nothing, so that the groups of a coarse row add up to what those of the fine rows did. Where nothing was measured there is no row.

Where each series is in a column is found out once for each order in which they come, and a column is then read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter, truediv
from typing import Any

from resh.clock import iso
from resh.metrics.packed import Columns, combine, numbers

Row = dict[str, Any]
Group = tuple[str, ...]
_EXACT = 1 << 53
_Pick = Callable[[Sequence[float]], Sequence[float]]


class SeriesSlots:
    def __init__(self, labels: Mapping[int, Mapping[str, str]], granularity: int) -> None:
        self._labels = labels
        self._granularity = granularity
        self._order = {id: place for place, id in enumerate(labels)}
        self._found: dict[int, dict[int, list[Columns]]] = {}
        """By time and by chunk."""
        self._known: dict[tuple[bytes, ...], tuple[list[Mapping[str, str]], _Pick]] = {}

    def add(self, at: int, chunk: int, columns: Columns) -> None:
        self._found.setdefault(_slot(at, self._granularity), {}).setdefault(chunk, []).append(columns)

    def rows(self) -> Iterator[Row]:
        """By time, and then as the labels came."""
        slots = {at: [combine(several) for _, several in sorted(chunks.items())] for at, chunks in sorted(self._found.items())}
        several = any(max(columns.counts, default=1) > 1 for slot in slots.values() for columns in slot)
        for at, slot in slots.items():
            yield from self._several(iso(at), slot) if several else self._single(iso(at), slot)

    def _single(self, at: str, slot: Sequence[Columns]) -> Iterator[Row]:
        labels, pick = self._places(slot)
        for known, value in zip(labels, _numbers(pick(_whole(slot, "sums"))), strict=True):
            yield {"at": at, **known, "value": value}

    def _several(self, at: str, slot: Sequence[Columns]) -> Iterator[Row]:
        labels, pick = self._places(slot)
        counts, sums, smallest, largest = (pick(_whole(slot, name)) for name in ("counts", "sums", "smallest", "largest"))
        averages = map(truediv, sums, counts)
        columns = (labels, _numbers(averages), _numbers(smallest), _numbers(largest), counts)
        for known, value, low, high, count in zip(*columns, strict=True):
            yield {"at": at, **known, "value": value, "min": low, "max": high, "count": count}

    def _places(self, slot: Sequence[Columns]) -> tuple[list[Mapping[str, str]], _Pick]:
        """The labels of those that are asked for, in order, and what takes them out of a column."""
        key = tuple(columns.ids for columns in slot)
        if (known := self._known.get(key)) is None:
            ids = numbers(b"".join(key))
            places = sorted((place for place, id in enumerate(ids) if id in self._order), key=lambda place: self._order[ids[place]])
            known = self._known[key] = ([self._labels[ids[place]] for place in places], picker(places))
        return known


class GroupSlots:
    def __init__(self, groups: Mapping[int, Group], names: Sequence[str], granularity: int) -> None:
        self._names = names
        self._granularity = granularity
        self._ordered = sorted(set(groups.values()))
        ranks = {group: rank for rank, group in enumerate(self._ordered)}
        self._ranks = {id: ranks[group] for id, group in groups.items()}
        self._writes: dict[int, int] = {}
        self._found: dict[int, dict[int, float]] = {}
        """Sums by time and by the place of the group in the order of all."""
        self._known: dict[bytes, tuple[Sequence[int], Sequence[_Pick], _Pick | None]] = {}

    def measured(self, at: int, writes: int) -> None:
        """The metric was measured that often."""
        slot = _slot(at, self._granularity)
        self._writes[slot] = self._writes.get(slot, 0) + writes

    def add(self, at: int, ids: bytes, sums: Sequence[float]) -> None:
        ranks, picks, whole = self._places(ids)
        found = whole(sums) if whole else [sum(pick(sums)) for pick in picks]
        slot, added = _slot(at, self._granularity), zip(ranks, found, strict=True)
        if (before := self._found.get(slot)) is None:
            self._found[slot] = dict(added)
        else:
            for rank, value in added:
                before[rank] = before.get(rank, 0.0) + value

    def rows(self) -> Iterator[Row]:
        """By time, and then by group; the total of nothing is zero."""
        labels = [dict(zip(self._names, group, strict=True)) for group in self._ordered]
        for at, writes in sorted(self._writes.items()):
            time, found = iso(at), self._found.get(at, {})
            if not found and not self._names:
                yield {"at": time, "value": 0}
            for rank in sorted(found):
                yield {"at": time, **labels[rank], "value": number(found[rank] / writes)}

    def _places(self, ids: bytes) -> tuple[Sequence[int], Sequence[_Pick], _Pick | None]:
        """Which groups are there, what takes the sums of each, and what takes one sum of each where there are no more."""
        if (known := self._known.get(ids)) is None:
            places: dict[int, list[int]] = {}
            for place, id in enumerate(numbers(ids)):
                if (rank := self._ranks.get(id)) is not None:
                    places.setdefault(rank, []).append(place)
            alone = picker([place for (place, *_) in places.values()]) if all(len(some) == 1 for some in places.values()) else None
            known = self._known[ids] = (list(places), [picker(some) for some in places.values()], alone)
        return known


def picker(places: Sequence[int]) -> _Pick:
    """Takes what is at these places out of a column."""
    if not places:
        return lambda column: ()
    first, last = places[0], places[-1]
    if list(places) == list(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*places)


def number(value: float) -> int | float:
    """A whole number as people write it."""
    return int(value) if value.is_integer() and -_EXACT < value < _EXACT else value


def _numbers(column: Iterable[float]) -> list[int | float]:
    """`number` of each: a call for each would take as long as everything else."""
    return [int(value) if value.is_integer() and -_EXACT < value < _EXACT else value for value in column]


def _whole(slot: Sequence[Columns], name: str) -> Sequence[float]:
    """One column of all chunks."""
    found: list[Sequence[float]] = [getattr(columns, name) for columns in slot]
    return found[0] if len(found) == 1 else list(chain.from_iterable(found))


def _slot(at: int, granularity: int) -> int:
    return at // granularity * granularity if granularity else at
