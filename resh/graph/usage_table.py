"""How much of its resources a node used, as samples over time: cpu, connections, … of a node at one second.

record(connection, [UsageSample(id, "cpu", now, 2.0, 12.5, 97.0)])      # 1
f"SELECT {LATEST.format(nid='n.nid')} FROM node n"                      # {"cpu":{"min":2.0,"avg":12.5,"max":97.0}}
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import apsw

    from resh.graph.base import UsageSample

LATEST = (
    "iif(EXISTS (SELECT 1 FROM usage WHERE nid = {nid}),"
    " (SELECT json_group_object(u.metric, json_object('min', u.min, 'avg', u.avg, 'max', u.max)) FROM"
    " (WITH RECURSIVE m(metric) AS (SELECT min(metric) FROM usage WHERE nid = {nid}"
    " UNION ALL SELECT (SELECT min(metric) FROM usage WHERE nid = {nid} AND metric > m.metric) FROM m WHERE m.metric IS NOT NULL)"
    " SELECT metric, (SELECT max(at) FROM usage WHERE nid = {nid} AND metric = m.metric) AS at FROM m WHERE metric IS NOT NULL) l"
    " CROSS JOIN usage u ON u.nid = {nid} AND u.metric = l.metric AND u.at = l.at), NULL)"
)
"""SQL: the latest sample of each metric of a node as a JSON object, NULL without any. It goes from metric to metric by the
primary key, so that it costs the same however many samples there are."""


class Samples:
    """Many of them, in columns: a sixth of the memory of rows. See `resh.graph.base.UsageSample`."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._metrics: list[str] = []
        self._numbers = array("d")

    def extend(self, samples: Iterable[UsageSample]) -> None:
        for sample in samples:
            self._ids.append(sample.id)
            self._metrics.append(sample.metric)
            self._numbers.extend((sample.at, sample.min, sample.avg, sample.max))

    def __iter__(self) -> Iterator[UsageSample]:
        from resh.graph.base import UsageSample

        numbers = iter(self._numbers)
        return map(UsageSample, self._ids, self._metrics, numbers, numbers, numbers, numbers)


def record(connection: apsw.Connection, samples: Iterable[UsageSample]) -> int:
    before = connection.total_changes()
    connection.executemany(
        "INSERT OR REPLACE INTO usage(nid, metric, at, min, avg, max) SELECT nid, ?, ?, ?, ?, ? FROM node WHERE id = ?",
        ((s.metric, int(s.at), s.min, s.avg, s.max, s.id) for s in samples),
    )
    return connection.total_changes() - before


def prune(connection: apsw.Connection, before: float) -> None:
    connection.execute("DELETE FROM usage WHERE at < ?", (before,))
