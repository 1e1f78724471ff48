"""Numbers over time, kept in the graph file. The step `generate_metrics` writes them, `metrics` and the exporter read them.

    series = TimeSeries(store.database)
    series.write(clock.now(), {"volumes_total": [Sample({"account": "demo"}, 12)]})
    series.latest("volumes_total")             # [{'account': 'demo', 'value': 12}]
    series.range("volumes_total", Span(0))     # [{'at': '2026-11-23T05:33:00Z', 'account': 'demo', 'value': 12}]

A write is one transaction: readers see the whole set or none of it. The latest values of a metric are those of its last write: a label
set that has vanished is not among them, and a metric that a write leaves out keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from resh.cancel import Cancel
from resh.metrics import tables
from resh.metrics.downsample import Thinned, downsample
from resh.metrics.label_sums import ALL
from resh.metrics.label_test import LabelTest
from resh.metrics.packed import unpack, unpack_sums
from resh.metrics.slots import Group, GroupSlots, Row, SeriesSlots
from resh.metrics.tables import CHUNK
from resh.thinning import Step

if TYPE_CHECKING:
    from resh.graph.database import Database

Labels = Mapping[str, str]
Where = Sequence[LabelTest]

_PUBLISHED = """
SELECT m.name, m.at, m.created, m.downsampled,
  (SELECT coalesce(sum(length(p.packed)), 0) / 12 FROM series_points p WHERE p.metric = m.id AND p.at = m.at AND p.span = 0)
FROM series_metric m ORDER BY m.name
"""
_MOMENTS = "SELECT at, span, -1, writes, sums FROM series_moment WHERE metric = ?1 AND {when}"
_POINTS = "SELECT at, span, chunk, 0, packed FROM series_points WHERE metric = ?1 AND {when} AND chunk IN ({chunks})"
_LAST = "at = ?2 AND span = 0"
_BETWEEN = "at > ?2 - (SELECT max(1, coalesce(max(span), 0)) FROM series_moment WHERE metric = ?1) AND at + max(span, 1) > ?2 AND at <= ?3"
_EVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Sample:
    labels: Labels
    value: int | float


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a metric: from when until when (epoch seconds), which label sets (those that pass all tests), summed up `by` which labels
    (None: not at all; empty: all together), and how many seconds become one value (0: none do)."""

    since: float
    until: float | None = None
    where: Where = ()
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

    def latest(self, name: str, where: Where = (), by: Sequence[str] | None = None) -> list[Row]:
        """One row for each label set (or group of them) of the metric's last write; empty when there was none."""
        if (found := self._metric(name)) is None:
            return []
        metric, at = found
        rows = self._rows(metric, Span(0, None, where, by), _LAST, at)
        return [{label: value for label, value in row.items() if label != "at"} for row in rows]

    def range(self, name: str, span: Span) -> list[Row]:
        """Values, oldest first; a gap stays a gap. What stands for several measurements is their average, and has `min`, `max`, `count`."""
        if (found := self._metric(name)) is None:
            return []
        return self._rows(found[0], span, _BETWEEN, int(span.since), _EVER if span.until is None else int(span.until))

    def _rows(self, metric: int, span: Span, when: str, *bounds: int) -> list[Row]:
        if span.by is None:
            return self._series(metric, span, when, *bounds)
        return self._groups(metric, span.by, span, when, *bounds)

    def _series(self, metric: int, span: Span, when: str, *bounds: int) -> list[Row]:
        labels = self._labels(metric, span.where)
        slots = SeriesSlots(labels, span.granularity)
        sql = _POINTS.format(when=when, chunks=_chunks(labels))
        for at, width, chunk, _, packed in self._read(sql, metric, *bounds):
            slots.add(at, chunk, unpack(packed, single=not width))
        return list(slots.rows())

    def _groups(self, metric: int, by: Sequence[str], span: Span, when: str, *bounds: int) -> list[Row]:
        """From the sums of each moment where these are what is asked for, else from the series."""
        if (groups := self._sums(metric, by, span.where)) is not None:
            slots = GroupSlots(groups, by, span.granularity)
            if self._add_sums(slots, metric, when, *bounds):
                return list(slots.rows())
        labels = self._labels(metric, span.where)
        slots = GroupSlots({id: tuple(one.get(name, "") for name in by) for id, one in labels.items()}, by, span.granularity)
        sql = f"{_MOMENTS} UNION ALL {_POINTS}"  # one statement: one state of the file, whoever thins it out meanwhile
        for at, width, chunk, writes, packed in self._read(sql.format(when=when, chunks=_chunks(labels)), metric, *bounds):
            if chunk < 0:
                slots.measured(at, writes)
            else:
                slots.add(at, *unpack_sums(packed, single=not width))
        return list(slots.rows())

    def _add_sums(self, slots: GroupSlots, metric: int, when: str, *bounds: int) -> bool:
        """Whether each moment has sums."""
        for at, _, _, writes, packed in self._read(_MOMENTS.format(when=when), metric, *bounds):
            if packed is None:
                return False
            slots.measured(at, writes)
            slots.add(at, *unpack_sums(packed, single=True))
        return True

    def moments(self, name: str, span: Span) -> list[tuple[int, int]]:
        """When the metric was measured, and for how many seconds each of its values stands: 0 for one that is as it was measured."""
        if (found := self._metric(name)) is None:
            return []
        bounds = (int(span.since), _EVER if span.until is None else int(span.until))
        return self._read(f"SELECT at, span FROM series_moment WHERE metric = ?1 AND {_BETWEEN} ORDER BY at", found[0], *bounds)

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

    def labels(self, name: str) -> dict[str, list[str]]:
        """Those that its series have or once had, each with its values."""
        if (found := self._metric(name)) is None:
            return {}
        rows = self._read("SELECT label, value FROM series_sum WHERE metric = ? AND label <> ?", found[0], ALL)
        pairs = rows or {pair for labels in self._labels(found[0], ()).values() for pair in labels.items()}
        values: dict[str, list[str]] = {}
        for label, value in sorted(pairs):
            values.setdefault(label, []).append(value)
        return values

    def _metric(self, name: str) -> tuple[int, int] | None:
        """Its number, and the second of its last write."""
        rows = self._read("SELECT id, at FROM series_metric WHERE name = ?", name) if self._ready() else []
        return rows[0] if rows else None

    def _labels(self, metric: int, where: Where) -> dict[int, Labels]:
        rows = self._read("SELECT id, labels FROM series_labels WHERE metric = ? ORDER BY labels", metric)
        found = ((id, orjson.loads(labels)) for id, labels in rows)
        return {id: labels for id, labels in found if all(test.fits(labels) for test in where)}

    def _sums(self, metric: int, by: Sequence[str], where: Where) -> dict[int, Group] | None:
        """Which sums of moments belong to which group; None where it takes the series: for several labels, and one that no series has."""
        about = {*by, *(test.label for test in where)}
        if len(about) > 1:
            return None
        label = next(iter(about), ALL)
        rows = self._read("SELECT id, value FROM series_sum WHERE metric = ? AND label = ?", metric, label)
        return {id: (value,) * len(by) for id, value in rows if all(test.fits_value(value) for test in where)} if rows else None

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


def _chunks(labels: Mapping[int, Labels]) -> str:
    return ", ".join(map(str, sorted({id >> CHUNK for id in labels})))
