"""Prices without a call: what the package fixinventorydata (`resh[prices]`) knows of instance types, Linux on shared hardware, USD an hour.

    PackagedPrices()("aws_ec2_instance_price", "eu-west-1")["t3.micro"]     # 0.0114

The package is not imported, it only brings the file. Where it is not installed, no price is known. The file has 24 MB, of which the prices
on demand are a fortieth: it is parsed type by type, so that never more than one of them is in memory beside its text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

from resh.providers.aws.pricing import INSTANCE_PRICE
from resh.providers.prices import Table, is_price


class PackagedPrices:
    """Read at the first question about instance types, and kept. `file` is that of the package unless a test brings its own."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def __call__(self, kind: str, region: str) -> Table:
        return self._by_region.get(region, {}) if kind == INSTANCE_PRICE else {}

    @cached_property
    def _by_region(self) -> Mapping[str, Table]:
        file = self._file or _file()
        try:
            return _prices(file.read_text("utf-8")) if file else {}
        except (OSError, ValueError, LookupError, AttributeError):  # a package of another shape: as if there were none
            return {}


def _file() -> Path | None:
    spec = find_spec("fixinventorydata")
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0], "data", "instances.json") if folders else None


def _prices(text: str) -> Mapping[str, Table]:
    """Region -> type -> price of `{"aws": {type: {"pricing": {region: {"linux": {"ondemand": …}}}}}}`."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for type, described in _members(text, text.index("{", text.index('"aws"')) + 1):
        for region, price in described.get("pricing", {}).items():
            cost = price.get("linux", {}).get("ondemand")
            if is_price(cost):
                found[region][type] = cost
    return found


def _members(text: str, at: int) -> Iterator[tuple[str, Any]]:
    """The members of the object that has just been opened, one by one."""
    decode, blank = json.JSONDecoder().raw_decode, WHITESPACE.match
    at = blank(text, at).end()
    while text[at] != "}":
        name, at = decode(text, blank(text, at + (text[at] == ",")).end())
        value, at = decode(text, blank(text, text.index(":", at) + 1).end())
        yield name, value
        at = blank(text, at).end()
