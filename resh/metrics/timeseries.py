"""Numbers over time, kept in the graph file. The step `generate_metrics` writes them, `metrics` and the exporter read them.

    series = TimeSeries(store.database)
    series.write(clock.now(), {"volumes_total": [Sample({"account": "demo"}, 12)]}, keep=5 * 365 * 86400)
    series.latest("volumes_total")             # [{'account': 'demo', 'value': 12}]
    series.range("volumes_total", since=0)     # [{'at': '2026-11-23T05:33:00Z', 'account': 'demo', 'value': 12}]

A write is one transaction: readers see the whole set or none of it. The latest values of a metric are those of its last write: a label
set that has vanished is not among them, and a metric that a write leaves out keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from resh.clock import iso

if TYPE_CHECKING:
    import apsw

    from resh.graph.database import Database

Row = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS metric (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL, labels TEXT NOT NULL, UNIQUE (name, labels));
CREATE TABLE IF NOT EXISTS series_value (
  series INTEGER NOT NULL, at INTEGER NOT NULL, value NUMERIC NOT NULL, PRIMARY KEY (series, at)
) WITHOUT ROWID;
"""
_LATEST = """
SELECT s.labels, v.value FROM metric m JOIN series s ON s.name = m.name JOIN series_value v ON v.series = s.id AND v.at = m.at
WHERE m.name = ? ORDER BY s.labels
"""
_PUBLISHED = """
SELECT m.name, m.at, (SELECT count(*) FROM series s JOIN series_value v ON v.series = s.id AND v.at = m.at WHERE s.name = m.name)
FROM metric m ORDER BY m.name
"""
_RANGE = """
SELECT v.at, s.labels, v.value FROM series s JOIN series_value v ON v.series = s.id
WHERE s.name = ? AND v.at >= ? AND v.at <= ? ORDER BY v.at, s.labels
"""


@dataclass(frozen=True, slots=True)
class Sample:
    labels: Mapping[str, str]
    value: int | float


@dataclass(frozen=True, slots=True)
class Published:
    """A metric as it was last written: at what time, and how many series it had."""

    name: str
    at: float
    series: int


class TimeSeries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, at: float, values: Mapping[str, Sequence[Sample]], *, keep: float | None = None) -> None:
        """Publish the metrics, all at once; what is older than `keep` seconds goes. Within one second the last write stands."""
        second = int(at)
        with self._database.write() as connection:
            connection.execute(_SCHEMA)
            for name, samples in values.items():
                _write_one(connection, second, name, samples)
            if keep is not None:
                _forget(connection, second - int(keep))

    def latest(self, name: str) -> list[Row]:
        """One row for each label set of the metric's last write; empty when there was none."""
        return [{**orjson.loads(labels), "value": value} for labels, value in self._read(_LATEST, name)]

    def range(self, name: str, since: float, until: float | None = None) -> list[Row]:
        """All values from `since` to `until` (epoch seconds), oldest first; a gap stays a gap."""
        rows = self._read(_RANGE, name, int(since), 2**62 if until is None else int(until))
        return [{"at": iso(at), **orjson.loads(labels), "value": value} for at, labels, value in rows]

    def names(self) -> list[str]:
        """Metrics that were ever written."""
        return [name for (name,) in self._read("SELECT name FROM metric ORDER BY name")]

    def published(self) -> list[Published]:
        return [Published(*row) for row in self._read(_PUBLISHED)]

    def _read(self, sql: str, *bindings: Any) -> list[tuple[Any, ...]]:
        connection = self._database.reader()
        with self._database.faults():
            if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'series_value'").fetchone() is None:
                return []
            return connection.execute(sql, bindings).fetchall()


def _write_one(connection: apsw.Connection, second: int, name: str, samples: Sequence[Sample]) -> None:
    connection.execute("DELETE FROM series_value WHERE at = ? AND series IN (SELECT id FROM series WHERE name = ?)", (second, name))
    rows = [(name, _key(sample.labels), sample.value) for sample in samples]
    connection.executemany("INSERT OR IGNORE INTO series(name, labels) VALUES (?, ?)", [row[:2] for row in rows])
    connection.executemany(
        "INSERT OR REPLACE INTO series_value SELECT id, ?, ? FROM series WHERE name = ? AND labels = ?",
        [(second, value, name, labels) for name, labels, value in rows],
    )
    connection.execute("INSERT OR REPLACE INTO metric VALUES (?, ?)", (name, second))


def _forget(connection: apsw.Connection, before: int) -> None:
    """Drop old values, and series that have none left."""
    ids = connection.execute("SELECT id FROM series").fetchall()
    connection.executemany("DELETE FROM series_value WHERE series = ? AND at < ?", [(id, before) for (id,) in ids])
    connection.execute("DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM series_value WHERE series = series.id)")


def _key(labels: Mapping[str, str]) -> str:
    return orjson.dumps(dict(labels), option=orjson.OPT_SORT_KEYS).decode()
