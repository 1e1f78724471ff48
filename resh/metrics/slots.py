"""Points put together to rows: by time, by series or groups of them.

    slots = Slots({7: {"account": "demo"}}, by=None, granularity=0)
    slots.measured(1_700_000_000, writes=1)
    slots.add(1_700_000_000, [(7, 1, 12.0, 12.0, 12.0)])
    list(slots.rows())        # [{'at': '2023-11-14T22:13:20Z', 'account': 'demo', 'value': 12}]

A series is the average of its measurements. A group is the average of its sums: where a metric was measured and a series was not there, it
counts as nothing, so that the groups of a coarse row add up to what those of the fine rows did. Where nothing was measured there is no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from resh.clock import iso

Row = dict[str, Any]
Columns = tuple[int, int, float, float, float]


class Slots:
    def __init__(self, labels: Mapping[int, Mapping[str, str]], by: Sequence[str] | None, granularity: int) -> None:
        self.labels = labels
        self._by = by
        self._granularity = granularity
        self._writes: dict[int, int] = {}
        self._found: dict[int, dict[Any, list[float]]] = {}
        """Count, sum, smallest and largest, by time and by series or group."""
        self._groups = None if by is None else {id: tuple(one.get(name, "") for name in by) for id, one in labels.items()}

    def measured(self, at: int, writes: int) -> None:
        """The metric was measured that often."""
        slot = self._slot(at)
        self._writes[slot] = self._writes.get(slot, 0) + writes

    def add(self, at: int, points: Iterable[Columns]) -> None:
        slot = self._found.setdefault(self._slot(at), {})
        if self._groups is None:
            self._add_series(slot, points)
        else:
            self._add_groups(slot, self._groups, points)

    def rows(self) -> Iterator[Row]:
        """By time, and then as the labels came."""
        if self._groups is None:
            several = any(count > 1 for slot in self._found.values() for count, _, _, _ in slot.values())
            order = {id: place for place, id in enumerate(self.labels)}
            for at in sorted(self._found):
                time = iso(at)
                for id in sorted(self._found[at], key=order.__getitem__):
                    yield _row(time, self.labels[id], self._found[at][id], several)
        else:
            for at in sorted(self._writes):
                yield from self._grouped(at)

    def _grouped(self, at: int) -> Iterator[Row]:
        names, time, writes = self._by or (), iso(at), self._writes[at]
        found = self._found.get(at, {})
        if not names:  # the total of nothing is zero
            found = found or {(): [0.0]}
        for group in sorted(found):
            yield {"at": time, **dict(zip(names, group, strict=True)), "value": number(found[group][0] / writes)}

    def _slot(self, at: int) -> int:
        return at // self._granularity * self._granularity if self._granularity else at

    def _add_series(self, slot: dict[Any, list[float]], points: Iterable[Columns]) -> None:
        known = self.labels
        for id, count, total, smallest, largest in points:
            if id not in known:
                continue
            if (before := slot.get(id)) is None:
                slot[id] = [count, total, smallest, largest]
            else:
                slot[id] = [before[0] + count, before[1] + total, min(before[2], smallest), max(before[3], largest)]

    def _add_groups(self, slot: dict[Any, list[float]], groups: Mapping[int, tuple[str, ...]], points: Iterable[Columns]) -> None:
        for id, _, total, _, _ in points:
            if (group := groups.get(id)) is not None:
                slot.setdefault(group, [0.0])[0] += total


def number(value: float) -> int | float:
    """A whole number as people write it."""
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value


def _row(time: str, labels: Mapping[str, str], found: Sequence[float], several: bool) -> Row:
    count, total, smallest, largest = found
    row = {"at": time, **labels, "value": number(total / count)}
    return {**row, "min": number(smallest), "max": number(largest), "count": count} if several else row
