"""What the stages before the one that is being typed have found, as far as their words tell: for completion.

found_before("search is(volume) | sort ", cuts)     kinds: volume
found_before("search all | aggregate kind: sum(1) as n | sort ", cuts)      outputs: kind, n
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from resh.commands.arguments import raw_start
from resh.commands.line import Cut
from resh.commands.table import NAMES, load
from resh.placeholders import masked
from resh.search.expect import Place
from resh.search.standing import Standing
from resh.shell.inner import inner_start

Names = tuple[str, ...]
_ELSEWHERE = ("predecessors", "successors", "ancestors", "descendants")


def found_before(text: str, cuts: Sequence[Cut]) -> Standing:
    """Where a search would go on behind them."""
    first = max((number for number, cut in enumerate(cuts, 1) if cut.separator != "|"), default=0)
    kinds, outputs = Names(), Names()
    for cut in cuts[first:]:
        kinds, outputs = _after(kinds, outputs, text[cut.start : cut.end])
    return Standing(kinds, outputs)


@lru_cache(maxsize=64)
def _after(kinds: Names, outputs: Names, stage: str) -> tuple[Names, Names]:
    """Kinds of the nodes that the stage finds, or columns of the aggregate that it makes. Kept: the next key asks the same."""
    name, _, rest = stage[inner_start(stage) :].strip().partition(" ")
    command = NAMES[name].name if name in NAMES else ""
    if command == "search":
        found = Place(f"{masked(rest[raw_start(load(NAMES[name]), rest) :])} ", Standing(kinds, outputs)).standing
        return found.kinds, found.outputs
    if command == "aggregate":
        return (), Place(f"aggregate({rest}):").standing.outputs
    return ((), ()) if command in _ELSEWHERE else (kinds, outputs)
