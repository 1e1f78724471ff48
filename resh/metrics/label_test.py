"""A condition on a label of a metric, as people write it: `region=eu-west-1`, `type!=gp2`, `account=~^prod`, `region in [a, b]`.

    test = parse("region=~^eu-")
    test.label, test.fits({"region": "eu-west-1"})      # 'region', True

Regular expressions are those of searches: anywhere in the value, whatever the case. A label that a series has not is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resh.errors import BadValue, SyntaxProblem
from resh.graph.regex import readable

_LABEL = re.compile(r"\s*([A-Za-z_]\w*)")
_OPERATOR = re.compile(r"\s*(=~|!~|!=|==?|not\s+in\b|in\b)\s*")
_LIST = re.compile(r"\[(.*)\]\s*")
_OPERATORS = ("=", "!=", "=~", "!~", "in", "not in")
_HINT = "write it like region=eu-west-1, type!=gp2, account=~^prod or 'region in [eu-west-1, us-east-1]'"


@dataclass(frozen=True, slots=True)
class LabelTest:
    label: str
    fits_value: Callable[[str], bool]

    def fits(self, labels: Mapping[str, str]) -> bool:
        return self.fits_value(labels.get(self.label, ""))


def parse(text: str) -> LabelTest:
    """Raises SyntaxProblem with the place of what does not fit."""
    label = _LABEL.match(text)
    if label is None:
        raise _misplaced(text, 0, "a label")
    operator = _OPERATOR.match(text, label.end())
    if operator is None:
        raise _misplaced(text, label.end(), f"one of {' '.join(_OPERATORS)}")
    value = text[operator.end() :].strip()
    negated = operator[1].startswith(("!", "not"))
    if operator[1] in ("=~", "!~"):
        return LabelTest(label[1], _matching(label[1], value, negated))
    if not operator[1].endswith("in"):
        return LabelTest(label[1], _among(frozenset((_unquoted(value),)), negated))
    several = _LIST.fullmatch(value)
    if several is None:
        raise _misplaced(text, operator.end(), "a list such as [eu-west-1, us-east-1]")
    return LabelTest(label[1], _among(frozenset(_unquoted(one.strip()) for one in several[1].split(",")), negated))


def equal(**labels: str) -> tuple[LabelTest, ...]:
    """These labels have these values."""
    return tuple(LabelTest(label, _among(frozenset((value,)), False)) for label, value in labels.items())


def _among(values: frozenset[str], negated: bool) -> Callable[[str], bool]:
    return (lambda value: value not in values) if negated else (lambda value: value in values)


def _matching(label: str, pattern: str, negated: bool) -> Callable[[str], bool]:
    try:
        search = re.compile(readable(_unquoted(pattern)), re.IGNORECASE).search
    except BadValue as error:
        raise BadValue(f"label '{label}': {error.message}", error.hint) from None
    return (lambda value: search(value) is None) if negated else (lambda value: search(value) is not None)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _misplaced(text: str, at: int, wanted: str) -> SyntaxProblem:
    at += len(text[at:]) - len(text[at:].lstrip())
    found = f"'{text[at:]}' does not fit" if text[at:] else f"'{text}' ends too early"
    return SyntaxProblem(f"{found}: expected {wanted}", text, at, (wanted,), _HINT)
