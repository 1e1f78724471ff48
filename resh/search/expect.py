"""What may follow in a search: asked of the parser, filled with the names of kinds and properties.

    expect("is(vol", kinds)         [Expectation("volume", 3, "kind", "…"), …]
    expect("is(vol", kinds, matches)    the same with another idea of what fits: aws_ec2_volume too

It works for any beginning of a search; where the text before makes no sense there is nothing to expect.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile

from resh.model.kinds import Kinds, Property
from resh.record import Record
from resh.search.machine import Machine, Mismatch, Token
from resh.search.paths import AGES, LEVELS

_MOST = 200
_TOO_MANY_KINDS = 60
_WORD = re.compile(r"[\w`/\"]")
_NAVIGATIONS = ("_LEFT", "_DASH")

_MEASURES = ("sum", "count", "min", "max", "avg", "stddev", "variance")
Words = tuple[tuple[str, str], ...]
Fits = Callable[[str, list[str]], Iterable[str]]
"""Picks, from sorted words, those that what is typed may become, best first."""
_FORMS: dict[str, tuple[str, Words]] = {
    "_IS": ("function", (("is(", "nodes of a kind"),)),
    "_ID": ("function", (("id(", "nodes with these ids"),)),
    "FUNCTION": ("function", (("has_key(", "a property has a key"), ("in_subnet(", "an address lies in a network"))),
    "_ALL": ("keyword", (("all", "every node"),)),
    "_NOT": ("operator", (("not", "the opposite of what follows"),)),
    "_AGGREGATE": ("function", (("aggregate(", "group the nodes and sum them up"),)),
    "MEASURE": ("function", tuple((f"{name}(", f"the {name} of a property") for name in _MEASURES)),
    "OPERATOR": (
        "operator",
        (
            ("=", "equals"),
            ("!=", "differs, or is not set"),
            ("<", "less; an age: younger"),
            ("<=", "less or equal"),
            (">", "greater; an age: older"),
            (">=", "greater or equal"),
            ("~", "fits a regular expression, whatever its case"),
            ("!~", "does not fit a regular expression"),
        ),
    ),
    "IN": ("operator", (("in", "is one of a list"),)),
    "NOT_IN": ("operator", (("not in", "is none of a list"),)),
    "MODIFIER": ("keyword", (("all", "every element"), ("any", "some element"), ("none", "no element"))),
    "CONNECTIVE": ("operator", (("and", "both; read from left to right"), ("or", "one of them; read from left to right"))),
    "_WITH": ("function", (("with(", "by how many nodes are connected"),)),
    "QUANTITY": ("keyword", (("empty", "no connected node"), ("any", "at least one"))),
    "_COUNT": ("keyword", (("count", "so many of them"),)),
    "_SORT": ("keyword", (("sort", "order by properties"),)),
    "DIRECTION": ("keyword", (("asc", "smallest first"), ("desc", "largest first"))),
    "_LIMIT": ("keyword", (("limit", "only so many"),)),
    "REVERSED": ("keyword", (("reversed", "from last to first"),)),
    "_AS": ("keyword", (("as", "a name for it"),)),
    "_DASH": (
        "navigation",
        (("-->", "what it contains or uses"), ("-[1:]->", "everything below"), ("-delete->", "what must be deleted later")),
    ),
    "_LEFT": (
        "navigation",
        (
            ("<--", "what contains or uses it"),
            ("<-[1:]-", "everything above"),
            ("<-delete-", "what must be deleted first"),
            ("<-->", "both ways"),
        ),
    ),
    "EDGE": ("navigation", (("default", "containment and use"), ("delete", "order of deletion"))),
}
_SHORT: dict[str, str] = {
    "age": "duration · since it was created",
    "last_update": "duration · since it was changed",
    "last_access": "duration · since it was used",
    **{level: f"name of its {level}" for level in LEVELS},
    "/metadata.protected": "boolean · never deleted",
    "/metadata.expires": "datetime · when it may be deleted",
    "/metadata.stale": "boolean · could not be read at the last collect",
    "/desired.clean": "boolean · marked for clean-up",
}
_PERIODS: Words = (("1d", "a day"), ("7d", "a week"), ("30d", "a month"), ("365d", "a year"))
_BOOLEANS: Words = (("true", ""), ("false", ""))


class Expectation(Record):
    """`text` may stand from `start` on, in place of what is typed there."""

    text: str
    start: int
    category: str
    description: str


def begins(typed: str, words: list[str]) -> Iterator[str]:
    """The words, which are sorted, that begin with what is typed."""
    return takewhile(lambda word: word.startswith(typed), islice(words, bisect_left(words, typed), None))


def expect(text: str, kinds: Kinds, fits: Fits = begins) -> list[Expectation]:
    """At most 200: words of the language, then names as `fits` picks them from the sorted ones."""
    start = _start(text)
    machine = Machine(text[:start])
    try:
        before = list(machine.tokens())
    except Mismatch:
        return []
    typed = text[start:].lower()
    found = _expected(machine.allowed(), before, kinds, typed, fits)
    return [Expectation(word, start, category, why) for word, category, why in islice(found, _MOST)]


def _start(text: str) -> int:
    """Where the word begins that is being typed."""
    machine = Machine(text)
    last: Token | None = None
    try:
        for token in machine.tokens():
            last = token
    except Mismatch as problem:
        begins = last is not None and last.type in _NAVIGATIONS and last.end == problem.position and text[last.end :] == "-"
        return last.start if last and begins else problem.position
    typing = last is not None and last.end == len(text) and (_WORD.match(last.text[-1]) or last.type in _NAVIGATIONS)
    return last.start if last and typing else len(text)


def _expected(allowed: Iterable[str], before: list[Token], kinds: Kinds, typed: str, fits: Fits) -> Iterator[tuple[str, str, str]]:
    """Words of the language first, then names and values."""
    terminals = set(allowed)
    for terminal, (category, words) in _FORMS.items():
        if terminal in terminals:
            yield from _fitting(category, words, typed)
    if "KIND" in terminals:
        names = sorted(kind.name for kind in kinds)
        yield from ((name, "kind", kinds[name].description) for name in fits(typed, names))
    if "PATH" in terminals:
        yield from _properties(before, kinds, typed, fits)
    if "WORD" in terminals:
        yield from _fitting("value", _values(before, kinds), typed)


def _fitting(category: str, words: Words, typed: str) -> Iterator[tuple[str, str, str]]:
    return ((word, category, why) for word, why in words if word.startswith(typed))


def _properties(before: list[Token], kinds: Kinds, typed: str, fits: Fits) -> Iterator[tuple[str, str, str]]:
    known = _known(before, kinds)
    described = {name: _describe(prop) for name, prop in known.items()} | _SHORT
    return ((name, "property", described[name]) for name in fits(typed, sorted(described)))


def _describe(prop: Property) -> str:
    return " · ".join(filter(None, (prop.type, prop.unit, prop.description)))


def _known(before: list[Token], kinds: Kinds) -> dict[str, Property]:
    """Properties of the kinds that this part of the search is about."""
    names: list[str] = []
    for token in before:
        if token.type in _NAVIGATIONS:
            names = []
        elif token.type == "KIND" and token.text in kinds:
            names.append(token.text)
    found: dict[str, Property] = {}
    for name in names or [name for name in ("resource",) if name in kinds]:
        leaves = sorted(kinds.leaves(name))
        for kind in (name, *(leaves if len(leaves) <= _TOO_MANY_KINDS else ())):
            found |= {key: prop for key, prop in kinds.properties(kind).items() if key not in found}
    return found


def _values(before: list[Token], kinds: Kinds) -> Words:
    """Values that the property before the operator may have."""
    path = next((token.text for token in reversed(before) if token.type == "PATH"), "")
    if not before or before[-1].type != "OPERATOR":
        return ()
    if path in AGES:
        return _PERIODS
    prop = _known(before, kinds).get(path)
    unset: Words = (("null", "not set"),) if before[-1].text in ("=", "==", "!=") else ()
    return (_BOOLEANS if prop is None or prop.type == "boolean" else ()) + unset
