"""Metrics: what it costs to measure them, the room that five years take, and how soon a month is answered."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import apsw
import orjson
from figures import Figure, median_cpu_ms, paired_cpu_ms

from resh.app import App
from resh.cancel import Cancel
from resh.graph.database import Database
from resh.metrics import tables
from resh.metrics.label_sums import label_sums
from resh.metrics.label_test import equal
from resh.metrics.packed import Columns, once, pack
from resh.metrics.timeseries import Span, TimeSeries
from resh.thinning import Step, steps

HOUR, DAY = 3600, 86400
NOW = 5 * 365 * DAY
THINNED = steps(["2d=4h", "30d=1d", "180d=3d"])
SERIES = 10_000
METRICS = 50
BUDGET_MS, BUDGET_MB = 50, 1000
_SHAPE = re.compile(r"aggregate\((.+): sum\((.+)\) as \w+\): (.+)")


def figures(home: Path) -> Iterator[Figure]:
    yield from _generation(home)
    with tempfile.TemporaryDirectory(prefix="series-", dir=home.parent) as folder:
        yield from _years(Path(folder))


def _generation(home: Path) -> Iterator[Figure]:
    """All definitions that are searches, one after the other, against no more than taking out the values that each is made of."""
    with App(home) as app:
        wanted = [definition for definition in app.metrics if definition.search]
        extractions = [_extraction(app, definition.search) for definition in wanted]
        reader = app.graph.database.reader()

        def measure() -> None:
            for definition in wanted:
                app.generator.measure(definition, Cancel())

        def extract() -> None:
            for sql, bindings in extractions:
                for _ in reader.execute(sql, bindings):
                    pass

        yield Figure(
            f"{len(wanted)} metrics measured", *paired_cpu_ms(measure, extract, 1), 3, "their values taken out of the rows, no more"
        )


def _extraction(app: App, search: str) -> tuple[str, Any]:
    """The rows of a metric with the columns that its groups and its function name."""
    shape = _SHAPE.fullmatch(search)
    assert shape, search
    groups, function, where = shape.groups()
    paths = [group.partition(" as ")[0] for group in groups.split(", ")]
    paths += [word for word in function.split(" * ") if not word.isdigit()]
    compiled, _ = app.search(where, projection=tuple(paths))
    return compiled.sql, compiled.bindings


def _years(folder: Path) -> Iterator[Figure]:
    database = Database(folder / "graph.sqlite3")
    series = TimeSeries(database)
    tables.prepare(database)
    for number in range(METRICS):
        _fill(database, f"many_{number}", SERIES // METRICS)
    database.checkpoint()
    size = (folder / "graph.sqlite3").stat().st_size / 1e6
    yield Figure(f"five years of {SERIES:,} series, hourly", size, BUDGET_MB, 1, "1 GB", "MB")
    _fill(database, "large", SERIES, NOW - 31 * DAY)
    for what, name, span in (
        ("a series", "many_7", _month(where=_labels(7))),
        (f"{SERIES // METRICS} series, each value", "many_7", _month()),
        (f"{SERIES // METRICS} series by two labels", "many_7", _month(by=("region", "type"))),
        (f"{SERIES:,} series by account", "large", _month(by=("account",))),
        (f"{SERIES:,} series of one region", "large", _month(by=(), where={"region": "region-3"})),
        (f"the total of {SERIES:,} series", "large", _month(by=())),
    ):
        yield Figure(f"a month of {what}", median_cpu_ms(partial(series.range, name, span), 7), BUDGET_MS, 1, f"{BUDGET_MS} ms")
    database.close()


def _month(by: Sequence[str] | None = None, where: dict[str, str] | None = None) -> Span:
    return Span(NOW - 30 * DAY, NOW, equal(**where or {}), by)


def _labels(number: int) -> dict[str, str]:
    return {
        "cloud": "aws",
        "account": f"account-{number // 40}",
        "region": f"region-{number % 10}",
        "type": f"type-{number // 10 % 4}",
    }


def _fill(database: Database, name: str, size: int, since: int = 0) -> None:
    """What hourly measurements have become after five years."""
    dice = random.Random(name)
    values = {orjson.dumps(_labels(n), option=orjson.OPT_SORT_KEYS).decode(): dice.random() * 1000 for n in range(size)}
    with database.write() as connection:
        tables.put(connection, NOW, name, values)
        metric = connection.execute("SELECT id FROM series_metric WHERE name = ?", (name,)).get
        ids = [id for (id,) in connection.execute("SELECT id FROM series_labels WHERE metric = ? ORDER BY id", (metric,)).fetchall()]
        sums = pack(once(label_sums(connection, metric, NOW, values)), single=True)
        for first, last, span in _ages(THINNED):
            for at in range(max(first, since) // span * span, last // span * span, span):
                _moment(connection, metric, at, span if span > HOUR else 0, ids, sums, dice)


def _ages(thinned: Sequence[Step]) -> Iterator[tuple[int, int, int]]:
    """From when until when there is a value for each of so many seconds."""
    bounds = [(0, HOUR), *thinned]
    for (age, span), older in zip(bounds, [*(step.age for step in thinned), NOW], strict=True):
        yield NOW - older, NOW - age, span


def _moment(connection: apsw.Connection, metric: Any, at: int, span: int, ids: Sequence[int], sums: bytes, dice: random.Random) -> None:
    n = max(1, span // HOUR)
    connection.execute(
        "INSERT OR REPLACE INTO series_moment(metric, at, span, writes, sums) VALUES (?, ?, ?, ?, ?)", (metric, at, span, n, sums)
    )
    for chunk, some in groupby(ids, key=lambda id: id >> tables.CHUNK):
        columns = once({id: dice.random() * 1000 for id in some})
        tables.store(connection, metric, at, span, chunk, Columns(columns.ids, [n] * len(columns.sums), *columns[2:]))
