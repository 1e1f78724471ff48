"""Every default metric against a plain count over the documents, on accounts that are made up at random."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.metrics.definitions import Definition, defaults
from resh.model.base import BASE_KINDS
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport, Status
from tests.commands.conftest import node

COUNTED = [definition for definition in defaults() if definition.search and "/ancestors" not in definition.search]
_SHAPE = re.compile(r"aggregate\((.+): sum\((.+)\) as \w+\): (.+)")
_KINDS = [kind for kind in BASE_KINDS if not kind.phantom or kind.name.endswith("_quota") or kind.name in ("quota", "instance_type")]


def made_up(seed: int, now: float) -> Iterator[Node]:
    chance = random.Random(seed)
    for number in range(300):
        kind = chance.choice(_KINDS)
        values: dict[str, Any] = {
            "instance_status": chance.choice(["running", "stopped", None]),
            "instance_type": chance.choice(["t3.micro", "m5.large"]),
            "instance_cores": chance.choice([1, 2, 0.5, None]),
            "instance_memory": chance.choice([0.5, 4, None]),
            "volume_size": chance.choice([1, 100, None]),
            "volume_type": chance.choice(["gp3", None, ""]),
            "volume_status": chance.choice(["available", "in-use"]),
            "quota": chance.choice([5.0, 32.0, None]),
            "reservations": chance.choice([0, 3, None]),
            "tags": chance.choice([{}, {"owner": "ada"}]),
            "public_ip_address": chance.choice([None, "203.0.113.7"]),
            "db_publicly_accessible": chance.choice([True, False]),
        }
        made = node(f"test_{kind.name}", f"{kind.name}-{number}", now, **values)
        yield made


@pytest.fixture(params=[1, 2, 3])
def accounts(request: pytest.FixtureRequest, app: App) -> App:
    nodes = list(made_up(request.param, app.clock.now()))
    kinds = [Kind(f"test_{kind.name}", (kind.name,), "Made up.", phantom=kind.phantom) for kind in _KINDS]
    with app.graph.merge("aws", "123456789012", "demo") as merge:
        merge.kinds(kinds)
        merge.nodes(nodes)
        for kind in kinds:
            merge.scope(ScopeReport(Scope("aws", "123456789012", "eu-west-1", kind.name), Status.OK))
    return app


def test_each_equals_a_plain_count(accounts: App) -> None:
    seen = 0
    for definition in COUNTED:
        measured = {tuple(sorted(sample.labels.items())): sample.value for sample in accounts.generator.measure(definition, Cancel())}
        assert measured == pytest.approx(counted(accounts, definition)), definition.name
        seen += bool(measured)
    assert seen > 30


def counted(app: App, definition: Definition) -> dict[tuple[tuple[str, str], ...], float]:
    shape = _SHAPE.fullmatch(definition.search)
    assert shape
    groups, expression, where = shape.groups()
    found: Counter[tuple[tuple[str, str], ...]] = Counter()
    for document in app.documents(where):
        if (value := _value(document, expression)) is not None:
            found[_labels(document, groups)] += value  # type: ignore[assignment]
    return dict(found)


def _value(document: Mapping[str, Any], expression: str) -> float | None:
    factors = [float(word) if word.isdigit() else document["reported"].get(word) for word in expression.split(" * ")]
    return None if None in factors else prod(factors)


def _labels(document: Mapping[str, Any], groups: str) -> tuple[tuple[str, str], ...]:
    labels = []
    for group in groups.split(", "):
        path, _, name = group.partition(" as ")
        place = document["ancestors"].get(path)
        value = place["reported"]["name"] if place else document["reported"].get(path)
        labels.append((name, "" if value is None else str(value)))
    return tuple(sorted(labels))
