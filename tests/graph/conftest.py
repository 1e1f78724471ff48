from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.clock import FakeClock
from resh.graph.sqlite import SqliteStore


@pytest.fixture
def path(home: Path) -> Path:
    return home / "graph.sqlite3"


@pytest.fixture
def store(path: Path, clock: FakeClock) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, clock)
    yield opened
    opened.close()
