"""Values of many series at one time, in one blob of columns: ten times smaller than a row for each, and read in one step.

    pack(once({7: 12.0}), single=True)            # 4 bytes for the series and 8 for its value
    unpack(blob, single=True).sums                # (12.0,)

Columns are little-endian, so that a file may move between machines: the numbers of the series, then, for what stands for several
measurements, how many, and always the sums; and for several again the smallest and the largest. The numbers stay bytes until somebody
asks: the same series come in the same order hour after hour, and who knows the bytes knows where each of them is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

_SINGLE, _SEVERAL = 12, 32
"""Bytes for a series."""


class Columns(NamedTuple):
    """What was measured of each series: once, or `counts` times in a slot of time. No series is there twice."""

    ids: bytes
    counts: Sequence[int]
    sums: Sequence[float]
    smallest: Sequence[float]
    largest: Sequence[float]


def once(values: Mapping[int, float]) -> Columns:
    """One measurement of each series."""
    measured = tuple(values.values())
    return Columns(struct.pack(f"<{len(values)}I", *values), (1,) * len(values), measured, measured, measured)


def numbers(ids: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(ids) // 4}I", ids)


def pack(columns: Columns, *, single: bool) -> bytes:
    n = len(columns.sums)
    if single:
        return columns.ids + struct.pack(f"<{n}d", *columns.sums)
    return columns.ids + struct.pack(f"<{n}I{3 * n}d", *columns.counts, *columns.sums, *columns.smallest, *columns.largest)


def unpack(packed: bytes, *, single: bool) -> Columns:
    if single:
        n = len(packed) // _SINGLE
        values = struct.unpack_from(f"<{n}d", packed, 4 * n)
        return Columns(packed[: 4 * n], (1,) * n, values, values, values)
    n = len(packed) // _SEVERAL
    found = struct.unpack_from(f"<{n}I{3 * n}d", packed, 4 * n)
    return Columns(packed[: 4 * n], found[:n], found[n : 2 * n], found[2 * n : 3 * n], found[3 * n :])


def unpack_sums(packed: bytes, *, single: bool) -> tuple[bytes, tuple[float, ...]]:
    """The numbers and the sums alone, for who adds them up."""
    n = len(packed) // (_SINGLE if single else _SEVERAL)
    return packed[: 4 * n], struct.unpack_from(f"<{n}d", packed, 4 * n if single else 8 * n)


def combine(several: Sequence[Columns]) -> Columns:
    """Counts and sums add up, the smallest and the largest stay what they are."""
    if len(several) == 1:
        return several[0]
    if all(one.ids == several[0].ids for one in several):
        _, counts, sums, smallest, largest = zip(*several, strict=True)
        return Columns(
            several[0].ids,
            tuple(map(sum, zip(*counts, strict=True))),
            tuple(map(sum, zip(*sums, strict=True))),
            tuple(map(min, *smallest)),
            tuple(map(max, *largest)),
        )
    return _matched(several)


def _matched(several: Iterable[Columns]) -> Columns:
    """The same where some have series that others have not."""
    found: dict[int, tuple[int, float, float, float]] = {}
    for columns in several:
        for id, n, total, low, high in zip(numbers(columns.ids), *columns[1:], strict=True):
            before = found.get(id)
            found[id] = (n, total, low, high) if before is None else _both(before, (n, total, low, high))
    ordered = sorted(found)
    fields = zip(*(found[id] for id in ordered), strict=True)
    return Columns(struct.pack(f"<{len(ordered)}I", *ordered), *fields)


def _both(one: tuple[int, float, float, float], other: tuple[int, float, float, float]) -> tuple[int, float, float, float]:
    return one[0] + other[0], one[1] + other[1], min(one[2], other[2]), max(one[3], other[3])
