"""Old values become fewer: all of a slot of time become one, which keeps how many they were, their sum, the smallest and the largest.

    downsample(database, now, steps(["2d=4h", "30d=1d"]), keep=5 * 365 * 86400, cancel=cancel)    # Thinned(12, 48, 0)

Only slots that are over are closed. What arrives late, because a clock went back, is added to its slot. The last values of a metric stay
as they are, however old: they are what is true until it is measured again. One transaction for each metric.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from resh.cancel import Cancel
from resh.metrics.packed import combine, pack, unpack
from resh.metrics.tables import store
from resh.thinning import Step

if TYPE_CHECKING:
    import apsw

    from resh.graph.database import Database

_OLD = "metric = ?1 AND at < ?2 AND span < ?3 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"
_IN_SLOT = "metric = ?1 AND at >= ?2 AND at < ?2 + ?3 AND span <= ?3 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"


class Thinned(NamedTuple):
    """How many slots were made of how many moments of series, and how many moments were dropped for their age."""

    slots: int = 0
    moments: int = 0
    forgotten: int = 0


def downsample(database: Database, now: float, steps: Sequence[Step], keep: float, cancel: Cancel) -> Thinned:
    """All metrics. What is older than `keep` seconds goes, and series that had no value since."""
    total = Thinned()
    metrics: list[Any] = database.reader().execute("SELECT id FROM series_metric ORDER BY id").fetchall()
    for (metric,) in metrics:
        cancel.check()
        with database.write() as connection:
            done = [_thin(connection, metric, int(now), step) for step in steps]
            forgotten = _forget(connection, metric, int(now - keep))
            if any(done) or forgotten:
                connection.execute("UPDATE series_metric SET downsampled = ? WHERE id = ?", (int(now), metric))
        total = Thinned(total.slots + sum(map(len, done)), total.moments + sum(map(sum, done)), total.forgotten + forgotten)
    return total


def _thin(connection: apsw.Connection, metric: int, now: int, step: Step) -> list[int]:
    """How many moments went into each slot that was made."""
    until = (now - step.age) // step.span * step.span
    old = (metric, until, step.span)
    slots: list[Any] = connection.execute(f"SELECT DISTINCT chunk, at / ?3 * ?3 FROM series_points WHERE {_OLD}", old).fetchall()
    done = [_close(connection, metric, chunk, at, step.span) for chunk, at in slots]
    moments: list[Any] = connection.execute(f"SELECT DISTINCT at / ?3 * ?3 FROM series_moment WHERE {_OLD}", old).fetchall()
    for (at,) in moments:
        _close_moments(connection, metric, at, step.span)
    return done


def _close(connection: apsw.Connection, metric: int, chunk: int, at: int, span: int) -> int:
    inside = (metric, at, span, chunk)
    rows: list[Any] = connection.execute(f"SELECT id, span, packed FROM series_points WHERE {_IN_SLOT} AND chunk = ?4", inside).fetchall()
    columns = combine([unpack(packed, single=not width) for _, width, packed in rows])
    connection.executemany("DELETE FROM series_points WHERE id = ?", [(id,) for id, _, _ in rows])
    store(connection, metric, at, span, chunk, columns)
    return len(rows)


def _close_moments(connection: apsw.Connection, metric: int, at: int, span: int) -> None:
    """Writes and sums add up; where sums are not known of each moment, they are not of the slot."""
    inside = (metric, at, span)
    rows: list[Any] = connection.execute(f"SELECT at, span, writes, sums FROM series_moment WHERE {_IN_SLOT}", inside).fetchall()
    connection.executemany("DELETE FROM series_moment WHERE metric = ? AND at = ? AND span = ?", [(metric, *row[:2]) for row in rows])
    known = [row[3] for row in rows]
    sums = None if None in known else pack(combine([unpack(packed, single=True) for packed in known]), single=True)
    connection.execute(
        "INSERT INTO series_moment(metric, at, span, writes, sums) VALUES (?, ?, ?, ?, ?)", (*inside, sum(row[2] for row in rows), sums)
    )


def _forget(connection: apsw.Connection, metric: int, before: int) -> int:
    old = "metric = ?1 AND at + max(span, 1) <= ?2 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"
    moments = int(connection.execute(f"SELECT count(*) FROM series_moment WHERE {old}", (metric, before)).get)
    if moments:
        connection.execute(f"DELETE FROM series_moment WHERE {old}", (metric, before))
        connection.execute(f"DELETE FROM series_points WHERE {old}", (metric, before))
        last = "(SELECT at FROM series_metric WHERE id = ?1)"
        for table in ("series_labels", "series_sum"):
            connection.execute(f"DELETE FROM {table} WHERE metric = ?1 AND seen < min(?2, {last})", (metric, before))
    return moments
