"""A row that people read as more than one line: a terminal shows its `lines`, everything else gets the JSON object that it is.

Sheet({"name": "volume", "resources": 5}, lambda columns: iter(["volume", "5 resources"]))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Sheet(dict[str, Any]):
    """`lines` takes the columns of the terminal."""

    def __init__(self, values: Mapping[str, Any], lines: Callable[[int], Iterator[str]]) -> None:
        super().__init__(values)
        self.lines = lines
