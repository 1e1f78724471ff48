"""Prices out of the package fixinventorydata, or a file like its own."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from resh.providers.aws.packaged_prices import PackagedPrices

KIND = "aws_ec2_instance_price"


def packaged(tmp_path: Path, content: Any) -> PackagedPrices:
    file = tmp_path / "instances.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=4))
    return PackagedPrices(file)


def test_on_demand_prices_by_region(tmp_path: Path) -> None:
    dear = {"eu-west-1": {"linux": {"ondemand": 4.0, "reserved": {"yrTerm1Standard.noUpfront": 2.0}}, "dedicated": {"ondemand": 5.0}}}
    odd = {"eu-west-1": {"linux": {"ondemand": 0.0}}, "us-east-1": {"linux": {}}, "us-east-2": {}}
    prices = packaged(tmp_path, {"aws": {"large": {"pricing": dear, "memory": 8}, "odd": {"pricing": odd}, "none": {}}, "other": 1})
    assert prices(KIND, "eu-west-1") == {"large": 4.0}
    assert prices(KIND, "us-east-1") == prices("aws_ec2_volume_price", "eu-west-1") == {}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"aws": 1}', '{"aws": {"a": ', '{"aws": {"a": 1}}', {"aws": {}}, {"gcp": {}}])
def test_a_file_of_another_shape_knows_nothing(tmp_path: Path, content: Any) -> None:
    assert packaged(tmp_path, content)(KIND, "eu-west-1") == {}


def test_without_the_package_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fixinventorydata", None)
    monkeypatch.setattr(sys, "path", [])
    assert PackagedPrices()(KIND, "eu-west-1") == {}


@pytest.mark.skipif(find_spec("fixinventorydata") is None, reason="resh[prices] is not installed")
def test_what_the_package_knows_and_that_it_is_not_imported() -> None:
    prices = PackagedPrices()
    assert 0.005 < prices(KIND, "eu-west-1")["t3.micro"] < 0.05
    assert prices(KIND, "eu-west-1")["t3.micro"] != prices(KIND, "sa-east-1")["t3.micro"]
    assert len(prices(KIND, "us-east-1")) > 700
    assert "fixinventorydata" not in sys.modules
