"""Values of many series at one time, in one blob: ten times smaller than a row for each, and read in one step.

    pack([Point(7, 1, 12.0, 12.0, 12.0)], single=True)       # 4 bytes for the series and 8 for its value
    for point in unpack(blob, single=True): ...

Blobs are little-endian columns, so that a file may move between machines: the numbers of the series, then, for what stands for several
measurements, how many, and always the sums; and for several again the smallest and the largest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

_SINGLE, _SEVERAL = 12, 32
"""Bytes for a series."""


class Point(NamedTuple):
    """What was measured of one series: once, or `n` times in a slot of time."""

    series: int
    n: int
    sum: float
    min: float
    max: float


def pack(points: Sequence[Point], *, single: bool) -> bytes:
    n = len(points)
    series, counts, sums, smallest, largest = zip(*points, strict=True)
    if single:
        return struct.pack(f"<{n}I{n}d", *series, *sums)
    return struct.pack(f"<{2 * n}I{3 * n}d", *series, *counts, *sums, *smallest, *largest)


def unpack(packed: bytes, *, single: bool) -> Iterator[Point]:
    """In no order."""
    return map(Point._make, columns(packed, single=single))


def columns(packed: bytes, *, single: bool) -> Iterator[tuple[int, int, float, float, float]]:
    """The fields of points, for who reads many."""
    if single:
        n = len(packed) // _SINGLE
        found = struct.unpack(f"<{n}I{n}d", packed)
        values = found[n:]
        return zip(found[:n], repeat(1), values, values, values)
    n = len(packed) // _SEVERAL
    found = struct.unpack(f"<{2 * n}I{3 * n}d", packed)
    return zip(*(found[k * n : (k + 1) * n] for k in range(5)), strict=True)


def combine(points: Iterable[Point]) -> list[Point]:
    """One point for each series: counts and sums add up, the smallest and the largest stay what they are."""
    found: dict[int, Point] = {}
    for point in points:
        before = found.get(point.series)
        found[point.series] = point if before is None else _both(before, point)
    return [found[series] for series in sorted(found)]


def _both(one: Point, other: Point) -> Point:
    return Point(one.series, one.n + other.n, one.sum + other.sum, min(one.min, other.min), max(one.max, other.max))
