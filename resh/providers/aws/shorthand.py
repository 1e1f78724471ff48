"""Values as the AWS CLI takes them on a command line, as the parameters of an operation want them.

    value(shape, ["Name=status,Values=available,in-use"])       [{"Name": "status", "Values": ["available", "in-use"]}]
    value(shape, ['{"Name": "status"}'])                        JSON does as well
    value(shape, ["7"])                                         7, where the shape is a number

`shape` is botocore's. All raise BadValue. Files (`file://…`) are not read: whoever types may sit at another machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from resh.errors import BadValue
from resh.text import did_you_mean

Shape = Any
"""A botocore.model.Shape of whatever type."""

_KEY = re.compile(r"\s*([\w./:#-]+)\s*=")
_QUOTED = re.compile(r"""'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)\"""")
_ESCAPE = re.compile(r"\\(.)")
_DEEPEST = 30


def value(shape: Shape, words: Sequence[str]) -> Any:
    """What the words behind an option say; a list takes each of them as an element."""
    for word in words:
        if word.startswith(("file://", "fileb://")):
            raise BadValue(f"'{word}' is a file: none is read here", "write the value itself, as text or JSON")
    if shape.type_name == "boolean" and not words:
        return True
    if shape.type_name == "list":
        return _listed(shape, words)
    if len(words) != 1:
        raise BadValue(f"{len(words)} values where one is wanted{f': {words[1]}' if words else ''}", "quote a value that has blanks")
    return _one(shape, words[0])


def _listed(shape: Shape, words: Sequence[str]) -> list[Any]:
    if len(words) == 1 and words[0].lstrip().startswith("[") and (whole := _json(words[0])) is not None:
        return _shaped(shape, whole)  # type: ignore[no-any-return]
    return [_one(shape.member, word) for word in words]


def _one(shape: Shape, word: str) -> Any:
    if shape.type_name not in ("structure", "map", "list"):
        return _scalar(shape, word)
    text = word.strip()
    if text.startswith(("{", "[")) and (whole := _json(text)) is not None:
        return _shaped(shape, whole)
    return _shaped(shape, _Reader(text).whole())


def _json(text: str) -> Any:
    """None when it is shorthand that begins like JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        if re.match(r"""[\[{]\s*["\[{]""", text):
            raise BadValue(f"'{text}' is no JSON: {error}") from None
        return None


def _shaped(shape: Shape, found: Any) -> Any:
    """The value with its parts as the shape wants them; a single value does for a list of one."""
    match shape.type_name:
        case "structure":
            return {name: _shaped(_member(shape, name), inner) for name, inner in _pairs(shape, found)}
        case "map":
            return {name: _shaped(shape.value, inner) for name, inner in _pairs(shape, found)}
        case "list":
            return [_shaped(shape.member, inner) for inner in (found if isinstance(found, list) else [found])]
        case _:
            return _scalar(shape, found)


def _pairs(shape: Shape, found: Any) -> list[tuple[str, Any]]:
    if not isinstance(found, dict):
        raise BadValue(f"'{found}' is no {shape.name}", "write it like Key=value,Other=value, or as JSON")
    return list(found.items())


def _member(shape: Shape, name: str) -> Shape:
    if name not in shape.members:
        names = list(shape.members)
        raise BadValue(f"{shape.name} has no '{name}'", did_you_mean(name, names) or f"it has {', '.join(names[:12])}")
    return shape.members[name]


def _scalar(shape: Shape, found: Any) -> Any:
    kind, text = shape.type_name, found if isinstance(found, str) else json.dumps(found)
    if isinstance(found, dict | list):
        raise BadValue(f"'{text}' where {_WORDS.get(kind, 'a text')} is wanted")
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise BadValue(f"'{text}' is neither true nor false")
        return text.lower() == "true"
    if kind == "blob":
        return text.encode()
    convert = _NUMBERS.get(kind)
    if convert is None:
        return text
    try:
        return convert(text)
    except ValueError:
        raise BadValue(f"'{text}' is no number") from None


_NUMBERS: dict[str, Callable[[str], int | float]] = {"integer": int, "long": int, "float": float, "double": float}
_WORDS = {"integer": "a number", "long": "a number", "float": "a number", "double": "a number", "boolean": "true or false"}


class _Reader:
    """Shorthand from left to right: `Key=value,Other=[a,b],Deep={Key=value}`. A value may go on: `Values=a,b` is a list."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Any:
        found = self._pairs("", 0)
        if self._at < len(self._text):
            raise self._wrong("nothing more is expected")
        return found

    def _pairs(self, end: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            key = _KEY.match(self._text, self._at)
            if not key:
                raise self._wrong("Key=value is expected")
            if key[1] in found:
                raise self._wrong(f"'{key[1]}' is there already")
            self._at = key.end()
            found[key[1]] = self._value(end, depth)
            if not self._takes(","):
                return found

    def _value(self, end: str, depth: int) -> Any:
        if depth > _DEEPEST:
            raise self._wrong("it is nested too deep")
        first = self._single(end, depth)
        values = [first]
        while self._text[self._at : self._at + 1] == "," and not _KEY.match(self._text, self._at + 1):
            self._at += 1
            values.append(self._single(end, depth))
        return values if len(values) > 1 else first

    def _single(self, end: str, depth: int) -> Any:
        if self._takes("{"):
            found: Any = self._pairs("}", depth + 1)
            return self._ended("}", found)
        if self._takes("["):
            found = []
            while not self._text.startswith("]", self._at) and self._at < len(self._text):
                found.append(self._single("]", depth + 1))
                if not self._takes(","):
                    break
            return self._ended("]", found)
        if quoted := _QUOTED.match(self._text, self._at):
            self._at = quoted.end()
            return _ESCAPE.sub(r"\1", quoted[1] if quoted[1] is not None else quoted[2])
        plain = re.compile(rf"[^,{re.escape(end)}]*").match(self._text, self._at)
        assert plain is not None
        self._at = plain.end()
        return plain[0].strip()

    def _takes(self, sign: str) -> bool:
        there = self._text.startswith(sign, self._at)
        self._at += there
        return there

    def _ended(self, sign: str, found: Any) -> Any:
        if not self._takes(sign):
            raise self._wrong(f"{sign} is missing")
        return found

    def _wrong(self, why: str) -> BadValue:
        return BadValue(f"'{self._text}' cannot be read at '{self._text[self._at : self._at + 20]}': {why}", "or write it as JSON")
