"""What a search asks, held against what kinds declare: comparisons that can never come true.

    check(query, known, every)  volume_size > abc      BadValue: volume_size is a number, 'abc' is none
                                volume_encrypted = no  BadValue: volume_encrypted is true or false, 'no' is neither

A wrong date is the worst: compared as text it may fit every resource, and what was found may be on its way to `clean`. So an order is held
against all kinds there are; for an equality those that the graph has will do, which cost nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from resh.errors import BadValue
from resh.search.coercion import NUMBER, number_of
from resh.search.terms import Combined, Not, Predicate, Term

if TYPE_CHECKING:
    from resh.search.tree import Query

Types = Callable[[str], frozenset[str]]
"""The types that kinds declare for a property of that name."""

_ORDERED = frozenset(("<", "<=", ">", ">="))
_EQUAL = frozenset(("==", "!="))
_NUMBERS = frozenset(("int32", "int64", "float", "double", "number"))
_DATE_BEGUN = r"\d{4}(-(0[1-9]|1[0-2]))?"


def check(query: Query, known: Types, every: Types) -> None:
    """Raises BadValue for a number, a date or a flag that is compared with text that is none.

    Those that a collect could bring cost an import of the clouds, and are asked for only when those that are `known` find fault or nothing.
    """
    for found in (found for part in query.parts for found in _predicates(part.term) if _is_doubtful(found)):
        path, value, types = found.path, str(found.value), known(_name(found.path))
        fault = _fault(found.operator, path, value, types)
        if found.operator in _ORDERED and (fault or not types):
            fault = _fault(found.operator, path, value, every(_name(path)))
        if fault:
            raise fault


def _fault(operator: str, path: str, value: str, types: frozenset[str]) -> BadValue | None:
    """What is wrong with comparing a property of these types with the text."""
    if operator not in _ORDERED | _EQUAL:
        return None
    if types and types <= _NUMBERS and number_of(value, frozenset((NUMBER,)), _name(path)) is None:
        return BadValue(f"{path} is a number, '{value}' is none", f"write it like {path} {'>' if operator in _ORDERED else '='} 10")
    if types == {"boolean"} and operator in _EQUAL and value.lower() not in ("true", "false"):
        return BadValue(f"{path} is true or false, '{value}' is neither", f"write it like {path} = true")
    if types == {"datetime"} and operator in _ORDERED and not re.fullmatch(_DATE_BEGUN, value):
        from resh.durations import parse_time

        try:
            parse_time(value, 0)
        except BadValue as error:
            return BadValue(f"{path} is a time: {error.message}", error.hint)
    return None


def _is_doubtful(found: Predicate) -> bool:
    return isinstance(found.value, str) and _is_plain(found.path)


def _is_plain(path: str) -> bool:
    """A property of the resource itself."""
    return not set(".[`/") & set(path.removeprefix("/reported.")) and path not in ("kind", "cloud", "account", "region", "zone")


def _name(path: str) -> str:
    return path.removeprefix("/reported.")


def _predicates(term: Term) -> Iterator[Predicate]:
    """Those about the resource itself, not about the elements of its lists."""
    if isinstance(term, Predicate):
        yield term
    elif isinstance(term, Not):
        yield from _predicates(term.term)
    elif isinstance(term, Combined):
        yield from _predicates(term.first)
        for _, other in term.rest:
            yield from _predicates(other)
