"""Paths into a row, read as the search language reads them: what a query does in SQL, the same on a stream.

    value(document, "volume_size")          reported.volume_size
    value(document, "/metadata.protected")  absolute
    value(document, "account")              ancestors.account.reported.name
    value(document, "tags.`aws:name`")      backticks around what is no plain word
    value(document, "disks[*].size")        a list

A row that is no node (aggregates, JSON) is read from its top.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from resh.errors import BadValue

_STEP = re.compile(r"\.?(?:`([^`]*)`|([^.\[\]`]+))|\[(\d+|\*)?\]")
_ANCESTORS = ("cloud", "account", "region", "zone")
_SECTIONS = ("reported", "ancestors", "descendants", "usage")
"""Meant even without a leading `/`."""

AGES = {
    "age": "/reported.ctime",
    "last_update": "/reported.mtime",
    "last_access": "/reported.atime",
    "exported_age": "/metadata.exported_at",
}
"""Durations that are stored as the time they are counted from."""

Step = str | int | None
"""A key, an index, or None: every element."""


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path without its leading `/`. Raises BadValue with the part that is no step."""
    body = path.removeprefix("/")
    found: list[Step] = []
    position = 0
    while position < len(body):
        step = _STEP.match(body, position)
        if step is None:
            raise BadValue(f"'{body[position:]}' is not part of a path in '{path}'", "write it like tags.owner or disks[0].size")
        key, index = step[1] if step[1] is not None else step[2], step[3]
        found.append(key if key is not None else int(index) if index and index != "*" else None)
        position = step.end()
    return tuple(found)


@lru_cache(maxsize=1024)
def absolute(path: str) -> str:
    """A path of a node from its top: `account` becomes `/ancestors.account.reported.name`."""
    if is_age(path):
        return AGES[path.removeprefix("/reported.")]
    if path.startswith("/"):
        return path
    head, _, rest = path.partition(".")
    if head in _ANCESTORS and rest in ("", "id", "name"):
        return f"/ancestors.{head}.reported.{rest or 'name'}"
    return f"/{path}" if head in _SECTIONS and rest else f"/reported.{path}"


def is_age(path: str) -> bool:
    return path.removeprefix("/reported.") in AGES


def value(row: Any, path: str) -> Any:
    """What the path leads to; None when it leads nowhere."""
    if path in (".", "/"):
        return row
    if is_node(row):
        if path == "kind":
            return row["kind"]
        return walk(row, steps(absolute(path)))
    found = walk(row, steps(path))
    if found is None and isinstance(row, dict) and isinstance(row.get("group"), dict):
        return walk(row["group"], steps(path))
    return found


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
    if len(keys) == 2 and keys[0] in _ANCESTORS and keys[1] in ("name", "id"):
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
