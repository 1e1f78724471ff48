"""What the tests of AWS share."""

from __future__ import annotations

import pytest
from catalog_world import World

from resh.providers.aws.catalogs import catalog


@pytest.fixture
def world() -> World:
    """Every catalog of AWS, and no items yet."""
    return World(catalog().resources)
