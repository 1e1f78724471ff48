"""Which of many names fit what was typed, best first: the same beginning, then the beginning of a word, then the letters in order.

matches("vst", ["volume_size", "volume_status", "instance"])       # ['volume_status']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, islice

MOST = 200
ENOUGH = 20
"""With so many names that begin alike, nobody looks for the others."""


_FEW = 2  # so few letters come in this order in nearly every name
_MANY = 100  # so many letters are no name, and looking for them takes long
_SEPARATORS = ("\n", "_", ".", "-", "/", " ")


def matches(typed: str, names: Sequence[str]) -> list[str]:
    """At most MOST names; `names` must be sorted. Each step is taken only where those before have not found ENOUGH."""
    if not typed:
        return list(names[:MOST])
    start = bisect_left(names, typed)
    end = bisect_left(names, typed + "\U0010ffff")
    found = dict.fromkeys(names[start : min(end, start + MOST)])
    if len(found) < ENOUGH:
        text = "\n" + "\n".join(names) + "\n"
        small = text.lower()
        if len(small) == len(text):  # else a place in the one is none in the other
            hits = [_words(typed.lower(), small), _letters(typed.lower(), small) if _FEW < len(typed) <= _MANY else ()]
            found |= {text[at : text.find("\n", at)]: None for at in islice(chain(*hits), MOST)}
    return list(found)[:MOST]


def _words(typed: str, text: str) -> list[int]:
    """Where the lines begin in which a word begins so. One look at the whole text takes less time than one at each line."""
    starts = set[int]()
    for separator in _SEPARATORS:
        at = text.find(separator + typed)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at + 1) + 1)
            at = text.find(separator + typed, text.find("\n", at + 1))
    return sorted(starts)


def _letters(typed: str, text: str) -> Iterator[int]:
    """Where the lines begin that have these letters in this order. Nothing in the pattern can be tried twice."""
    pattern = re.escape(typed[0]) + "".join(f"[^{re.escape(letter)}\n]*{re.escape(letter)}" for letter in typed[1:])
    for hit in re.finditer(pattern, text):
        yield text.rfind("\n", 0, hit.start()) + 1
