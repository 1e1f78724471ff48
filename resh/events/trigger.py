"""Which events start something: names, and conditions on what the events say.

    trigger = checked("post_collect workflow=collect counts.created>0", names)      # refused when no event is called so
    trigger = parse("cleanup_* severity>=warning")                                  # as it was stored
    trigger(event)

A condition is a field of the event, `=`, `!=`, `<`, `<=`, `>`, `>=` or `~` (a regular expression), and a value, without blanks unless
quoted; all of them must be true. Numbers compare as numbers. What an event does not say fits `!=` only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from resh.errors import BadValue, UsageError
from resh.events.event import SEVERITIES, Event
from resh.events.filter import fits, patterns
from resh.events.table import OTHER_NAMES, event_class, fields
from resh.record import Record
from resh.text import did_you_mean

FORM = "write an event and conditions, such as post_collect workflow=collect counts.created>0"
_CONDITION = re.compile(r"([A-Za-z_][\w.]*)(<=|>=|!=|=|<|>|~)(.*)", re.DOTALL)


class Condition(Record):
    path: str
    operator: str
    value: str

    def __call__(self, payload: Mapping[str, Any]) -> bool:
        found: Any = payload
        for name in self.path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if found is None:
            return self.operator == "!="
        if self.operator == "~":
            return re.search(self.value, str(found)) is not None
        return _holds(*_comparable(self.path, found, self.value), self.operator)


class Trigger(Record):
    names: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    def __call__(self, event: Event) -> bool:
        if not fits(event.type, self.names):
            return False
        payload = event.payload() if self.conditions else {}
        return all(condition(payload) for condition in self.conditions)


def parse(text: str) -> Trigger:
    """Raises UsageError for a condition that is none."""
    import shlex

    try:
        names, *conditions = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"'{text}' names no event{f': {error}' if text.strip() else ''}", FORM) from None
    found = tuple(OTHER_NAMES.get(name, name) for name in names.split(",") if name)
    return Trigger(found, tuple(_condition(word) for word in conditions))


def checked(text: str, known: Collection[str]) -> Trigger:
    """`known` are all names of events. Raises UsageError that names what is wrong and what there is."""
    trigger = parse(text)
    patterns(",".join(trigger.names), known)
    classes = [event_class(name) for name in known if fits(name, trigger.names)]
    there = {field for cls in classes for field in fields(cls, own=False)}
    for condition in trigger.conditions:
        if condition.path.partition(".")[0] not in there:
            hint = did_you_mean(condition.path, there) or f"it has {', '.join(sorted(there))}"
            raise UsageError(f"{', '.join(trigger.names)} has no field '{condition.path}'", hint)
    return trigger


def _condition(word: str) -> Condition:
    found = _CONDITION.fullmatch(word)
    if found is None:
        raise UsageError(f"'{word}' is no condition", FORM)
    condition = Condition(*found.groups())
    _check_value(condition)
    return condition


def _check_value(condition: Condition) -> None:
    path, operator, value = condition.path, condition.operator, condition.value
    if operator == "~":
        try:
            re.compile(value)
        except re.error as error:
            raise BadValue(f"'{value}' is no regular expression: {error}", FORM) from None
    elif path == "severity":
        if value not in SEVERITIES:
            raise BadValue(f"severity: '{value}' is not one of {', '.join(SEVERITIES)}", did_you_mean(value, SEVERITIES))
    elif operator in ("<", ">", "<=", ">=") and not _is_number(value):
        raise BadValue(f"{path}{operator}: '{value}' is no number", FORM)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _comparable(path: str, found: Any, value: str) -> tuple[Any, Any]:
    """Both as numbers, as severities, or as text."""
    if path == "severity" and value in SEVERITIES and found in SEVERITIES:
        return SEVERITIES.index(found), SEVERITIES.index(value)
    if isinstance(found, bool):
        return str(found).lower(), value.lower()
    if isinstance(found, int | float):
        try:
            return float(found), float(value)
        except ValueError:
            return str(found), value
    if isinstance(found, Iterable) and not isinstance(found, str | Mapping):
        return ",".join(map(str, found)), value
    return str(found), value


def _holds(one: Any, other: Any, operator: str) -> bool:
    if operator == "=":
        return bool(one == other)
    if operator == "!=":
        return bool(one != other)
    if operator in ("<", "<="):
        return bool(one < other or (operator == "<=" and one == other))
    return bool(one > other or (operator == ">=" and one == other))
