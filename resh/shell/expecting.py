"""What may follow in a search, as words with descriptions: the parser says which terminals fit, the vocabulary fills them.

expected(vocabulary, "is(volume) and volume_s")     # [("volume_size", "volume_s", "int64 · GB"), …]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resh.search.machine import Machine, Mismatch, Token
from resh.shell.fuzzy import matches
from resh.shell.vocabulary import Vocabulary, Words

_TYPED = re.compile(r"(?:[\w./`*]|-(?=[\w])|(?<=\w)\[)*$")
_KINDS = re.compile(r"\bis\(\s*\[?\s*\"?([\w:.-]+)")

_OPERATORS = {
    "=": "equals",
    "!=": "differs, or is not set",
    ">": "greater; an age: older",
    ">=": "greater or equal",
    "<": "less; an age: younger",
    "<=": "less or equal",
    "=~": "fits a regular expression",
    "!~": "does not fit a regular expression",
}
_FIXED: dict[str, Words] = {
    "_IS": {"is(": "resources of a kind"},
    "_ID": {"id(": "nodes with these ids"},
    "_ALL": {"all": "everything"},
    "_NOT": {"not": "the opposite of the next term"},
    "FUNCTION": {
        "has_key(": "a property has these keys",
        "in_subnet(": "an address lies in a network",
        "has_desired_change(": "a wish is not fulfilled yet",
    },
    "CONNECTIVE": {"and": "both", "or": "one of both; from left to right"},
    "OPERATOR": _OPERATORS,
    "IN": {"in": "is one of a list"},
    "NOT_IN": {"not in": "is none of a list"},
    "MODIFIER": {"any": "any element", "all": "every element", "none": "no element"},
    "_SORT": {"sort": "order by properties"},
    "_LIMIT": {"limit": "that many, or offset, that many"},
    "REVERSED": {"reversed": "from last to first"},
    "DIRECTION": {"asc": "smallest first", "desc": "largest first"},
    "EDGE": {"default": "contains or uses", "delete": "must be deleted later than"},
    "_WITH": {"with(": "only nodes with so many neighbours"},
    "QUANTITY": {"empty": "no neighbour", "any": "at least one neighbour"},
    "_COUNT": {"count": "a number of neighbours"},
    "_DASH": {"-->": "to what it contains or uses"},
    "_LEFT": {"<--": "to what contains or uses it", "<-->": "both ways"},
    "_AGGREGATE": {"aggregate(": "sum up instead of listing"},
    "MEASURE": {f"{name}(": f"the {name} of each group" for name in ("sum", "count", "min", "max", "avg", "stddev", "variance")},
    "_AS": {"as": "a name for it"},
}
_VALUES = {"true": "", "false": "", "null": "not set"}


def expected(vocabulary: Vocabulary, text: str) -> list[tuple[str, str, str]]:
    """(whole word, the part that is typed, description), best first; empty where the text makes no sense or a string is open."""
    found = _TYPED.search(text)
    typed = found[0] if found else ""
    machine = Machine(text[: len(text) - len(typed)])
    tokens: list[Token] = []
    try:
        tokens.extend(machine.tokens())
    except Mismatch:
        return []
    allowed = machine.allowed()
    fixed = {word: about for terminal in _FIXED if terminal in allowed for word, about in _FIXED[terminal].items()}
    names: dict[str, str] = {}
    for found_names in _names(vocabulary, allowed, tokens, text):
        names.update(found_names)
    both = {**names, **fixed}
    return [(word, typed, both[word]) for word in _ranked(typed, fixed, names)]


def _ranked(typed: str, fixed: Words, names: Words) -> list[str]:
    """Words of the language before names, as long as they begin with what is typed."""
    begun = [word for word in fixed if word.startswith(typed)]
    return list(dict.fromkeys([*begun, *matches(typed, sorted([*names, *fixed]))]))


def _names(vocabulary: Vocabulary, allowed: list[str], tokens: list[Token], text: str) -> Iterator[Words]:
    if "KIND" in allowed:
        yield vocabulary.words("kind")
    if "PATH" in allowed:
        kinds = _KINDS.findall(text)
        yield vocabulary.properties(kinds[-1]) if kinds else vocabulary.words("property")
    if "WORD" in allowed and tokens and tokens[-1].type in ("OPERATOR", "IN", "NOT_IN"):
        yield _VALUES
