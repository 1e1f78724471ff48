"""Old values become fewer: all of a slot of time become one, which keeps how many they were, their sum, the smallest and the largest.

    downsample(database, now, steps(["2d=4h", "30d=1d"]), keep=5 * 365 * 86400, cancel=cancel)    # Thinned(12, 48, 0)

Only slots that are over are closed. What arrives late, because a clock went back, is added to its slot. The last values of a metric stay
as they are, however old: they are what is true until it is measured again. One transaction for each metric.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from resh.cancel import Cancel
from resh.metrics.packed import combine, unpack
from resh.metrics.tables import store
from resh.thinning import Step

if TYPE_CHECKING:
    import apsw

    from resh.graph.database import Database

_OLD = "metric = ?1 AND at < ?2 AND span < ?3 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"
_MOMENTS = f"""
INSERT INTO series_moment SELECT metric, at / ?3 * ?3, ?3, sum(writes) FROM series_moment WHERE {_OLD} GROUP BY 2
ON CONFLICT (metric, at, span) DO UPDATE SET writes = writes + excluded.writes
"""
_IN_SLOT = "metric = ?1 AND chunk = ?2 AND at >= ?3 AND at < ?3 + ?4 AND span <= ?4 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"


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
    connection.execute(_MOMENTS, old)
    connection.execute(f"DELETE FROM series_moment WHERE {_OLD}", old)
    return done


def _close(connection: apsw.Connection, metric: int, chunk: int, at: int, span: int) -> int:
    inside = (metric, chunk, at, span)
    rows: list[Any] = connection.execute(f"SELECT id, span, packed FROM series_points WHERE {_IN_SLOT}", inside).fetchall()
    points = combine(point for _, width, packed in rows for point in unpack(packed, single=not width))
    connection.executemany("DELETE FROM series_points WHERE id = ?", [(id,) for id, _, _ in rows])
    store(connection, metric, at, span, chunk, points)
    return len(rows)


def _forget(connection: apsw.Connection, metric: int, before: int) -> int:
    old = "metric = ?1 AND at + max(span, 1) <= ?2 AND at <> (SELECT at FROM series_metric WHERE id = ?1)"
    moments = int(connection.execute(f"SELECT count(*) FROM series_moment WHERE {old}", (metric, before)).get)
    if moments:
        connection.execute(f"DELETE FROM series_moment WHERE {old}", (metric, before))
        connection.execute(f"DELETE FROM series_points WHERE {old}", (metric, before))
        last = "(SELECT at FROM series_metric WHERE id = ?1)"
        connection.execute(f"DELETE FROM series_labels WHERE metric = ?1 AND seen < min(?2, {last})", (metric, before))
    return moments
