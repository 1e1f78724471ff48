"""Processes that are killed while they write, and disks that are full: a set is there whole or not at all, and nothing counts twice."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.errors import StateError
from resh.graph.database import Database
from resh.metrics.label_sums import ALL
from resh.metrics.packed import numbers, unpack, unpack_sums
from resh.metrics.timeseries import Sample, Span, TimeSeries
from resh.thinning import steps

METRICS, SERIES, HOUR = ("a_total", "b_total", "c_total"), 300, 3600
STEPS = steps(["6h=4h", "2d=1d"])
WRITER = """
import sys
from pathlib import Path
from resh.graph.database import Database
from resh.metrics.timeseries import TimeSeries
from tests.metrics.test_torn import generation
first, path = int(sys.argv[1]), Path(sys.argv[2])
series = TimeSeries(Database(path))
for number in range(first, first + 10_000):
    generation(series, number)
    print(number, flush=True)
"""


def generation(series: TimeSeries, number: int) -> None:
    """A set in which every value is the number of the generation, and what is due is thinned out."""
    series.write(number * HOUR, {name: [Sample({"account": f"account-{n}"}, number) for n in range(SERIES)] for name in METRICS})
    series.downsample(number * HOUR, STEPS, 10_000 * HOUR, Cancel())


def written(path: Path) -> int:
    """How many generations there are, all of them whole."""
    database = Database(path)
    try:
        series = TimeSeries(database)
        totals = []
        for name in METRICS:
            rows = series.range(name, Span(0))
            counts = {row["account"]: 0 for row in rows}
            for row in rows:
                counts[row["account"]] += row.get("count", 1)
            assert len(counts) == SERIES
            assert len(set(counts.values())) == 1
            total = sum(row["value"] * row.get("count", 1) for row in rows) / SERIES
            assert total == pytest.approx(sum(range(1, counts["account-0"] + 1)))
            totals.append(counts["account-0"])
        assert len(set(totals)) == 1
        _sums_are_those_of_the_series(database)
        return totals[0]
    finally:
        database.close()


def _sums_are_those_of_the_series(database: Database) -> None:
    reader = database.reader()
    everything = {id for (id,) in reader.execute("SELECT id FROM series_sum WHERE label = ?", (ALL,))}
    moments: list[Any] = reader.execute("SELECT metric, at, span, sums FROM series_moment").fetchall()
    for metric, at, span, packed in moments:
        ids, sums = unpack_sums(packed, single=True)
        told = [total for id, total in zip(numbers(ids), sums, strict=True) if id in everything]
        points: list[Any] = reader.execute(
            "SELECT packed FROM series_points WHERE metric = ? AND at = ? AND span = ?", (metric, at, span)
        ).fetchall()
        assert told == [pytest.approx(sum(sum(unpack(blob, single=not span).sums) for (blob,) in points))]


def test_a_process_that_is_killed_leaves_whole_sets(tmp_path: Path) -> None:
    chance, path, done = random.Random(7), tmp_path / "graph.sqlite3", 0
    for _ in range(5):
        command = [sys.executable, "-c", WRITER, str(done + 1), str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            assert process.stdout
            told = [int(process.stdout.readline()) for _ in range(chance.randrange(1, 12))]
            process.kill()
            told += [int(line) for line in process.stdout if line.endswith("\n")]
        done = written(path)
        assert done - told[-1] in (0, 1)  # what was told is there; the last may not have been told of any more


@contextmanager
def room(size: int) -> Iterator[None]:
    """Files may not become larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_takes_whole_sets_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    chance, path = random.Random(7), tmp_path / "graph.sqlite3"
    database = Database(path)
    series = TimeSeries(database)
    generation(series, 1)
    number, refused = 2, []
    for _ in range(40):
        database.checkpoint()
        try:
            with room(chance.randrange(40_000, 600_000)):  # of the log that what is written goes to first
                generation(series, number)
        except StateError as error:
            refused.append(error.message)
        number += series.published()[0].at == number * HOUR  # else it is measured again
    database.close()
    assert written(path) == number - 1
    assert min(len(refused), number) > 6
    assert all("graph.sqlite3" in message for message in refused)
