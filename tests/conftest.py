"""What all tests share: a state folder of their own, and nothing of the machine's configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.clock import FakeClock

ROOT = Path(__file__).parents[1]
_CACHES = (".coverage", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv")


@pytest.fixture(autouse=True, scope="session")
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that a test names without a folder come into one that goes; the project's own folder stays as it was."""
    before, folder = set(os.listdir(ROOT)), os.getcwd()
    os.chdir(tmp_path_factory.mktemp("here"))
    yield
    os.chdir(folder)
    left = {name for name in os.listdir(ROOT) if not name.startswith(_CACHES)} - before
    assert not left, f"a test has left {', '.join(sorted(left))} in the project's folder"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state folder that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
