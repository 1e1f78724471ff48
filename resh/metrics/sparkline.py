"""Numbers as a line of eight heights, for lists: ▁▂▅█. A gap is a blank.

sparkline([1, 2, None, 8])      # '▁▂ █'
"""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, height = min(known), max(known) - min(known)
    return "".join(" " if value is None else _BLOCKS[_level(value - low, height)] for value in values)


def _level(above: float, height: float) -> int:
    return round(above / height * (len(_BLOCKS) - 1)) if height else 0
