"""Values for a template, as people type them in front of it.

    settings('kind=volume, ids=[a, b] is({{kind}})')        ({"kind": "volume", "ids": ["a", "b"]}, "is({{kind}})")

Values are words, "text", numbers, true, false, null, lists and objects, whose keys need no quotes: `[{name: Lisa}, {name: Bart}]`.
"""

from __future__ import annotations

import re
from typing import Any

from resh.errors import SyntaxProblem
from resh.search.builder import Misfit, string
from resh.search.machine import Token
from resh.search.templates import meaning

_SETTING = re.compile(r"\s*(\w[\w-]*)\s*=(?!=)\s*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WORD = re.compile(r"[^\s,\[\]{}\"]+")
_INNER = re.compile(r"[^\s,:\[\]{}\"]+")
_BLANKS = re.compile(r"\s*")


def settings(text: str) -> tuple[dict[str, Any], str]:
    """The values by name, and the rest of the text. Raises SyntaxProblem for a value that does not end."""
    values: dict[str, Any] = {}
    position = 0
    while found := _SETTING.match(text, position):
        values[found[1]], position = _value(text, found.end(), _WORD)
        comma = re.compile(r"\s*,").match(text, position)
        if comma is None:
            break
        position = comma.end()
    return values, text[position:].lstrip()


def _value(text: str, position: int, words: re.Pattern[str]) -> tuple[Any, int]:
    position = _skip(text, position)
    letter = text[position : position + 1]
    if letter == "[":
        return _list(text, position + 1)
    if letter == "{":
        return _object(text, position + 1)
    quoted = _STRING.match(text, position)
    if quoted:
        return _string(text, quoted), quoted.end()
    plain = words.match(text, position)
    if plain is None:
        raise SyntaxProblem("a value is missing", text, position, ("a value",), 'write name=value, name="some text" or name=[a, b]')
    return meaning(plain[0]), plain.end()


def _string(text: str, found: re.Match[str]) -> str:
    try:
        return string(Token("STRING", found[0], found.start()))
    except Misfit as problem:
        raise SyntaxProblem(problem.message, text, found.start(), (), problem.hint) from None


def _list(text: str, position: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while text[_skip(text, position) : _skip(text, position) + 1] != "]":
        item, position = _value(text, position, _WORD)
        items.append(item)
        position = _comma(text, position, "]")
    return items, _skip(text, position) + 1


def _object(text: str, position: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while text[_skip(text, position) : _skip(text, position) + 1] != "}":
        key, position = _value(text, position, _INNER)
        position = _skip(text, position)
        if text[position : position + 1] != ":":
            raise SyntaxProblem("a colon is missing", text, position, (":",), "an object is written {key: value}")
        found[str(key)], position = _value(text, position + 1, _WORD)
        position = _comma(text, position, "}")
    return found, _skip(text, position) + 1


def _comma(text: str, position: int, end: str) -> int:
    """Behind the comma, or at the end of the list."""
    position = _skip(text, position)
    letter = text[position : position + 1]
    if letter not in (",", end) or not letter:
        raise SyntaxProblem(f"{end} is missing", text, position, (",", end), "separate values with commas")
    return position + (letter == ",")


def _skip(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position
