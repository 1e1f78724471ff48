from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.world import JobWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[JobWorld]:
    world = JobWorld(tmp_path)
    yield world
    world.jobs.close()
