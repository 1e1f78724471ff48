"""What all tests share: a state folder of their own, and nothing of the machine's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.clock import FakeClock


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state folder that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
