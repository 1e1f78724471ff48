"""Sieves: what drops most values that do not fit for the price of one look-up, before anybody asks for their types.

    sieve(writer, Predicate("volume_size", ">", 100)).dropping
    V > ?1                              of > 100: no number that is too small comes through; text and arrays do, being more than any number
    V NOT BETWEEN ?1 AND 9e999          of < 100
    V GLOB '[[a]*'                      of = available: texts that begin so, and arrays, whose JSON begins with a bracket

Whatever kinds declare, a document may hold anything: what comes through is looked at by its type.
"""

from __future__ import annotations

import re
from math import nextafter

from resh.record import Record
from resh.search.sql.writer import Scalar, Writer
from resh.search.terms import Predicate, Value

_WORD = re.compile(r"[A-Za-z][\w.:/-]*")
_PLAIN_NUMBER = 2**53
"""Up to here no whole number lies between a number and the next one of double precision."""
V = "\0v"  # stands for the value; no path and no value can hold it


class Sieve(Record):
    """`dropping` is true for all that fits. Of what it lets through every number fits; beside arrays, only what `exact` is true for."""

    dropping: str
    exact: str = ""


def sieve(writer: Writer, predicate: Predicate) -> Sieve | None:
    """None where there is none. What has a modifier, is negated or says something of missing values has none."""
    operator, value = predicate.operator, predicate.value
    if predicate.modifier:
        return None
    if operator in ("<", "<=", ">", ">=") and isinstance(value, int | float) and not isinstance(value, bool):
        found = _numbers(writer, operator, value)
        return Sieve(found) if found else None
    if operator in ("==", "in"):
        return _members(writer, value if isinstance(value, tuple) and operator == "in" else (value,))
    return None


def _numbers(writer: Writer, operator: str, value: int | float) -> str:
    if operator[0] == ">":
        return f"{V} {operator} {writer.bind(value)}"
    if operator == "<=":
        if abs(value) >= _PLAIN_NUMBER:
            return ""
        value = nextafter(value, float("inf"))
    return f"{V} NOT BETWEEN {writer.bind(value)} AND 9e999"


def _members(writer: Writer, values: tuple[Value, ...]) -> Sieve | None:
    """Only words and whole numbers that nothing else could be taken for, as a date could for another, and 1 for true."""
    found: list[Scalar] = []
    for value in values:
        if isinstance(value, str) and _WORD.fullmatch(value) and value.lower() not in ("true", "false"):
            found.append(value)
        elif type(value) is int and abs(value) < _PLAIN_NUMBER and value not in (0, 1):
            found += [value, str(value)]
        else:
            return None
    letters = "".join(sorted({str(value)[0] for value in found}, reverse=True))  # a minus, which would mean a range, comes last
    return Sieve(f"{V} GLOB {writer.bind(f'[[{letters}]*')}", writer.one_of(V, found)) if found else None
