"""Numbers over time, kept in the graph file. The step `generate_metrics` writes them, `metrics` and the exporter read them.

    series = TimeSeries(store.database)
    series.write(clock.now(), {"volumes_total": [Sample({"account": "demo"}, 12)]})
    series.latest("volumes_total")             # [{'account': 'demo', 'value': 12}]
    series.range("volumes_total", Span(0))     # [{'at': '2026-11-23T05:33:00Z', 'account': 'demo', 'value': 12}]

A write is one transaction: readers see the whole set or none of it. The latest values of a metric are those of its last write: a label
set that has vanished is not among them, and a metric that a write leaves out keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from resh.cancel import Cancel
from resh.metrics import tables
from resh.metrics.downsample import Thinned, downsample
from resh.metrics.packed import columns
from resh.metrics.slots import Slots
from resh.metrics.tables import CHUNK
from resh.thinning import Step

if TYPE_CHECKING:
    from resh.graph.database import Database

Row = dict[str, Any]
Labels = Mapping[str, str]

_PUBLISHED = """
SELECT m.name, m.at, m.created, m.downsampled,
  (SELECT coalesce(sum(length(p.packed)), 0) / 12 FROM series_points p WHERE p.metric = m.id AND p.at = m.at AND p.span = 0)
FROM series_metric m ORDER BY m.name
"""
_MOMENTS = "SELECT at, span, -1, writes FROM series_moment WHERE metric = ?1 AND {when}"
_POINTS = "SELECT at, span, chunk, packed FROM series_points WHERE metric = ?1 AND {when} AND chunk IN ({chunks})"
_LAST = "at = ?2 AND span = 0"
_BETWEEN = "at > ?2 - (SELECT max(1, coalesce(max(span), 0)) FROM series_moment WHERE metric = ?1) AND at + max(span, 1) > ?2 AND at <= ?3"
_EVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Sample:
    labels: Labels
    value: int | float


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a metric: from when until when (epoch seconds), which label sets, summed up `by` which labels (None: not at all; empty: all
    together), and how many seconds become one value (0: none do)."""

    since: float
    until: float | None = None
    where: Labels = field(default_factory=dict)
    by: Sequence[str] | None = None
    granularity: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """A metric as it was last written, when it first was, when it was last thinned out (0: never), and how many series it has."""

    name: str
    at: float
    created: float
    downsampled: float
    series: int


class TimeSeries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, at: float, values: Mapping[str, Sequence[Sample]]) -> None:
        """Publish the metrics, all at once. Within one second the last write stands."""
        if not tables.exist(self._database.reader()):
            tables.prepare(self._database)
        with self._database.write() as connection:
            for name, samples in values.items():
                tables.put(connection, int(at), name, {_key(sample.labels): sample.value for sample in samples})

    def downsample(self, now: float, steps: Sequence[Step], keep: float, cancel: Cancel) -> Thinned:
        """Thin out what is old, as `downsample.py` says."""
        return downsample(self._database, now, steps, keep, cancel) if self._ready() else Thinned()

    def latest(self, name: str, where: Labels | None = None, by: Sequence[str] | None = None) -> list[Row]:
        """One row for each label set (or group of them) of the metric's last write; empty when there was none."""
        if (found := self._metric(name)) is None:
            return []
        metric, at = found
        rows = self._rows(metric, Slots(self._labels(metric, where or {}), by, 0), _LAST, at)
        return [{label: value for label, value in row.items() if label != "at"} for row in rows]

    def range(self, name: str, span: Span) -> list[Row]:
        """Values, oldest first; a gap stays a gap. What stands for several measurements is their average, and has `min`, `max`, `count`."""
        if (found := self._metric(name)) is None:
            return []
        slots = Slots(self._labels(found[0], span.where), span.by, span.granularity)
        return self._rows(found[0], slots, _BETWEEN, int(span.since), _EVER if span.until is None else int(span.until))

    def _rows(self, metric: int, slots: Slots, when: str, *bounds: int) -> list[Row]:
        """One statement reads all, so that it is one state of the file, whoever thins it out meanwhile."""
        chunks = ", ".join(map(str, sorted({id >> CHUNK for id in slots.labels})))
        sql = f"{_MOMENTS.format(when=when)} UNION ALL {_POINTS.format(when=when, chunks=chunks)}"
        with self._database.faults():
            for at, width, chunk, held in self._database.reader().execute(sql, (metric, *bounds)):
                if chunk < 0:
                    slots.measured(at, held)
                else:
                    slots.add(at, columns(held, single=not width))
        return list(slots.rows())

    def current(self) -> list[tuple[Published, list[Row]]]:
        """The last values of all metrics, all of one state of the file."""
        if not self._ready():
            return []
        found = []
        with self._database.faults(), self._database.reader():  # one transaction
            for published in self.published():
                found.append((published, self.latest(published.name)))
        return found

    def names(self) -> list[str]:
        """Metrics that were ever written."""
        return [found.name for found in self.published()]

    def published(self) -> list[Published]:
        return [Published(*row) for row in self._read(_PUBLISHED)] if self._ready() else []

    def labels(self, name: str) -> Iterator[Labels]:
        """Those of all its series."""
        found = self._metric(name)
        return iter(self._labels(found[0], {}).values() if found else ())

    def _metric(self, name: str) -> tuple[int, int] | None:
        """Its number, and the second of its last write."""
        rows = self._read("SELECT id, at FROM series_metric WHERE name = ?", name) if self._ready() else []
        return rows[0] if rows else None

    def _labels(self, metric: int, where: Labels) -> dict[int, Labels]:
        rows = self._read("SELECT id, labels FROM series_labels WHERE metric = ? ORDER BY labels", metric)
        found = ((id, orjson.loads(labels)) for id, labels in rows)
        return {id: labels for id, labels in found if all(labels.get(name) == value for name, value in where.items())}

    def _ready(self) -> bool:
        """Whether anything was ever written. Values of an older resh are taken over first."""
        reader = self._database.reader()
        if not tables.exist(reader) and tables.old(reader):
            tables.prepare(self._database)
        return tables.exist(reader)

    def _read(self, sql: str, *bindings: Any) -> list[tuple[Any, ...]]:
        with self._database.faults():
            return self._database.reader().execute(sql, bindings).fetchall()


def _key(labels: Labels) -> str:
    return orjson.dumps(dict(labels), option=orjson.OPT_SORT_KEYS).decode()
