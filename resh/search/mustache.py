"""Mustache, as far as searches need it: text with tags, and what the tags stand for.

    parsed = pieces("is({{kind}}){{#owner}} and tags.owner = {{owner}}{{/owner}}")
    parameters(parsed)                          # {"kind": True, "owner": False}: the second one may be left out
    walk(parsed, Scopes({"kind": "volume"}))    # Text("is("), Found("volume", …), Text(")")

`{{x}}` is a value, `{{{x}}}` (or `{{&x}}`) text as it is, `{{#x}}…{{/x}}` is there for each element of a list and for what is not empty,
`{{^x}}…{{/x}}` for what is, `{{! … }}` is a comment. A name is a path: `{{owner.name}}`, and `{{.}}` is the element itself. At the end of a
path stand `with_index`, `as_list`, `parens`, `from_now` and `ago`. How a value is written is for the caller to say: `templates.py`.

No library: all of them write values as HTML, or as a function says that does not know where in the text the value goes. Whether it is
inside of quotes decides how it must be written here; and mistakes need their place in the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from resh.errors import BadValue, SyntaxProblem

_TAG = re.compile(r"\{\{\{([^{}]*)\}\}\}|\{\{([#^/&!>=]?)([^{}]*)\}\}")
_NAME = re.compile(r"\.|\w[\w-]*(?:\.\w[\w-]*)*")
_DEPTH = 30
VIRTUALS = ("with_index", "as_list", "parens", "from_now", "ago")


class Text(NamedTuple):
    text: str
    start: int


class Tag(NamedTuple):
    """`sigil` is empty for a value, & for text as it is, # and ^ for sections, which have something inside. `start` is in the template."""

    sigil: str
    name: str
    start: int
    inside: tuple[Piece, ...] = ()


Piece = Text | Tag


class Found(NamedTuple):
    """What a tag stands for."""

    value: Any
    tag: Tag


class Unfit(Exception):
    """The value of this tag cannot be what the tag makes of it."""

    def __init__(self, tag: Tag, why: BadValue) -> None:
        super().__init__(why.message)
        self.tag = tag
        self.why = why


class Missing(Exception):
    """Nothing gives the name of this tag a value."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag.name)
        self.tag = tag


def pieces(text: str) -> tuple[Piece, ...]:
    """Raises SyntaxProblem for a tag that is none, and for a section that is not closed."""
    stack: list[tuple[re.Match[str] | None, list[Piece]]] = [(None, [])]
    position = 0
    for found in _TAG.finditer(text):
        stack[-1][1].append(Text(text[position : found.start()], position))
        position = found.end()
        sigil, name = ("&", found[1].strip()) if found[1] is not None else (found[2], found[3].strip())
        if sigil == "!":
            continue
        _check_name(text, found, sigil, name)
        if sigil in ("#", "^"):
            stack.append((found, []))
            if len(stack) > _DEPTH:
                raise SyntaxProblem("sections nest too deeply", text, found.start())
        elif sigil == "/":
            stack[-2:] = _closed(text, stack[-2:], found, name)
        else:
            stack[-1][1].append(Tag(sigil, name, found.start()))
    opened, last = stack[-1]
    if opened is not None:
        name = opened[3].strip()
        raise SyntaxProblem(f"the section {opened[0]} has no end", text, opened.start(), (), f"end it with {{{{/{name}}}}}")
    return (*last, Text(text[position:], position))


def _check_name(text: str, found: re.Match[str], sigil: str, name: str) -> None:
    if sigil in (">", "="):
        raise SyntaxProblem(f"{found[0]} is not supported", text, found.start(), (), "another template comes in with expand(name)")
    if not _NAME.fullmatch(name):
        raise SyntaxProblem(f"{found[0]} names no parameter", text, found.start(), (), "a name has letters, digits, _, - and dots")


def masked(text: str) -> str:
    """The text with a word of the same length for every value, and blanks for what begins and ends sections: before they are filled."""
    if "{{" not in text:
        return text
    return _TAG.sub(lambda found: (" " if found[2] in ("#", "^", "/", "!") else "x") * len(found[0]), text)


_Open = tuple[re.Match[str] | None, list[Piece]]


def _closed(text: str, stack: Sequence[_Open], found: re.Match[str], name: str) -> list[_Open]:
    """The outer level, with the section as its last piece."""
    opened, inside = stack[-1]
    if opened is None or opened[3].strip() != name:
        hint = f"{opened[0]} is open" if opened else "no section is open"
        raise SyntaxProblem(f"{found[0]} ends no section", text, found.start(), (), hint)
    outer, before = stack[0]
    return [(outer, [*before, Tag(opened[2], name, opened.start(), tuple(inside))])]


class Scopes:
    """Where names are looked up: the parameters, then whatever sections are open; the innermost that has the name wins."""

    def __init__(self, values: Mapping[str, Any], now: float = 0.0, outer: tuple[Any, ...] = ()) -> None:
        self._now = now
        self._scopes = (*outer, values)

    def inner(self, value: Any) -> Scopes:
        return Scopes(value, self._now, self._scopes)

    def value(self, tag: Tag) -> Any:
        """Raises Missing; Unfit for what is no duration before `from_now` and `ago`."""
        if tag.name == ".":
            return self._scopes[-1]
        for scope in reversed(self._scopes):
            if isinstance(scope, Mapping) and tag.name in scope:
                return scope[tag.name]
        first, *rest = tag.name.split(".")
        found = next((scope[first] for scope in reversed(self._scopes) if isinstance(scope, Mapping) and first in scope), Missing)
        for step in rest:
            if isinstance(found, Mapping) and step in found:
                found = found[step]
            elif found is not Missing and step in VIRTUALS:
                found = self._virtual(tag, step, found)
            else:
                found = Missing
        if found is Missing:
            raise Missing(tag)
        return found

    def _virtual(self, tag: Tag, name: str, value: Any) -> Any:
        if name in _VIRTUAL:
            return _VIRTUAL[name](value)
        try:
            return _moment(value, self._now, 1 if name == "from_now" else -1)
        except BadValue as error:
            raise Unfit(tag, error) from None


class Quoted(str):
    """Text that is written in quotes even where it would not need them."""

    __slots__ = ()


def _moment(value: Any, now: float, sign: int) -> str:
    from resh.clock import iso
    from resh.durations import parse_duration

    try:
        return iso(now + sign * parse_duration(str(value)))
    except (OverflowError, ValueError):
        raise BadValue(f"'{value}' is too long a time", "write it like 30d") from None


def _with_index(value: Any) -> Any:
    """Each element as an object that knows its place: what is no object has its `value` in it."""
    if not isinstance(value, list):
        return value
    last = len(value) - 1
    return [
        {**(item if isinstance(item, Mapping) else {"value": item}), "index": n, "first": n == 0, "last": n == last}
        for n, item in enumerate(value)
    ]


def _as_list(value: Any) -> list[Any]:
    """An object as its keys and values; anything else as the only element."""
    if isinstance(value, Mapping):
        return [{"key": key, "value": item} for key, item in value.items()]
    return value if isinstance(value, list) else [value]


def _parens(value: Any) -> Quoted:
    return Quoted(plain(value))


_VIRTUAL: dict[str, Callable[[Any], Any]] = {"with_index": _with_index, "as_list": _as_list, "parens": _parens}


def plain(value: Any) -> str:
    """A value as text: what stands inside of quotes, and where text is put in as it is."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    import json

    return json.dumps(value, ensure_ascii=False)


def walk(parsed: Sequence[Piece], scopes: Scopes) -> Iterator[Text | Found]:
    """Text and values in their order. Raises Missing for a value that nothing gives; a section with such a name is empty."""
    for piece in parsed:
        if isinstance(piece, Text):
            yield piece
        elif piece.sigil == "#":
            for value in _elements(piece, scopes):
                yield from walk(piece.inside, scopes.inner(value))
        elif piece.sigil == "^":
            if not _elements(piece, scopes):
                yield from walk(piece.inside, scopes)
        else:
            yield Found(scopes.value(piece), piece)


def _elements(tag: Tag, scopes: Scopes) -> list[Any]:
    """What a section is there for: nothing for null, false, an empty text, list or object. Zero is a value."""
    try:
        value = scopes.value(tag)
    except Missing:
        return []
    if isinstance(value, list):
        return value
    return [] if value is None or value is False or value in ("", {}) else [value]


def parameters(parsed: Sequence[Piece]) -> dict[str, bool]:
    """Names that the template takes, in order, and whether it needs them. What a section may find in its elements is no parameter."""
    found: dict[str, bool] = {}
    for tag, sections in _tags(parsed, ()):
        name = _first(tag.name)
        if tag.sigil in ("#", "^"):
            found.setdefault(name, False)
        elif name != "." and not any(section.sigil == "#" and _first(section.name) != name for section in sections):
            optional = any(_first(section.name) == name for section in sections)
            found[name] = found.get(name, False) or not optional
    return {name: needed for name, needed in found.items() if name != "."}


def names(parsed: Sequence[Piece]) -> set[str]:
    """Every name that stands in the template, whatever gives it a value."""
    return {_first(tag.name) for tag, _ in _tags(parsed, ())}


def _first(name: str) -> str:
    return name if name == "." else name.split(".")[0]


def _tags(parsed: Sequence[Piece], sections: tuple[Tag, ...]) -> Iterator[tuple[Tag, tuple[Tag, ...]]]:
    for piece in parsed:
        if isinstance(piece, Tag):
            yield piece, sections
            yield from _tags(piece.inside, (*sections, piece))
