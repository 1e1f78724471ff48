"""Prices without a call: what the package fixinventorydata (`resh[prices]`) knows of instance types, Linux on shared hardware, USD an hour.

    PackagedPrices()("aws_ec2_instance_price", "eu-west-1")["t3.micro"]     # 0.0114

The package is not imported, it only brings the file. Where it is not installed, no price is known. The file has 24 MB, of which the prices
on demand are a fortieth: it is read type by type, so that never more than one of them is in memory.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from resh.providers.aws.pricing import INSTANCE_PRICE
from resh.providers.prices import Table, is_price

_WINDOW = 1 << 16
"""Bytes: most types take less."""


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
            return _prices(file) if file else {}
        except (OSError, ValueError, LookupError, AttributeError):  # a package of another shape: as if there were none
            return {}


def _file() -> Path | None:
    spec = find_spec("fixinventorydata")
    folders = spec.submodule_search_locations if spec else None
    return Path(folders[0], "data", "instances.json") if folders else None


def _prices(file: Path) -> Mapping[str, Table]:
    """Region -> type -> price of `{"aws": {type: {"pricing": {region: {"linux": {"ondemand": …}}}}}}`."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with file.open("rb") as source:
        for type, described in _members(source, b'"aws"'):
            for region, price in described.get("pricing", {}).items():
                cost = price.get("linux", {}).get("ondemand")
                if is_price(cost):
                    found[region][type] = cost
    return found


def _members(source: BinaryIO, name: bytes) -> Iterator[tuple[str, Any]]:
    """The members, one by one, of the object that is called so; it is among the first of the file."""
    begun = source.read(_WINDOW)
    at = begun.index(b"{", begun.index(name)) + 1
    while True:
        at = _after(source, at, b",")
        source.seek(at)
        if source.read(1) == b"}":
            return
        name_of_it, at = _value(source, at)
        described, at = _value(source, _after(source, at, b":"))
        yield name_of_it, described


def _after(source: BinaryIO, at: int, mark: bytes) -> int:
    """Behind white space and such a mark."""
    source.seek(at)
    while (byte := source.read(1)) and (byte.isspace() or byte == mark):
        at += 1
    return at


def _value(source: BinaryIO, at: int) -> tuple[Any, int]:
    """The JSON that begins there, and where it ends."""
    window = _WINDOW
    while True:
        source.seek(at)
        piece = source.read(window)
        text = piece.decode("utf-8", "ignore")  # the last character may be cut
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            if len(piece) < window:
                raise
            window *= 4
        else:
            return value, at + len(text[:end].encode())
