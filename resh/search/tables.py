"""The parser's tables, read from `tables.json` when something is parsed first.

Importing Lark takes as long as a script may take to answer a search; so Lark runs when the grammar is edited (`build_tables.py`), not when
resh starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("tables.json")
END = "$END"


class Rule(NamedTuple):
    """`keep` has a letter for each symbol on the right: `k`ept, `d`ropped, or `s`pread (its children stand in its place)."""

    name: str
    result: str
    keep: str
    passes: bool
    """A rule with one child is that child."""


class Tables(NamedTuple):
    """`states[n]` says what to do on a symbol: go on to state m ≥ 0, or reduce by rule ~m. `patterns` are in the order to try."""

    patterns: Mapping[str, str]
    states: Sequence[Mapping[str, int]]
    rules: Sequence[Rule]
    first: int
    last: int


@cache
def tables() -> Tables:
    """The tables of this version."""
    import json

    return _tables(json.loads(FILE.read_text()))


def _tables(data: Mapping[str, Any]) -> Tables:
    return Tables(data["patterns"], data["states"], [Rule(*rule) for rule in data["rules"]], data["first"], data["last"])
