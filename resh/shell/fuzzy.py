"""Which of many names fit what was typed, best first: the same beginning, then the beginning of a word, then the letters in order.

matches("vst", ["volume_size", "volume_status", "instance"])       # ['volume_status']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

MOST = 200
ENOUGH = 20
"""With so many names that begin alike, nobody looks for the others."""


def matches(typed: str, names: Sequence[str]) -> list[str]:
    """At most MOST names; `names` must be sorted."""
    if not typed:
        return list(names[:MOST])
    start = bisect_left(names, typed)
    end = bisect_left(names, typed + "\U0010ffff")
    found = list(names[start : min(end, start + MOST)])
    if len(found) >= ENOUGH:
        return found
    word = re.compile(rf"(?:^|[_.\-/ ]){re.escape(typed)}", re.IGNORECASE)
    letters = re.compile(".*?".join(map(re.escape, typed)), re.IGNORECASE)
    loose = [name for name in names if letters.search(name)]
    inner = [name for name in loose if word.search(name)]
    return list(dict.fromkeys([*found, *inner, *loose]))[:MOST]
