"""The tables of time series, and what an older resh kept in others.

Values lie in blobs (`packed.py`): one for each moment of a metric and each CHUNK of its series, so that a moment is a few rows and a
single series is found without reading all. `series_moment` tells when a metric was measured, also when there was nothing: that is a zero
and no gap. With it are the sums of the moment by each value of each label (`label_sums.py`), or NULL where they are not known.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from resh.metrics.label_sums import label_sums
from resh.metrics.packed import Columns, once, pack

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

    from resh.graph.database import Database

CHUNK = 8
"""Series of one blob have numbers with the same bits above these: 256 of them."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS series_metric (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, created INTEGER NOT NULL, downsampled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS series_labels (
  id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, labels TEXT NOT NULL, seen INTEGER NOT NULL, UNIQUE (metric, labels)
);
CREATE TABLE IF NOT EXISTS series_moment (
  metric INTEGER NOT NULL, at INTEGER NOT NULL, span INTEGER NOT NULL, writes INTEGER NOT NULL, sums BLOB,
  PRIMARY KEY (metric, at, span)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series_points (
  id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, at INTEGER NOT NULL, span INTEGER NOT NULL, chunk INTEGER NOT NULL, packed BLOB NOT NULL,
  UNIQUE (metric, at, span, chunk)
);
CREATE TABLE IF NOT EXISTS series_sum (
  id INTEGER PRIMARY KEY, metric INTEGER NOT NULL, label TEXT NOT NULL, value TEXT NOT NULL, seen INTEGER NOT NULL,
  UNIQUE (metric, label, value)
);
"""
_OLD = "SELECT s.name, v.at, s.labels, v.value FROM series_value v JOIN series s ON s.id = v.series ORDER BY v.at, s.name"
_DROP_OLD = "DROP TABLE series_value; DROP TABLE series; DROP TABLE metric"


def exist(connection: apsw.Connection) -> bool:
    return _has(connection, "series_sum")


def prepare(database: Database) -> None:
    """Make the tables, with the values that an older resh has left."""
    with database.write() as connection:
        if _has(connection, "series_moment") and not _has(connection, "series_sum"):
            connection.execute("ALTER TABLE series_moment ADD COLUMN sums BLOB")
        connection.execute(_SCHEMA)
        if _has(connection, "series_value"):
            found: list[Any] = connection.execute(_OLD).fetchall()
            for (name, at), rows in groupby(found, key=lambda row: (row[0], row[1])):
                put(connection, at, name, {labels: value for _, _, labels, value in rows})
            connection.execute(_DROP_OLD)


def old(connection: apsw.Connection) -> bool:
    return _has(connection, "series_value") or _has(connection, "series_points")


def put(connection: apsw.Connection, second: int, name: str, values: Mapping[str, float]) -> None:
    """The values of a metric by its labels (JSON), in place of what was written of it in the same second."""
    metric = _metric(connection, name, second)
    connection.execute("DELETE FROM series_points WHERE metric = ? AND at = ? AND span = 0", (metric, second))
    sums = pack(once(label_sums(connection, metric, second, values)), single=True)
    connection.execute(
        "INSERT OR REPLACE INTO series_moment(metric, at, span, writes, sums) VALUES (?, ?, 0, 1, ?)", (metric, second, sums)
    )
    numbers = _numbers(connection, metric, second, values)
    points = sorted((numbers[labels], value) for labels, value in values.items())
    for chunk, some in groupby(points, key=lambda point: point[0] >> CHUNK):
        store(connection, metric, second, 0, chunk, once(dict(some)))


def store(connection: apsw.Connection, metric: int, at: int, span: int, chunk: int, columns: Columns) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO series_points(metric, at, span, chunk, packed) VALUES (?, ?, ?, ?, ?)",
        (metric, at, span, chunk, pack(columns, single=not span)),
    )


def _metric(connection: apsw.Connection, name: str, second: int) -> int:
    made = "INSERT INTO series_metric(name, at, created) VALUES (?1, ?2, ?2) ON CONFLICT(name) DO UPDATE SET at = ?2 RETURNING id"
    return int(connection.execute(made, (name, second)).get)


def _numbers(connection: apsw.Connection, metric: int, second: int, labels: Mapping[str, float]) -> dict[str, int]:
    connection.executemany(
        "INSERT INTO series_labels(metric, labels, seen) VALUES (?1, ?2, ?3)"
        " ON CONFLICT(metric, labels) DO UPDATE SET seen = max(seen, ?3)",
        ((metric, text, second) for text in labels),
    )
    found: Any = connection.execute("SELECT labels, id FROM series_labels WHERE metric = ?", (metric,)).fetchall()
    return dict(found)


def _has(connection: apsw.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone() is not None
