"""Chains of `and` and `or` as SQL of little depth, however long they are: SQLite takes no expression of more than a thousand levels.

chained(Combined(a, (("and", b), ("or", c))), write)        ((A) AND (B)) OR (C)
joined(["a", "b"], "OR")                                    a OR b
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from resh.search.terms import Combined, Not, Predicate, Term, Text, Texts, Value

_FLAT = 8
_ALTERNATIONS = 30

Write = Callable[[Term], str]


def joined(conditions: Sequence[str], connective: str) -> str:
    """A few side by side, many in brackets that halve them."""
    if len(conditions) <= _FLAT:
        return f" {connective} ".join(conditions)
    half = len(conditions) // 2
    return f"({joined(conditions[:half], connective)}) {connective} ({joined(conditions[half:], connective)})"


def chained(term: Combined, write: Write) -> str:
    """From left to right, as the language reads it."""
    connective = term.rest[0][0]
    if all(word == connective for word, _ in term.rest):  # by far the most are such
        return joined(_written(connective.upper(), [term.first, *(other for _, other in term.rest)], write), connective.upper())
    runs = [(connective.upper(), [other for _, other in steps]) for connective, steps in groupby(term.rest, lambda step: step[0])]
    runs[0][1].insert(0, term.first)
    (connective, terms), *later = [(connective, _written(connective, terms, write)) for connective, terms in runs]
    sql = joined(terms, connective)
    if len(later) > _ALTERNATIONS:
        return _decided(sql, later)
    for connective, terms in later:
        sql = joined([f"({sql})", *terms], connective)
    return sql


def _decided(first: str, later: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Read from its end, a chain is decided by the first `or` that is true or `and` that is not, whatever stands before it."""
    steps = ((connective, joined(terms, connective)) for connective, terms in reversed(later))
    cases = (f"WHEN {sql} THEN 1" if connective == "OR" else f"WHEN ({sql}) IS NOT TRUE THEN 0" for connective, sql in steps)
    return f"CASE {' '.join(cases)} ELSE ({first}) END"


def _written(connective: str, terms: Sequence[Term], write: Write) -> list[str]:
    terms = _together(terms, connective.lower())
    return [f"({write(term)})" for term in (_folded(terms) if connective == "OR" else terms)]


def _together(terms: Sequence[Term], connective: str) -> list[Term]:
    """Several texts are looked up at once; and so are several that must be missing, as `not a and not b` is `not (a or b)`."""
    if not any(isinstance(term, (Text, Not)) for term in terms):
        return list(terms)
    texts = tuple(term for term in terms if isinstance(term, Text))
    missing = tuple(term.term for term in terms if isinstance(term, Not) and isinstance(term.term, Text))
    found = [term for term in terms if not isinstance(term.term if isinstance(term, Not) else term, Text)]
    if texts:
        found.append(Texts(texts, connective))
    if missing:
        found.append(Not(Texts(missing, "and" if connective == "or" else "or")))
    return found


def _folded(terms: Sequence[Term]) -> list[Term]:
    """`a = 1 or a = 2` is `a in [1, 2]`."""
    values: dict[str, list[Value]] = {}
    others: dict[str, Term] = {}
    types: dict[str, frozenset[str]] = {}
    for number, term in enumerate(terms):
        if isinstance(term, Predicate) and term.operator == "==" and not term.modifier and isinstance(term.value, str | int | float):
            values.setdefault(term.path, []).append(term.value)
            types[term.path] = types.get(term.path, term.types) | term.types
            others.setdefault(f"={term.path}", term)
        else:
            others[f"{number}"] = term
    for path, found in values.items():
        if len(found) > 1:
            others[f"={path}"] = Predicate(path, "in", tuple(found), types=types[path])
    return list(others.values())
