"""What was deleted, summed up: counts by rule and day, what it saved, and a small chart.

report_lines(entries, costs, since, now)      # '31 deleted, 2 failed since 2026-10-29', 'by rule volumes   21 ██████████', …
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from resh.cleanup.journal import Entry
from resh.clock import iso
from resh.durations import parse_time
from resh.text import one_line, pad, squeeze, width

_BAR = 40
_FIXED = 12
"""Columns of the count, and between the columns."""


def recent(entries: Iterable[Entry], since: float) -> list[Entry]:
    """Attempts since then (epoch seconds)."""
    return [entry for entry in entries if parse_time(entry.at, since) >= since]


def report_lines(entries: list[Entry], since: float, columns: int | None = None) -> Iterator[str]:
    deleted = [entry for entry in entries if entry.result == "deleted"]
    outcomes = Counter(entry.result or "unknown" for entry in entries)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    yield f"{counts or 'nothing was deleted'} since {iso(since)}"
    if saved := sum(entry.monthly_cost or 0.0 for entry in deleted):
        yield f"saved {saved:.2f} USD a month, as far as prices are known"
    yield from _chart("by", Counter(entry.by for entry in deleted), columns)
    yield from _chart("kind", Counter(str(entry.document.get("kind")) for entry in deleted), columns)
    yield from _chart("day", Counter(entry.at[:10] for entry in deleted), columns, by_name=True)


def _chart(title: str, counts: Counter[str], columns: int | None, by_name: bool = False) -> Iterator[str]:
    """A bar for each; the longest has 40 blocks, or less where the screen is narrow: then names give way, too."""
    if not counts:
        return
    yield ""
    yield title
    names = sorted(counts) if by_name else [name for name, _ in counts.most_common()]
    column, most = max(width(one_line(name)) for name in names), max(counts.values())
    bar = _BAR if columns is None else max(1, min(_BAR, (columns - _FIXED) // 2))
    column = column if columns is None else max(1, min(column, columns - _FIXED - bar))
    for name in names:
        yield f"  {pad(squeeze(one_line(name), column), column)}  {counts[name]:>6}  {'█' * max(1, counts[name] * bar // most)}"
