"""Paths into a row, read as the search language reads them: what a query does in SQL, the same on a stream.

    value(document, "volume_size")          reported.volume_size
    value(document, "/metadata.protected")  absolute
    value(document, "account")              ancestors.account.reported.name
    value(document, "tags.`aws:name`")      backticks around what is no plain word
    value(document, "disks[*].size")        a list

A row that is no node (aggregates, JSON) is read from its top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resh.search.paths import FIELDS, LEVELS, SECTIONS, Step, place, steps

_OWN = frozenset((*FIELDS, *SECTIONS))


def absolute(path: str) -> tuple[Step, ...]:
    """The way of a path from the top of a node: `account` is ("ancestors", "account", "reported", "name")."""
    found = place(path)
    return found.steps if found.section == "node" else (found.section, *found.steps)


def is_age(path: str) -> bool:
    return path not in (".", "/") and place(path).is_age


def value(row: Any, path: str) -> Any:
    """What the path leads to; None when it leads nowhere. What a search merged into a node is at its top."""
    return row if path in (".", "/") else walk(*way(row, path))


def way(row: Any, path: str) -> tuple[Any, tuple[Step, ...]]:
    """From where, and along which steps, a path leads into the row; in a row of an aggregate a group needs no `group.` before it."""
    if is_node(row):
        if path == "kind":
            return row, ("kind",)
        head = next(iter(steps(path)), "")
        return row, steps(path) if head in row and head not in _OWN else absolute(path)
    found = steps(path)
    group = row.get("group") if isinstance(row, dict) else None
    return (group, found) if isinstance(group, dict) and found[:1] and found[0] not in row else (row, found)


def walk(current: Any, path: Sequence[Step]) -> Any:
    for number, step in enumerate(path):
        if step is None:
            if not isinstance(current, list):
                return None
            return [walk(element, path[number + 1 :]) for element in current]
        if isinstance(step, int):
            current = current[step] if isinstance(current, list) and step < len(current) else None
        else:
            current = current.get(step) if isinstance(current, dict) else None
        if current is None:
            return None
    return current


def is_node(row: Any) -> bool:
    return isinstance(row, dict) and "kind" in row and isinstance(row.get("reported"), dict)


def last_name(path: str) -> str:
    """The name that a column gets when nobody names it: `tags.owner` is owner, `/ancestors.account.reported.name` is account."""
    keys = [step for step in steps(path) if isinstance(step, str)]
    if len(keys) > 2 and keys[0] in ("ancestors", "descendants") and keys[-1] in ("name", "id"):
        return keys[1] if keys[-1] == "name" else f"{keys[1]}_id"
    if len(keys) == 2 and keys[0] in LEVELS and keys[1] in ("name", "id"):
        return keys[0] if keys[1] == "name" else f"{keys[0]}_id"
    return keys[-1] if keys else path


def order(value: Any) -> tuple[int, Any]:
    """A sort key for values of any type, as SQLite orders them: missing, numbers, then text."""
    if value is None:
        return (0, 0)
    if isinstance(value, bool | int | float):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    from resh.render.json import compact

    return (2, compact(value))
