"""What the stages before the one that is being typed have found, as far as their words tell: for completion.

found_before("search is(volume) | sort ", cuts)     kinds: volume
found_before("search all | aggregate kind: sum(1) as n | sort ", cuts)      outputs: kind, n
"""

from __future__ import annotations

from collections.abc import Sequence

from resh.commands.arguments import raw_start
from resh.commands.line import Cut
from resh.commands.table import NAMES, load
from resh.placeholders import masked
from resh.search.expect import Place
from resh.search.standing import Standing

_ELSEWHERE = ("predecessors", "successors", "ancestors", "descendants")


def found_before(text: str, cuts: Sequence[Cut]) -> Standing:
    """Where a search would go on behind them."""
    first = max((number for number, cut in enumerate(cuts, 1) if cut.separator != "|"), default=0)
    standing = Standing()
    for cut in cuts[first:]:
        standing = _after(standing, text[cut.start : cut.end])
    return standing


def _after(before: Standing, stage: str) -> Standing:
    name, _, rest = stage.strip().partition(" ")
    command = NAMES[name].name if name in NAMES else ""
    if command == "search":
        found = Place(f"{masked(rest[raw_start(load(NAMES[name]), rest) :])} ", before).standing
        return Standing(found.kinds, found.outputs)
    if command == "aggregate":
        return Standing((), Place(f"aggregate({rest}):").standing.outputs)
    return Standing() if command in _ELSEWHERE else before
