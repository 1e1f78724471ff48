"""Sums of a metric at one moment by each value of each label, and of all together: what groups are read from without reading all series.

    label_sums(connection, metric, second, {'{"region":"a","type":"x"}': 1.0, '{"region":"a","type":"y"}': 2.0})
    # {1: 3.0, 2: 3.0, 3: 1.0, 4: 2.0}          all together, region=a, type=x, type=y

They are small: ten thousand series of three hundred accounts have a few hundred sums. The name of the sum of all is empty. A label that a
series has not is empty in its sums, as it is in its groups; so where a label comes up for the first time, the moments before must be
read from their series, and their sums are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import apsw

ALL = ""
Sum = tuple[str, str]
"""A label and its value."""


def label_sums(connection: apsw.Connection, metric: int, second: int, values: Mapping[str, float]) -> dict[int, float]:
    """By the number of the sum, in order."""
    series = [(orjson.loads(labels), value) for labels, value in values.items()]
    names = _names(connection, metric, {name for labels, _ in series for name in labels})
    sums: dict[Sum, float] = {(ALL, ""): 0.0}
    for labels, value in series:
        sums[ALL, ""] += value
        for name in names:
            key = (name, labels.get(name, ""))
            sums[key] = sums.get(key, 0.0) + value
    numbers = _numbers(connection, metric, second, sums)
    return dict(sorted((numbers[key], value) for key, value in sums.items()))


def _names(connection: apsw.Connection, metric: int, names: set[str]) -> list[str]:
    """Those of all its labels, ever."""
    known = {name for (name,) in connection.execute("SELECT DISTINCT label FROM series_sum WHERE metric = ?", (metric,))}
    if known and not names <= known:
        connection.execute("UPDATE series_moment SET sums = NULL WHERE metric = ?", (metric,))
    return sorted((names | known) - {ALL})


def _numbers(connection: apsw.Connection, metric: int, second: int, sums: Iterable[Sum]) -> dict[Sum, int]:
    connection.executemany(
        "INSERT INTO series_sum(metric, label, value, seen) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT(metric, label, value) DO UPDATE SET seen = max(seen, ?4)",
        ((metric, *key, second) for key in sums),
    )
    found: Any = connection.execute("SELECT label, value, id FROM series_sum WHERE metric = ?", (metric,)).fetchall()
    return {(label, value): id for label, value, id in found}
