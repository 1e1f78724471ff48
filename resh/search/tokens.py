"""What each word of a search is, for a highlighter: from the grammar's own lexer, and tolerant of what does not parse.

tokens("is(volume) and age > 3d")       [(0, 2, "keyword"), (2, 3, "punctuation"), (3, 9, "kind"), …]
"""

from __future__ import annotations

import re

from resh.search.builder import word
from resh.search.machine import Machine, Mismatch, Token

Span = tuple[int, int, str]
"""Start, end, category."""

_GROUPS = {
    "kind": "KIND",
    "property": "PATH MERGE_NAME",
    "name": "NAME TAG",
    "string": "STRING",
    "template": "TEMPLATE",
    "number": "NUMBER INTEGER",
    "operator": "OPERATOR ARITHMETIC IN NOT_IN CONNECTIVE _NOT _EQUALS RANGE",
    "function": "FUNCTION MEASURE _AGGREGATE _EXPAND _WITH _WITH_USAGE _IS _ID",
    "keyword": "_ALL _SORT _LIMIT REVERSED MODIFIER DIRECTION QUANTITY _COUNT _AS _EDGE_TYPE",
    "navigation": "_LEFT _ARROW _DASH EDGE",
}
_CATEGORIES = {terminal: category for category, terminals in _GROUPS.items() for terminal in terminals.split()}
_CONSTANTS = (None, True, False)
_WRONG = re.compile(r"\S*")
_LOOSE = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<error>")|(?P<number>-?\d+(?:\.\d+)?(?![\w.:/-]))|(?P<name>[\w.:/-]+)'
    r"|(?P<operator>[=!<>~]+)|(?P<punctuation>[^\s\w])",
    re.DOTALL,
)


def tokens(text: str) -> list[Span]:
    """Spans in order, without overlap; where the search stops making sense one `error`, then what the words look like by themselves.

    A string that is not closed is a string up to the end: most likely somebody is typing it.
    """
    machine = Machine(text)
    found: list[Span] = []
    try:
        for token in machine.tokens():
            found.append((token.start, token.end, category(token)))
    except Mismatch as problem:
        start = problem.position
        if text[start] == '"':
            return [*found, (start, len(text), "string")]
        end = start + max(1, len(_WRONG.match(text, start)[0]))  # type: ignore[index]
        found.append((start, end, "error"))
        found += [(loose.start(), loose.end(), str(loose.lastgroup)) for loose in _LOOSE.finditer(text, end)]
    return found


def may_go_on(text: str, position: int) -> bool:
    """Whether what does not fit there may only not be finished yet: the last word, or a string without its end."""
    rest = text[position:]
    return rest.startswith('"') or not any(map(str.isspace, rest))


def category(token: Token) -> str:
    """kind, property, name, string, number, constant, template, operator, function, keyword, navigation or punctuation."""
    if token.type == "WORD":
        meaning = word(token.text)
        return "string" if isinstance(meaning, str) else "constant" if meaning in _CONSTANTS and not _is_number(meaning) else "number"
    return _CATEGORIES.get(token.type, "punctuation")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
