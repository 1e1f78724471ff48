"""The lines of a plan: what, why and the rest under each other; on a narrow screen why and the rest stand below what.

    layout = Layout.of(items, now, columns=80)
    layout.lines(item, "   ├─ 1  ", "   │     ")

What is too long is cut in its middle: of a resource its name, before its kind and id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resh.cleanup.plan import PlanItem
from resh.cleanup.rules.base import age
from resh.durations import format_duration, is_time, parse_time
from resh.text import fold, one_line, pad, squeeze, width

WIDEST = 80
"""Columns that line up where nobody knows the width of the screen; what is longer sticks out alone, rather than pushing the others away."""
_BEFORE = 11
"""Columns that branches and numbers take."""
_WHAT, _WHY = 56, 32
"""The least of them that stand beside each other."""
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Layout:
    """`what` and `why` are columns; `why` 0: below each other."""

    now: float
    what: int
    why: int
    columns: int | None

    @classmethod
    def of(cls, items: Iterable[PlanItem], now: float, columns: int | None) -> Layout:
        listed = list(items)
        what = max((width(one_line(str(item))) for item in listed), default=0)
        why = max((width(one_line(item.reason)) for item in listed), default=0)
        if columns is None:
            return cls(now, min(what, WIDEST), min(why, WIDEST), None)
        rest = max((width(_rest(item, now)) for item in listed), default=0)
        room = columns - _BEFORE - rest - 2 * len(_GAP)
        if room < min(what, _WHAT) + min(why, _WHY):
            return cls(now, 0, 0, columns)
        most = max(room // 2, room - why, min(what, _WHAT))
        return cls(now, min(what, most), min(why, room - min(what, most)), columns)

    def lines(self, item: PlanItem, first: str, further: str) -> list[str]:
        what, why, rest = one_line(str(item)), one_line(item.reason), _rest(item, self.now)
        if self.columns is None:
            return [f"{first}{_GAP.join((pad(what, self.what), pad(why, self.why), rest))}".rstrip()]
        if self.why:
            parts = (pad(_named(item, self.what), self.what), pad(squeeze(why, self.why), self.why), rest)
            return [f"{first}{_GAP.join(parts)}".rstrip()]
        head = f"{first}{_named(item, self.columns - width(first))}"
        return [head, *fold(f"{why} · {rest}" if rest else why, self.columns, further, further)]


def _named(item: PlanItem, columns: int) -> str:
    """The resource, within so many columns; its name gives way first."""
    whole = one_line(str(item))
    if item.name == item.rid or width(whole) <= columns:
        return squeeze(whole, columns)
    before = one_line(f"{item.kind} {item.rid} (")
    name = columns - width(before) - 1
    return f"{before}{squeeze(one_line(item.name), name)})" if name >= 1 else squeeze(whole, columns)


def _rest(item: PlanItem, now: float) -> str:
    """Who wants it gone, how old it is, whose, what it costs, what to think of: as far as there is anything to say."""
    old = f"{age(max(now - parse_time(item.born, now), 0))} old" if is_time(item.born) else ""
    cost = "" if item.monthly_cost is None else f"{item.monthly_cost:.2f} USD a month"
    first = f"in quarantine for {format_duration(item.quarantine)} first" if item.quarantine else ""
    parts = (item.by, old, item.owner and f"owner {item.owner}", cost, first, item.note)
    return one_line(" · ".join(part for part in parts if part))
