from __future__ import annotations

import re

import pytest

from resh.errors import BadValue
from resh.metrics.definitions import Definition, load

FIRST = {"instances_total", "cores_total", "memory_bytes", "volumes_total", "volume_bytes", "buckets_total", "databases_total"}


def test_the_defaults_are_complete() -> None:
    definitions = {definition.name: definition for definition in load()}
    assert definitions.keys() >= FIRST | {"load_balancers_total", "ip_addresses_total", "users_total", "resources_total"}
    assert list(definitions) == sorted(definitions)


@pytest.mark.parametrize("definition", load(), ids=lambda definition: definition.name)
def test_each_default_is_an_aggregate_named_like_the_metric(definition: Definition) -> None:
    assert definition.help
    assert re.fullmatch(rf"aggregate\(.+: sum\(.+\) as {definition.name}\): is\(\w+\).*", definition.search)
    assert ("1024 * 1024 * 1024" in definition.search) == (definition.unit == "bytes")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[volumes]", "no mapping"),
        ("a: {help: x", "no YAML"),
        ("a: {help: x}", "metric 'a': help or search is missing"),
        ("a: 3", "metric 'a'"),
        ("a: {help: x, search: y, type: histogram}", "'histogram' is not a type"),
    ],
)
def test_a_wrong_definition_is_named(text: str, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        load(text)
