"""Text on its way to people: hostile characters out, display width, the nearest word to a mistyped one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

# C0 except tab and newline, DEL, C1, the marks that end lines or turn the reading direction round, and halves of characters.
_HOSTILE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_LETTERS = 8  # of one column: a letter with all its marks, or an emoji of several people
_IN_URLS = "%/:?#[]@!$&'()*+,;=~"  # what quote leaves as it is, beside letters and digits
_LINK = re.compile("(\x1b]8;;[!-~]*\x1b\\\\|\x1b\\[[0-9;]*m)")


class Drawn(str):
    """A line that a renderer made of text that it sanitised, colours included: it goes to the terminal as it is."""

    __slots__ = ()


class Link(str):
    """A value that a terminal may show as a link to `url`."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str) -> Self:
        link = super().__new__(cls, text)
        link.url = url
        return link


class Toned(str):
    """A value that a terminal may show in a colour; `tone` is the number of ANSI's."""

    __slots__ = ("tone",)
    tone: str

    def __new__(cls, text: str, tone: str) -> Self:
        toned = super().__new__(cls, text)
        toned.tone = tone
        return toned


class Linked(str):
    """A line with links or colours in it: `drawn` goes to terminals, everything else sees the plain text."""

    __slots__ = ("drawn",)
    drawn: Drawn

    def __new__(cls, text: str, drawn: str) -> Self:
        linked = super().__new__(cls, text)
        linked.drawn = Drawn(drawn)
        return linked


def hyperlink(text: str, url: str) -> str:
    """The text as a terminal shows it with a link behind it (OSC 8). What could end the sequence is percent-encoded."""
    from urllib.parse import quote

    return f"\x1b]8;;{quote(url, safe=_IN_URLS, errors='replace')}\x1b\\{sanitise(text)}\x1b]8;;\x1b\\"


def drawn(value: str, text: str | None = None) -> str:
    """A value, or as much of it as there is room for, as a terminal shows it."""
    text = value if text is None else text
    if isinstance(value, Link):
        return hyperlink(text, value.url)
    return f"\x1b[{value.tone}m{text}\x1b[0m" if isinstance(value, Toned) and text else str(text)


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
    """Cut to `columns`, ending in … when something is lost. Letters that take no room do not make it longer than it may be."""
    if len(text) <= _LETTERS * columns and width(text) <= columns:
        return text
    text = text[: max(0, _LETTERS * columns)]
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text + "…" if columns > 0 else ""


def squeeze(text: str, columns: int) -> str:
    """Cut to `columns` in its middle: beginning and end tell names apart that `fit` would make alike."""
    if width(text) <= columns:
        return text
    start = fit(text, max(1, columns * 2 // 3))
    end = text
    while end and width(start) + width(end) > columns:
        end = end[1:]
    return start + end


def fold(text: str, columns: int | None, first: str = "", further: str = "") -> list[str]:
    """Lines of `columns`, broken between words where that is possible, the first with one text before it and the others with another."""
    if columns is None:
        return [first + text]
    lines, line, empty = list[str](), first, True
    for word in text.split(" "):
        if width(line) + width(word) + (not empty) > columns and (not empty or (not lines and width(further) + width(word) <= columns)):
            lines.append(line.rstrip() if empty else line)
            line, empty = further, True
        while empty and width(line) + width(word) > columns > width(line) and len(word) > 1:
            taken = max(1, len(fit(word, columns - width(line) + 1)) - 1)
            lines.append(line + word[:taken])
            word, line = word[taken:], further
        line, empty = f"{line}{'' if empty else ' '}{word}", False
    return [*lines, line]


def fit_drawn(text: str, columns: int) -> str:
    """As `fit`, of text with links and colours in it: they take no room, and none stays open."""
    parts = _LINK.split(text)
    whole = "".join(parts[::2])
    kept = fit(whole, columns)
    if kept == whole:
        return text
    left, found = len(kept) - 1, []
    for number, part in enumerate(parts):
        if number % 2:
            found.append(part)
        elif left >= 0:
            found.append(part[:left] if len(part) <= left else part[:left] + kept[-1:])
            left = left - len(part) if len(part) <= left else -1
    return "".join(found)


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
