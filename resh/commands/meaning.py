"""What a search asks, held against what kinds declare: comparisons that can never come true.

    check(query, known, all)  volume_size > abc      BadValue: volume_size is a number, 'abc' is none
                              volume_encrypted = no  BadValue: volume_encrypted is true or false, 'no' is neither

A wrong date is the worst: compared as text it may fit every resource, and what was found may be on its way to `clean`. So an order is held
against all kinds there are; for an equality those that the graph has will do, which cost nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from resh.errors import BadValue
from resh.search.terms import Combined, Not, Predicate, Term

if TYPE_CHECKING:
    from resh.model.kinds import Kinds
    from resh.search.tree import Query

_ORDERED = frozenset(("<", "<=", ">", ">="))
_EQUAL = frozenset(("==", "!="))
_NUMBERS = frozenset(("int32", "int64", "float", "double", "number"))
_NUMBER = r"-?\d+(\.\d+)?"
_DATE_BEGUN = r"\d{4}(-(0[1-9]|1[0-2]))?"


def check(query: Query, known: Callable[[], Kinds], every: Callable[[], Kinds]) -> None:
    """Raises BadValue for a number, a date or a flag that is compared with text that is none. Kinds are asked for when there is doubt."""
    doubtful = [found for part in query.parts for found in _predicates(part.term) if _is_doubtful(found)]
    for operators, kinds, test in ((_ORDERED, every, _check), (_EQUAL, known, _check_equal)):
        if chosen := [found for found in doubtful if found.operator in operators]:
            types = _types(kinds())
            for found in chosen:
                test(found.path, str(found.value), types.get(_name(found.path), frozenset()))


def _check(path: str, value: str, types: frozenset[str]) -> None:
    if types and types <= _NUMBERS and not re.fullmatch(_NUMBER, value):
        raise BadValue(f"{path} is a number, '{value}' is none", f"write it like {path} > 10")
    if types == {"datetime"} and not re.fullmatch(_DATE_BEGUN, value):
        from resh.durations import parse_time

        try:
            parse_time(value, 0)
        except BadValue as error:
            raise BadValue(f"{path} is a time: {error.message}", error.hint) from None


def _check_equal(path: str, value: str, types: frozenset[str]) -> None:
    if types and types <= _NUMBERS and not re.fullmatch(_NUMBER, value):
        raise BadValue(f"{path} is a number, '{value}' is none", f"write it like {path} = 10")
    if types == {"boolean"} and value not in ("true", "false"):
        raise BadValue(f"{path} is true or false, '{value}' is neither", f"write it like {path} = true")


def _is_doubtful(found: Predicate) -> bool:
    return isinstance(found.value, str) and _is_plain(found.path)


def _is_plain(path: str) -> bool:
    """A property of the resource itself."""
    return not set(".[`/") & set(path.removeprefix("/reported.")) and path not in ("kind", "cloud", "account", "region", "zone")


def _name(path: str) -> str:
    return path.removeprefix("/reported.")


def _types(kinds: Kinds) -> dict[str, frozenset[str]]:
    """Every type that a property of that name has somewhere."""
    found: dict[str, frozenset[str]] = {}
    for kind in kinds:
        for prop in kind.properties:
            found[prop.name] = found.get(prop.name, frozenset()) | {prop.type}
    return found


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
