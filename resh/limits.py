"""Declared limits of calls to a cloud: how many a second and at once, and for which of them. The setting `aws.limits` holds a list.

    limits = parse("[{where: service = ec2 and region = us-*, rate: 20, burst: 40}, {where: 'iam:List*', concurrency: 2}]")
    limits[0].fits("123456789012", "us-east-1", "ec2", "ec2:DescribeVolumes")       # True

`where` is a pattern of operations (`ec2:Describe*`) or of services (`ec2`), or conditions joined by `and`, or a mapping of the same. Each
limit counts for itself in every account and region, all calls there that it fits taken together. Raises BadValue with the odd word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from resh import yaml_list
from resh.errors import BadValue
from resh.record import Record
from resh.text import did_you_mean

SUBJECTS = ("account", "region", "service", "operation")
_PARTS = ("where", "rate", "burst", "concurrency")
_EXAMPLE = "write it like [{where: service = ec2, rate: 20, burst: 40, concurrency: 4}]"
_CONDITION = re.compile(r"\s*(?P<subject>[^\s=!]+)\s*(?P<sign>!=|=)\s*(?P<patterns>\S.*?)\s*")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


class Condition(Record):
    """One of the patterns fits; with `wanted` false none of them does."""

    subject: str
    patterns: tuple[str, ...]
    wanted: bool = True

    def holds(self, value: str) -> bool:
        """Whatever the case: `ec2:describe*` is what AWS calls `ec2:Describe*`."""
        return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in self.patterns) is self.wanted


class Limit(Record):
    """`rate` is calls a second, `burst` how many may come at once after a pause, `concurrency` how many are in flight; 0: no limit."""

    conditions: tuple[Condition, ...] = ()
    rate: float = 0.0
    burst: float = 0.0
    concurrency: int = 0

    def fits(self, *place: str) -> bool:
        """`place` is account, region, service and operation."""
        by_subject = dict(zip(SUBJECTS, place, strict=True))
        return all(condition.holds(by_subject[condition.subject]) for condition in self.conditions)


def parse(value: Any) -> tuple[Limit, ...]:
    return tuple(_limit(entry, f"limit {number}") for number, entry in enumerate(entries(value), 1))


def entries(value: Any) -> Sequence[Any]:
    """The limits as they are written."""
    return yaml_list.entries(value, "limits", _EXAMPLE)


def _limit(entry: Any, where: str) -> Limit:
    if not isinstance(entry, Mapping):
        raise BadValue(f"{where}: '{entry}' is no limit", _EXAMPLE)
    for name in entry:
        if name not in _PARTS:
            raise BadValue(f"{where}: there is no '{name}'", did_you_mean(str(name), _PARTS) or f"a limit has {', '.join(_PARTS)}")
    rate, burst = (_positive(entry, name, where) for name in ("rate", "burst"))
    concurrency = _positive(entry, "concurrency", where)
    if concurrency != int(concurrency):
        raise BadValue(f"{where}: concurrency '{entry['concurrency']}' is no whole number", _EXAMPLE)
    if burst and not rate:
        raise BadValue(f"{where}: burst {entry['burst']} without a rate limits nothing", "say how many calls a second follow: rate")
    if not rate and not concurrency:
        raise BadValue(f"{where}: nothing is limited", "give it a rate, a concurrency, or both")
    return Limit(_conditions(entry.get("where", ""), where), rate, max(burst, 1.0) if burst else max(rate, 1.0), int(concurrency))


def _positive(entry: Mapping[str, Any], name: str, where: str) -> float:
    value = entry.get(name)
    if value is None:
        return 0.0
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if isinstance(value, bool) or not 0 < number < float("inf"):
        raise BadValue(f"{where}: {name} '{value}' is no number above 0", _EXAMPLE)
    return number


def _conditions(where: Any, place: str) -> tuple[Condition, ...]:
    if isinstance(where, Mapping):
        return tuple(_condition(str(subject), "=", patterns, place) for subject, patterns in where.items())
    text = str(where).strip()
    if "=" in text:
        return tuple(_written(part, place) for part in _AND.split(text))
    if " " in text:
        raise BadValue(f"{place}: '{text}' is no condition", "write it like service = ec2 and region = us-*")
    return (Condition("operation" if ":" in text else "service", (text,)),) if text not in ("", "*") else ()


def _written(part: str, place: str) -> Condition:
    found = _CONDITION.fullmatch(part)
    if found is None:
        raise BadValue(f"{place}: '{part.strip()}' is no condition", "write it like service = ec2 and region = us-*")
    return _condition(found["subject"], found["sign"], found["patterns"], place)


def _condition(subject: str, sign: str, patterns: Any, place: str) -> Condition:
    if subject not in SUBJECTS:
        raise BadValue(f"{place}: a call has no '{subject}'", did_you_mean(subject, SUBJECTS) or f"it has {', '.join(SUBJECTS)}")
    listed = patterns if isinstance(patterns, list | tuple) else str(patterns).split(",")
    words = tuple(str(word).strip().strip("'\"") for word in listed)
    if odd := next((word for word in words if not word or " " in word), None):
        raise BadValue(f"{place}: '{odd}' is no pattern of {subject}", "patterns are separated by commas, conditions by 'and'")
    if "" in words:
        raise BadValue(f"{place}: {subject} {sign} lacks a pattern", "write it like service = ec2")
    return Condition(subject, words, sign == "=")
