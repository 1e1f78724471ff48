from __future__ import annotations

import pytest

from resh.model.base import BASE_KINDS
from resh.model.kinds import Kind, Kinds

TYPES = {"string", "int64", "double", "boolean", "datetime", "duration", "date", "any", "dictionary", "string[]"}
KINDS = Kinds(BASE_KINDS)


@pytest.mark.parametrize("kind", BASE_KINDS, ids=lambda kind: kind.name)
def test_each_is_described_and_stands_on_others(kind: Kind) -> None:
    assert kind.description.endswith(".")
    assert all(base in KINDS for base in kind.bases)
    for prop in kind.properties:
        assert prop.type in TYPES
        assert prop.description
        assert not prop.description.endswith(".")
    assert len({prop.name for prop in kind.properties}) == len(kind.properties)


def test_names_are_unique() -> None:
    assert len(KINDS) == len(BASE_KINDS)


def test_everything_but_the_root_is_a_resource() -> None:
    assert KINDS.leaves("resource") == {kind.name for kind in BASE_KINDS} - {"graph_root"}


def test_what_has_no_existence_of_its_own_is_a_phantom() -> None:
    phantoms = {kind.name for kind in BASE_KINDS if kind.phantom}
    assert KINDS.leaves("phantom_resource") < phantoms
    assert phantoms - KINDS.leaves("phantom_resource") == {"graph_root", "base_cloud", "cloud", "account", "region", "zone"}


def test_properties_have_the_units_that_queries_know() -> None:
    assert KINDS.properties("volume")["volume_size"].unit == "GB"
    assert KINDS.properties("instance")["instance_memory"].unit == "GiB"
    assert KINDS.properties("instance_type")["ondemand_cost"].unit == "USD/h"
    assert KINDS.properties("volume")["age"].type == "duration"
