"""What people call the grammar's terminals, in error texts and in completions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from resh.search.tables import END

WORDS: dict[str, tuple[str, ...]] = {
    "PATH": ("a property",),
    "MERGE_NAME": ("a name",),
    "NAME": ("a name",),
    "STRING": ('"text"',),
    "WORD": ("a value",),
    "KIND": ("a kind",),
    "TEMPLATE": ("a value",),
    "NUMBER": ("a number",),
    "INTEGER": ("a number",),
    "TAG": ("#tag",),
    "OPERATOR": ("=", "!=", "<", "<=", ">", ">=", "~", "!~"),
    "IN": ("in",),
    "NOT_IN": ("not in",),
    "CONNECTIVE": ("and", "or"),
    "MODIFIER": ("all", "any", "none"),
    "DIRECTION": ("asc", "desc"),
    "QUANTITY": ("empty", "any"),
    "MEASURE": ("sum(…)", "count(…)", "min(…)", "max(…)", "avg(…)", "stddev(…)", "variance(…)"),
    "FUNCTION": ("has_key(…)", "in_subnet(…)", "has_desired_change(…)"),
    "ARITHMETIC": ("+", "-", "*", "/", "%"),
    "EDGE": ("default", "delete"),
    "RANGE": (":",),
    "REVERSED": ("reversed",),
    "_ALL": ("all",),
    "_NOT": ("not",),
    "_IS": ("is(…)",),
    "_ID": ("id(…)",),
    "_EXPAND": ("expand(…)",),
    "_WITH": ("with(…)",),
    "_WITH_USAGE": ("with_usage(…)",),
    "_AGGREGATE": ("aggregate(…)",),
    "_EDGE_TYPE": ("(edge_type=…)",),
    "_SORT": ("sort",),
    "_LIMIT": ("limit",),
    "_COUNT": ("count",),
    "_AS": ("as",),
    "_EQUALS": ("=",),
    "_COLON": ("a colon",),
    "_COMMA": ("a comma",),
    "_MERGE_COMMA": ("a comma",),
    "_DOT_BRACE": (".{",),
    "_LPAR": ("(",),
    "_RPAR": (")",),
    "_LBRACKET": ("[",),
    "_RBRACKET": ("]",),
    "_LBRACE": ("{",),
    "_RBRACE": ("}",),
    "_LEFT": ("<--",),
    "_DASH": ("-->",),
    "_ARROW": ("->",),
    END: ("the end",),
}
"""For each terminal what people write for it, or what they call it."""

_CHUNK = r'"(?:[^"\\]|\\.)*"?|[\w.\-:/]+|\S'
_LIKELY = (
    *("a property", "a kind", "a value", "a name", "a number"),
    *("=", "!=", "<", "<=", ">", ">=", "~", "in", "and", "or", ")", "]", "}", "a comma"),
    *("-->", "<--", "with(…)", "sort", "limit", "asc", "desc", "->", "the end"),
)


def words(terminals: Iterable[str]) -> tuple[str, ...]:
    """What may stand there, the likeliest first, each once."""
    found = dict.fromkeys(word for terminal in terminals for word in WORDS[terminal])
    return tuple(sorted(found, key=lambda word: (_LIKELY.index(word) if word in _LIKELY else len(_LIKELY), list(found).index(word))))


def one_of(expected: Sequence[str], most: int = 7) -> str:
    """`a, b or c`; a long list ends in an ellipsis."""
    shown = list(expected[:most])
    if len(expected) > most:
        return f"{', '.join(shown)} …"
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else "nothing more"


def found_at(text: str, position: int) -> str:
    """The word, string or sign that stands there, shortened; empty at the end."""
    chunk = re.compile(_CHUNK, re.DOTALL).match(text, position)
    found = chunk[0] if chunk else ""
    return found if len(found) <= 30 else found[:29] + "…"
