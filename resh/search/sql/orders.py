"""Order: SQL for < <= > >=, by the type of what is there.

ordered(writer, ">", Bound(number=100))         V > 100 for numbers, nothing for text
dropping(writer, ">", 100)                      V > ?1: true for all that fits, text and arrays too, which are more than any number
dropping(writer, "<", 100)                      V NOT BETWEEN ?1 AND 9e999
"""

from __future__ import annotations

from math import nextafter

from resh.search.coercion import Bound
from resh.search.sql.arms import NO, Arms, V
from resh.search.sql.writer import Writer
from resh.search.terms import Value

_DATE_GLOB = "[12][0-9][0-9][0-9]-[01][0-9]-*"
_PLAIN_NUMBER = 2**53
"""Up to here no whole number lies between a number and the next one of double precision."""


def ordered(writer: Writer, operator: str, bound: Bound) -> Arms:
    number = NO if bound.number is None else f"{V} {operator} {writer.bind(bound.number)}"
    text = NO if bound.text is None else f"{V} {operator} {writer.bind(bound.text)}"
    if bound.date is not None:
        text = f"iif({V} GLOB {writer.bind(_DATE_GLOB)}, {V} {operator} {writer.bind(bound.date)}, {text})"
    return Arms(text=text, number=number)


def dropping(writer: Writer, operator: str, value: Value) -> str:
    """What drops most values that do not fit for one look at them, before anybody asks for their types; of what is left every number fits.
    Nothing where there is no such condition."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if operator[0] == ">":
        return f"{V} {operator} {writer.bind(value)}"
    if operator == "<=":
        if abs(value) >= _PLAIN_NUMBER:
            return ""
        value = nextafter(value, float("inf"))
    return f"{V} NOT BETWEEN {writer.bind(value)} AND 9e999"
