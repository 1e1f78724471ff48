"""Makes the tree of a search: the parser calls one method for each rule of the grammar, children first.

`parser.py` hands a `Builder` to the machine. Words become numbers, true, false and null here, strings lose their quotes, and
navigations without an edge type get the one that the preamble names. What is spelt well and still makes no sense raises Misfit.
"""

from __future__ import annotations

import re
from math import isinf
from typing import Any

from resh.errors import BadValue
from resh.search import tree as t
from resh.search.machine import Token
from resh.search.terms import (
    ALL,
    All,
    Call,
    Combined,
    Context,
    Expand,
    Id,
    Is,
    Not,
    Object,
    Predicate,
    Template,
    Term,
    Text,
    Value,
    With,
)

_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?"
_ESCAPE = r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))'
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_OPERATORS = {"=": "==", "~": "=~"}
_LONGEST_NUMBER = 1_000
_LONGEST_PERIOD = 500_000 * 86400.0  # longer ones begin before all dates


class Misfit(Exception):
    """A token that cannot mean anything, why, and what would."""

    def __init__(self, token: Token, message: str, hint: str) -> None:
        super().__init__(token, message, hint)
        self.token, self.message, self.hint = token, message, hint


class Builder:
    def __init__(self) -> None:
        self._edge_types: tuple[str, ...] = ("default",)
        self._mixed = False
        self._templated = False

    def build_query(self, *children: Any) -> t.Query:
        *preamble, parts = children
        return t.Query(parts, preamble[0] if preamble else None, self._mixed, self._templated)

    def build_preamble(self, *children: t.Aggregate | tuple[str, ...]) -> t.Aggregate | None:
        return next((child for child in children if isinstance(child, t.Aggregate)), None)

    def build_edge_types(self, *types: Token) -> tuple[str, ...]:
        self._edge_types = self.build_types(*types)
        return self._edge_types

    def build_aggregate(self, *children: t.Group | t.Measure) -> t.Aggregate:
        groups = tuple(child for child in children if isinstance(child, t.Group))
        return t.Aggregate(groups, tuple(child for child in children if isinstance(child, t.Measure)))

    def build_group(self, source: Token, name: str = "") -> t.Group:
        if source.type == "STRING":
            return t.Group(string(source), name, is_text=True)
        return t.Group(source.text, name)

    def build_measure(self, function: Token, source: Token, *rest: Any) -> t.Measure:
        name = rest[-1] if rest and isinstance(rest[-1], str) else ""
        operations = tuple(item for item in rest if not isinstance(item, str))
        return t.Measure(function.text, _operand(source), operations, name)

    def build_operation(self, operator: Token, operand: Token) -> tuple[str, str | int | float]:
        return operator.text, _operand(operand)

    def build_name(self, name: Token) -> str:
        return name.text

    def build_chain(self, first: t.Part, *rest: Any) -> tuple[t.Part, ...]:
        parts = [first]
        for navigation, part in zip(rest[::2], rest[1::2], strict=True):
            parts[-1] = parts[-1].changed(navigation=navigation)
            parts.append(part)
        return tuple(parts)

    def build_part(self, *children: Any) -> t.Part:
        fields: dict[str, Any] = {}
        for child in children:
            if isinstance(child, Token):
                fields |= {"tag": child.text[1:].strip()} if child.type == "TAG" else {"backwards": True}
            else:
                fields[_field(child)] = child[1] if isinstance(child, tuple) else child
        return t.Part(**fields)

    def build_after(self, term: Term) -> tuple[str, Term]:
        return "after", term

    def build_merges(self, *merges: t.Merge) -> tuple[str, tuple[t.Merge, ...]]:
        return "merges", merges

    def build_merge(self, name: Token, *children: Any) -> t.Merge:
        *aggregate, parts = children
        query = t.Query(parts, aggregate[0] if aggregate else None)
        return t.Merge(name.text.removesuffix("[]"), name.text.endswith("[]"), query)

    def build_usage(self, period: Token, *metrics: Token) -> t.Usage:
        start, _, end = _unquoted(period).partition("::")
        return t.Usage(_moment(start), _moment(end) if end else None, tuple(metric.text for metric in metrics))

    def build_sort(self, *keys: t.Sort) -> tuple[str, tuple[t.Sort, ...]]:
        return "sort", keys

    def build_sort_key(self, path: Token, direction: Token | None = None) -> t.Sort:
        return t.Sort(path.text, direction is not None and direction.text == "desc")

    def build_limit(self, first: Token, second: Token | None = None) -> t.Limit:
        return t.Limit(_whole(first), _whole(second)) if second else t.Limit(0, _whole(first))

    def build_combined(self, first: Term, *rest: Any) -> Combined:
        connectives = [token.text for token in rest[::2]]
        self._mixed |= len(set(connectives)) > 1
        steps = zip(connectives, rest[1::2], strict=True)
        return Combined(first.first, (*first.rest, *steps)) if isinstance(first, Combined) else Combined(first, tuple(steps))

    def build_brackets(self, term: Term) -> Term:
        return Combined(term.first, term.rest, bracketed=True) if isinstance(term, Combined) else term

    def build_is(self, *kinds: Token) -> Is:
        return Is(tuple(map(_unquoted, kinds)))

    def build_id(self, *ids: Token) -> Id:
        return Id(tuple(map(_unquoted, ids)))

    def build_call(self, function: Token, path: Token, *arguments: Value) -> Call:
        return Call(function.text, path.text, arguments)

    def build_predicate(self, path: Token, *rest: Any) -> Predicate:
        *modifier, operator, value = rest
        name = operator.text if operator.type == "OPERATOR" else " ".join(operator.text.split())
        return Predicate(path.text, _OPERATORS.get(name, name), value, modifier[0].text if modifier else "")

    def build_context(self, path: Token, first: Term, *rest: Term) -> Context:
        """A comma is an `and` that binds less than everything else."""
        if not rest:
            return Context(path.text, first)
        first, *others = (self.build_brackets(term) for term in (first, *rest))
        return Context(path.text, Combined(first, tuple(("and", other) for other in others)))

    def build_not(self, term: Term) -> Not:
        return Not(term)

    def build_text(self, text: Token) -> Text:
        return Text(string(text))

    def build_all(self) -> All:
        return ALL

    def build_expand(self, template: Token, *settings: tuple[str, Value]) -> Expand:
        self._templated = True
        return Expand(template.text, settings)

    def build_setting(self, name: Token, value: Value) -> tuple[str, Value]:
        return name.text, value

    def build_string(self, token: Token) -> Value:
        return string(token)

    def build_word(self, token: Token) -> Value:
        if len(token.text) > 300 and re.fullmatch(_NUMBER, token.text):
            _number_fits(token)
        return word(token.text)

    def build_template(self, token: Token) -> Template:
        self._templated = True
        return Template(token.text)

    def build_list(self, *values: Value) -> Value:
        return values

    def build_object(self, *pairs: tuple[str, Value]) -> Object:
        return Object(pairs)

    def build_pair(self, key: Token, value: Value) -> tuple[str, Value]:
        return string(key), value

    def build_with(self, quantity: tuple[Any, ...], navigation: t.Navigation, *rest: Any) -> With:
        inner = rest[-1] if rest and isinstance(rest[-1], With) else None
        term = rest[0] if rest and not isinstance(rest[0], With) else ALL
        return With(quantity[0], navigation, term, inner, *quantity[1:])

    def build_quantity(self, first: Token, count: Token | None = None) -> tuple[Any, ...]:
        if count is None:
            return (first.text,)
        return "count", _OPERATORS.get(first.text, first.text), _whole(count)

    def build_outbound(self, *edges: Any) -> t.Navigation:
        types, steps, _, fits = self._edges(edges)
        return _navigation(types, (), steps, fits)

    def build_inbound(self, *edges: Any) -> t.Navigation:
        types, steps, _, fits = self._edges(edges)
        return _navigation((), types, steps, fits)

    def build_both(self, *edges: Any) -> t.Navigation:
        types, steps, others, fits = self._edges(edges)
        return _navigation(others or types, types, steps, fits)

    def build_filter(self, term: Term) -> Term:
        return term

    def build_types(self, *types: Token) -> tuple[str, ...]:
        return tuple(sorted({token.text for token in types}))

    def build_range(self, first: Token, separator: Token | None = None, last: Token | None = None) -> tuple[Token, int, int | None]:
        start = _whole(first)
        return first, start, _whole(last) if last else None if separator else start

    def _edges(self, edges: tuple[Any, ...]) -> tuple[tuple[str, ...], Any, tuple[str, ...], Term | None]:
        """Edge types before the range, the range, edge types after it, and what edges must fit."""
        fits = edges[-1] if edges and not isinstance(edges[-1], tuple) else None
        edges = edges[:-1] if fits else edges
        ranges = [item for item in edges if isinstance(item[0], Token)]
        types = [item for item in edges if not isinstance(item[0], Token)]
        if edges and ranges and edges[0] is ranges[0]:
            return (types[0] if types else self._edge_types), ranges[0], (), fits
        return (types[0] if types else self._edge_types), ranges[0] if ranges else None, types[1] if len(types) > 1 else (), fits


def string(token: Token) -> str:
    """The text between the quotes. Escapes are those of JSON; any other backslash stands for itself, as regular expressions need it."""
    body = token.text[1:-1]
    if "\\" not in body:
        return body
    text = re.sub(_ESCAPE, lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPED.get(found[2], found[2]), body)
    try:
        return text if "\\u" not in body else text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Misfit(token, "half a character: \\ud800 to \\udfff come in pairs", "write the character itself") from None


def word(text: str) -> Value:
    """What a word without quotes means."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return number(text) if text[0] in "-0123456789" and re.fullmatch(_NUMBER, text) else text


def number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _operand(token: Token) -> str | int | float:
    return token.text if token.type == "PATH" else _number(token)


def _number(token: Token) -> int | float:
    _number_fits(token)
    return number(token.text)


def _whole(token: Token) -> int:
    _number_fits(token)
    return int(token.text)


def _number_fits(token: Token) -> None:
    if len(token.text) > _LONGEST_NUMBER or isinf(float(token.text)):
        raise Misfit(token, "this number is too large", "write it in quotes if it is a text")


def _unquoted(token: Token) -> str:
    return string(token) if token.type == "STRING" else token.text


def _moment(text: str) -> float | str:
    from resh.durations import parse_duration

    try:
        return max(-_LONGEST_PERIOD, min(_LONGEST_PERIOD, parse_duration(text)))
    except BadValue:
        return text


def _navigation(
    outbound: tuple[str, ...], inbound: tuple[str, ...], steps: tuple[Token, int, int | None] | None, fits: Term | None
) -> t.Navigation:
    if steps is None:
        return t.Navigation(outbound, inbound, filter=fits)
    token, start, end = steps
    if end is not None and end < start:
        raise Misfit(token, f"a navigation cannot end at step {end} before it starts at step {start}", f"write it like [{end}:{start}]")
    if start > t.OPEN_END:
        raise Misfit(token, f"a navigation cannot start at step {start}", f"the furthest step is {t.OPEN_END}")
    return t.Navigation(outbound, inbound, start, None if end is not None and end >= t.OPEN_END else end, fits)


def _field(child: Any) -> str:
    if isinstance(child, tuple):
        return str(child[0])
    return {t.Usage: "usage", t.Limit: "limit", With: "with_"}.get(type(child), "term")
