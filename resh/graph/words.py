"""What text means to a search: words, one behind the other, in one value of what was reported.

    words("us-east-1: Höhe")                            ["us", "east", "1", "höhe"]
    flat({"name": "Web 1", "tags": {"owner": "ada"}})   "web 1 \\x02 ada": what the index takes, and what phrases are looked for in
    Phrases("us east 1").occur('{"arn": "…"}')          whether one of these phrases, a line each, is in that document

White space, control characters and `_ - @ : / .` are between words. Case does not count, nor does how Unicode composes a letter.
`text_function` makes `resh_text(phrases, document)` of it for SQL, `rank_function` makes `resh_rank(phrase, name, id)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

END = "\2"
"""Stands between two values. In a value it is a control character like others."""

_BETWEEN = {ord(sign): " " for sign in "_-@:/."} | dict.fromkeys((*range(32), 127), " ")
_BETWEEN_VALUES = _BETWEEN | {ord(END): f" {END} "}
_SIGNS = r"\s\x7f_\-@:/."
_MANY = 8
"""More phrases than this are looked for in one go over the words of a document, not each in its text."""


def words(text: str) -> list[str]:
    return _folded(text).translate(_BETWEEN).split()


def flat(reported: Any) -> str:
    """The words of every value, those of one value side by side."""
    values: list[str] = []
    _gather(reported, values)
    text = END.join(values)
    if text.count(END) >= len(values) > 0:
        text = END.join(value.replace(END, " ") for value in values)
    return " ".join(_folded(text).translate(_BETWEEN_VALUES).split())


class Phrases:
    """A phrase is words with a space between them; `lines` has one in each line. What occurs is looked for in JSON as SQLite writes it."""

    def __init__(self, lines: str) -> None:
        phrases = lines.split("\n")
        many = len(phrases) > _MANY
        self._single = {phrase for phrase in phrases if many and " " not in phrase}
        self._phrases = [f" {phrase} " for phrase in phrases if phrase not in self._single]
        self._rarest = [max(phrase.split(" "), key=len) for phrase in phrases]
        self._quick: Callable[[str], object] | None = None
        if not many and all(map(_plain, phrases)):
            self._quick = _in_strings(phrases).search

    def occur(self, document: str) -> bool:
        """A document of plain letters has its values between quotes as they are: one look at the text is enough."""
        if self._quick and "\\" not in document and document.isascii():
            text = document.lower()
            return any(word in text for word in self._rarest) and self._quick(text) is not None
        from orjson import loads

        return self.occur_in(flat(loads(document)))

    def occur_in(self, flat: str) -> bool:
        """The same for what `flat` made of a document."""
        if self._single and not self._single.isdisjoint(flat.split()):
            return True
        text = f" {flat} "
        return any(phrase in text for phrase in self._phrases)


def text_function() -> Callable[..., bool]:
    """For one connection: it prepares each set of phrases once."""
    prepared: dict[str, Phrases] = {}

    def occur(phrases: str, document: str) -> bool:
        found = prepared.get(phrases)
        if found is None:
            found = prepared[phrases] = Phrases(phrases)
        return found.occur(document)

    return occur


def rank_function() -> Callable[..., int]:
    """What is called so comes first, then what has it in its name or id, then what has it elsewhere."""

    def rank(phrase: str, *names: Any) -> int:
        best, first = 2, phrase.partition(" ")[0]
        for name in names:
            if name is None or (name.isascii() and first not in name.lower()):
                continue
            found = " ".join(words(name))
            if found == phrase:
                return 0
            if f" {phrase} " in f" {found} ":
                best = 1
        return best

    return rank


def _gather(value: Any, values: list[str]) -> None:
    if type(value) is str:
        values.append(value)
    elif type(value) is dict:
        for item in value.values():
            _gather(item, values)
    elif type(value) is list:
        for item in value:
            _gather(item, values)
    elif value is not None and type(value) is not bool:
        values.append(str(value))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    from unicodedata import normalize

    return normalize("NFKC", normalize("NFKC", text).casefold())


def _plain(phrase: str) -> bool:
    """It can be told from the signs of JSON, and is in no number: those stand outside of quotes."""
    return re.fullmatch("[a-z0-9 ]+", phrase) is not None and re.fullmatch("[0-9e ]+", phrase) is None


def _in_strings(phrases: list[str]) -> re.Pattern[str]:
    """Finds plain phrases in lower JSON, between quotes that no colon follows: such are keys."""
    found = "|".join(rf"[{_SIGNS}]+".join(phrase.split()) for phrase in phrases)
    return re.compile(rf'["{_SIGNS}](?:{found})(?=["{_SIGNS}])[^"]*"(?!:)')
