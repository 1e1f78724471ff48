"""Clean-up rules that people write themselves, without code: a search and a reason. The setting `cleanup.own_rules` holds a list.

    parse("[{name: old_keys, search: 'is(access_key) and age > 1y', reason: older than a year}]")

Besides, each may have the settings that all rules have. Raises BadValue with the odd word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from resh import yaml_list
from resh.durations import parse_duration
from resh.errors import BadValue
from resh.record import Record
from resh.text import did_you_mean

PARTS = ("name", "search", "reason", "enabled", "min_age", "accounts", "kinds", "grace", "cascade", "quarantine")
_NEEDED = PARTS[:3]
_EXAMPLE = "write it like [{name: old_keys, search: 'is(access_key) and age > 1y', reason: older than a year}]"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Written(Record):
    """A rule as it is configured; `min_age`, `grace` and `quarantine` are seconds. Off until `enabled`, as every rule is."""

    name: str
    search: str
    reason: str
    enabled: bool = False
    min_age: float = 0.0
    accounts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    grace: float = 0.0
    cascade: bool = False
    quarantine: float = 0.0


def parse(value: Any) -> tuple[Written, ...]:
    rules = tuple(_rule(entry, f"rule {number}") for number, entry in enumerate(entries(value), 1))
    names = [rule.name for rule in rules]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BadValue(f"there are two rules '{twice}'", "each needs a name of its own")
    return rules


def entries(value: Any) -> Sequence[Any]:
    """The rules as they are written."""
    return yaml_list.entries(value, "rules", _EXAMPLE)


def _rule(entry: Any, where: str) -> Written:
    if not isinstance(entry, Mapping):
        raise BadValue(f"{where}: '{entry}' is no rule", _EXAMPLE)
    for part in entry:
        if part not in PARTS:
            raise BadValue(f"{where}: there is no '{part}'", did_you_mean(str(part), PARTS) or f"a rule has {', '.join(PARTS)}")
    if missing := next((part for part in _NEEDED if not str(entry.get(part) or "").strip()), ""):
        raise BadValue(f"{where}: its {missing} is missing", _EXAMPLE)
    if not _NAME.fullmatch(str(entry["name"])):
        raise BadValue(f"{where}: '{entry['name']}' is no name", "small letters, digits and _, such as old_keys")
    return Written(
        name=str(entry["name"]),
        search=str(entry["search"]).strip(),
        reason=str(entry["reason"]).strip(),
        enabled=_flag(entry, "enabled", where),
        min_age=_seconds(entry, "min_age", where),
        accounts=_words(entry, "accounts", where),
        kinds=_words(entry, "kinds", where),
        grace=_seconds(entry, "grace", where),
        cascade=_flag(entry, "cascade", where),
        quarantine=_seconds(entry, "quarantine", where),
    )


def _flag(entry: Mapping[str, Any], part: str, where: str) -> bool:
    value = entry.get(part, False)
    if not isinstance(value, bool):
        raise BadValue(f"{where}: {part} is '{value}', which is neither true nor false", "write true or false")
    return value


def _seconds(entry: Mapping[str, Any], part: str, where: str) -> float:
    try:
        return parse_duration(str(entry.get(part) or "0s"))
    except BadValue as error:
        raise BadValue(f"{where}: {part}: {error.message}", error.hint) from None


def _words(entry: Mapping[str, Any], part: str, where: str) -> tuple[str, ...]:
    """A text with commas, a list, or the number of one account."""
    value = entry.get(part)
    words = value.split(",") if isinstance(value, str) else value if isinstance(value, Sequence) else [] if value is None else [value]
    odd = next((word for word in words if isinstance(word, bool) or not isinstance(word, str | int)), None)
    if odd is not None:
        raise BadValue(f"{where}: {part}: {odd!r} is no text", f"write a list of texts, such as {part}: [one, another]")
    return tuple(str(word).strip() for word in words)
