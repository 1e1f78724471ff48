"""Text on its way to people: hostile characters out, display width, the nearest word to a mistyped one."""

from __future__ import annotations

import re
from collections.abc import Iterable

# C0 except tab and newline, DEL, C1, the marks that turn the reading direction round, and halves of characters.
_HOSTILE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


class Drawn(str):
    """A line that a renderer made of text that it sanitised, colours included: it goes to the terminal as it is."""

    __slots__ = ()


def sanitise(text: str) -> str:
    """Text from a cloud, safe for a terminal: each control character becomes �."""
    if text.isascii() and text.isprintable():  # as most of it is
        return text
    return re.sub(_HOSTILE, "�", text)


def one_line(text: str) -> str:
    return sanitise(" ".join(text.split()))


def width(text: str) -> int:
    """Columns that a terminal needs for it."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def fit(text: str, columns: int) -> str:
    """Cut to `columns`, ending in … when something is lost."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text + "…" if columns > 0 else ""


def pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def nearest(word: str, choices: Iterable[str], count: int = 3, likeness: float = 0.5) -> list[str]:
    """The choices most like `word`, best first; `likeness` goes from 0 (anything) to 1 (the same)."""
    from difflib import get_close_matches

    names = list(choices)
    inside = [name for name in sorted(names, key=len) if word and word.lower() in name.lower()]
    close = get_close_matches(word, names, n=count, cutoff=likeness)
    return list(dict.fromkeys([*close, *inside]))[:count]


def did_you_mean(word: str, choices: Iterable[str], count: int = 3, likeness: float = 0.5) -> str:
    near = nearest(word, choices, count, likeness)
    return f"did you mean {' or '.join(near)}?" if near else ""
