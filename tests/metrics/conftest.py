from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.graph.database import Database
from resh.metrics.timeseries import TimeSeries


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "graph.sqlite3")
    yield database
    database.close()


@pytest.fixture
def series(database: Database) -> TimeSeries:
    return TimeSeries(database)
