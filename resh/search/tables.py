"""The parser's tables, taken from `automaton.py` when something is parsed first.

Importing Lark takes as long as a script may take to answer a search; so Lark runs when the grammar is edited (`build_tables.py`), not when
resh starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from resh.record import Record

END = "$END"

Item = TypeVar("Item")


class Rule(Record):
    """A rule of the grammar, and how the values of its symbols become one.

    `kept` are the symbols that leave a trace, by number, each with whether its children stand in its place; `extends` says that the first
    symbol is a list which the rest is added to. `spreads`: the value is a list for the rule above; `wraps`: of the only symbol.
    `passes`: one child stands for itself. Else the builder's `method` makes the value.
    """

    name: str
    method: str
    size: int
    kept: tuple[tuple[int, bool], ...]
    extends: bool
    spreads: bool
    wraps: bool
    passes: bool


class Tables(Record):
    """`states[n]` says what to do on a symbol: go on to state m ≥ 0, or reduce by rule ~m. `patterns` are in the order to try.

    `begins` has for each terminal the ASCII characters that it may begin with, and DEL for all others.
    """

    patterns: Mapping[str, str]
    begins: Mapping[str, str]
    states: Mapping[int, Mapping[str, int]]
    rules: Mapping[int, Rule]
    first: int
    last: int


class _Made(dict[int, Item]):
    """Items by number, made one by one: most searches meet a tenth of them."""

    def __init__(self, make: Callable[..., Item], rows: Sequence[tuple[Any, ...]]) -> None:
        self._make = make
        self._rows = rows

    def __missing__(self, number: int) -> Item:
        made = self[number] = self._make(*self._rows[number])
        return made


@cache
def tables() -> Tables:
    """The tables of this version."""
    from resh.search import automaton as made

    patterns = {name: pattern for name, pattern, _ in made.TERMINALS}
    begins = {name: letters for name, _, letters in made.TERMINALS}
    return Tables(patterns, begins, _Made(_state, made.STATES), _Made(_rule, made.RULES), made.FIRST, made.LAST)


def _state(symbols: tuple[str, ...], actions: tuple[int, ...]) -> Mapping[str, int]:
    return dict(zip(symbols, actions, strict=True))


def _rule(name: str, result: str, keep: str, passes: bool) -> Rule:
    """`keep` has a letter for each symbol on the right: `k`ept, `d`ropped, or `s`pread."""
    extends = keep[:1] == "s" and name.startswith("__")
    kept = tuple((number, letter == "s") for number, letter in enumerate(keep) if letter != "d" and not (extends and number == 0))
    spreads = result.startswith("_")
    return Rule(name, f"build_{result}", len(keep), kept, extends, spreads, spreads and keep == "k", passes and result == name)
