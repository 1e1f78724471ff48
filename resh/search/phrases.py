"""The words of the language that completion offers, by terminal, each with what it does."""

from __future__ import annotations

Words = tuple[tuple[str, str], ...]

_MEASURES = ("sum", "count", "min", "max", "avg", "stddev", "variance")
OUTWARD: Words = (
    ("-->", "what it contains or uses"),
    ("-[1:]->", "everything below"),
    ("-[0:]->", "itself and everything below"),
    ("-delete->", "what must be deleted before it"),
    ("-delete[1:]->", "all that must be deleted before it"),
)
INWARD: Words = (
    ("<--", "what contains or uses it"),
    ("<-[1:]-", "everything above"),
    ("<-[0:]-", "itself and everything above"),
    ("<-delete-", "what it must be deleted before"),
    ("<-delete[1:]-", "all that it must be deleted before"),
    ("<-->", "both ways"),
)
PHRASES: dict[str, tuple[str, Words]] = {
    "_IS": ("function", (("is(", "nodes of a kind"),)),
    "_ID": ("function", (("id(", "nodes with these ids"),)),
    "FUNCTION": (
        "function",
        (
            ("has_key(", "a property has a key"),
            ("in_subnet(", "an address lies in a network"),
            ("has_desired_change(", "a property is wished to be another"),
        ),
    ),
    "_EXPAND": ("function", (("expand(", "the search that a template holds"),)),
    "_ALL": ("keyword", (("all", "every node"),)),
    "_NOT": ("operator", (("not", "the opposite of what follows"),)),
    "_AGGREGATE": ("function", (("aggregate(", "group the nodes and sum them up"),)),
    "MEASURE": ("function", tuple((f"{name}(", f"the {name} of a property") for name in _MEASURES)),
    "NUMBER": ("value", (("1", "each node once"),)),
    "ARITHMETIC": ("operator", (("+", "plus"), ("-", "minus"), ("*", "times"), ("/", "divided by"), ("%", "the rest of a division by"))),
    "CONNECTIVE": ("operator", (("and", "both; read from left to right"), ("or", "one of them; read from left to right"))),
    "_WITH": ("function", (("with(", "by how many nodes are connected"),)),
    "_WITH_USAGE": ("function", (("with_usage(", "with what was measured in a period"),)),
    "QUANTITY": ("keyword", (("empty", "no connected node"), ("any", "at least one"))),
    "_COUNT": ("keyword", (("count", "so many of them"),)),
    "_SORT": ("keyword", (("sort", "order by properties"),)),
    "DIRECTION": ("keyword", (("asc", "smallest first"), ("desc", "largest first"))),
    "_LIMIT": ("keyword", (("limit", "only so many"),)),
    "REVERSED": ("keyword", (("reversed", "from last to first"),)),
    "_AS": ("keyword", (("as", "a name for it"),)),
    "_DASH": ("navigation", OUTWARD),
    "_LEFT": ("navigation", INWARD),
    "EDGE": ("navigation", (("default", "containment and use"), ("delete", "order of deletion"))),
}
_ORDERS: Words = (
    ("<", "less; an age: younger; a time: before"),
    ("<=", "less or equal"),
    (">", "greater; an age: older; a time: after"),
    (">=", "greater or equal"),
)
_EQUAL: Words = (("=", "equals"), ("!=", "differs, or is not set"))
_LIKE: Words = (("~", "fits a regular expression, whatever its case"), ("!~", "does not fit a regular expression"))
_IN: Words = (("in", "is one of a list"),)
_NOT_IN: Words = (("not in", "is none of a list"),)
MODIFIERS: Words = (("all", "every element"), ("any", "some element"), ("none", "no element"))
ORDERED = frozenset(("int32", "int64", "float", "double", "number", "date", "datetime", "duration"))


def operators(type: str) -> dict[str, Words]:
    """What a property of that type can be compared with, by terminal; of an unknown type with everything."""
    if type.endswith("[]"):
        return {"MODIFIER": MODIFIERS, **operators(type[:-2])}
    if type == "boolean" or type.startswith("dictionary"):
        return {"OPERATOR": _EQUAL}
    chosen = _EQUAL + _ORDERS if type in ORDERED else _EQUAL + _LIKE if type == "string" else _EQUAL + _ORDERS + _LIKE
    listed = {"OPERATOR": chosen, "IN": _IN, "NOT_IN": _NOT_IN}
    return listed if type in ORDERED or type == "string" else {**listed, "MODIFIER": MODIFIERS}


PERIODS: Words = (("1h", "an hour"), ("1d", "a day"), ("7d", "a week"), ("30d", "a month"), ("90d", "three months"), ("365d", "a year"))
NETWORKS: Words = (('"10.0.0.0/8"', "private"), ('"172.16.0.0/12"', "private"), ('"192.168.0.0/16"', "private"))
SIGNS: dict[str, str] = {")": "_RPAR", "]": "_RBRACKET", "}": "_RBRACE", ",": "_COMMA", ":": "_COLON"}
"""Offered only where no word may stand."""
