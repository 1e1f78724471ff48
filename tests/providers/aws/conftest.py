"""What the tests of AWS share."""

from __future__ import annotations

import pytest

from resh.providers.aws.catalogs import catalog
from tests.providers.aws.catalog_world import World


@pytest.fixture
def world() -> World:
    """Every catalog of AWS, and no items yet."""
    return World(catalog().resources)
