"""The dashboard asks for metrics and labels that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from resh.metrics.definitions import TAKEN, defaults
from resh.metrics.exposition import PREFIX, Family
from resh.metrics.happened import Calls, Runs
from resh.metrics.inner import Inner
from resh.observed import Observed
from resh.search import parse
from resh.state.calls import CallCounts

DASHBOARD: Any = json.loads((Path(__file__).parents[2] / "docs/grafana/resh.json").read_text())
BESIDES = {"resh_generated_timestamp_seconds"}


def told_of_itself(tmp_path: Path) -> list[Family]:
    return list(Inner(Observed(), Calls(CallCounts(tmp_path)), Runs(list), {}, list, list).families())


def test_no_metric_can_have_the_name_of_what_resh_tells_of_itself(tmp_path: Path) -> None:
    assert {family.name for family in told_of_itself(tmp_path)} | BESIDES == {PREFIX + name for name in TAKEN}
    assert not TAKEN & {definition.name for definition in defaults()}


def labels(search: str) -> set[str]:
    aggregate = parse(search).aggregate
    return {group.output for group in aggregate.groups} if aggregate else set()


LABELS = {definition.name: labels(definition.search) for definition in defaults() if definition.search}


def test_every_name_is_that_of_a_metric(tmp_path: Path) -> None:
    expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    asked = {name for expression in expressions for name in re.findall(r"resh_\w+", expression)}
    scraped = {family.name + ("_bucket" if family.type == "histogram" else "") for family in told_of_itself(tmp_path)}
    assert asked <= {PREFIX + definition.name for definition in defaults()} | BESIDES | scraped
    assert len(asked) >= 12


def test_every_label_is_one_of_the_metric() -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            for name, inside in re.findall(r"resh_(\w+)\{([^}]*)\}", target["expr"]):
                asked = set(re.findall(r"(\w+)=", inside)) | set(re.findall(r"by \((\w+)\)", target["expr"]))
                assert name not in LABELS or asked <= LABELS[name], (name, asked)
