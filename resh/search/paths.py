"""Paths into a node: their steps, and the place that they lead to.

    steps("tags.`aws:name`[0]")         ("tags", "aws:name", 0)
    place("age")                        Place("reported", ("ctime",), is_age=True)
    place("account")                    Place("ancestors", ("account", "reported", "name"))

A path without a leading `/` is about what the cloud reported. The short names of the reference stand for their long forms.
"""

from __future__ import annotations

import re
from functools import lru_cache

from resh.errors import UsageError
from resh.record import Record

Step = str | int | None
"""A key, an index, or None: every element."""

_STEP = r"\.?(?:`([^`]*)`|([^.\[\]`]+))|\[(\d+|\*)?\]"
LEVELS = ("cloud", "account", "region", "zone")
AGES = {
    "age": "/reported.ctime",
    "last_update": "/reported.mtime",
    "last_access": "/reported.atime",
    "exported_age": "/metadata.last_seen",
}
"""Durations that are counted from a stored time: the older, the larger."""

SECTIONS = ("reported", "desired", "metadata", "usage", "ancestors", "descendants")
FIELDS = ("id", "kind", "created", "updated")
_LOOKUPS = ("reported", "ancestors", "descendants", "usage")
"""Sections that are meant even without a leading `/`."""


class Place(Record):
    section: str
    steps: tuple[Step, ...]
    is_age: bool = False


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path. Raises UsageError with what is no step."""
    body, found, position, match = path.removeprefix("/"), list[Step](), 0, re.compile(_STEP).match
    while position < len(body):
        step = match(body, position)
        if step is None:
            raise UsageError(f"'{body[position:]}' is not part of a path in '{path}'", "write it like tags.owner or disks[0].size")
        key = step[1] if step[1] is not None else step[2]
        found.append(key if key is not None else int(step[3]) if step[3] not in (None, "*") else None)
        position = step.end()
    return tuple(found)


@lru_cache(maxsize=1024)
def place(path: str) -> Place:
    """Where a path of a node leads. A section that nodes do not have is one where nothing is."""
    found = steps(path)
    if not found:
        raise UsageError(f"'{path}' leads nowhere", "name a property, like tags.owner or /metadata.protected")
    head, rest = str(found[0]), found[1:]
    if path.startswith("/") or (head in _LOOKUPS and rest):
        return _absolute(head, rest)
    if head in LEVELS and rest in ((), ("id",), ("name",)):
        return Place("ancestors", (head, "reported", *(rest or ("name",))))
    return _age(head) if head in AGES and not rest else Place("reported", found)


def _absolute(section: str, rest: tuple[Step, ...]) -> Place:
    if section in FIELDS and not rest:
        return Place("node", (section,))
    if len(rest) == 1 and AGES.get(str(rest[0]), "").startswith(f"/{section}."):
        return _age(str(rest[0]))
    return Place(section, rest)


def _age(name: str) -> Place:
    section, *stored = map(str, steps(AGES[name]))
    return Place(section, tuple(stored), is_age=True)


def last_name(path: str) -> str:
    """The last key of a path: what a column is called that nobody named."""
    keys = [step for step in steps(path) if isinstance(step, str)]
    return keys[-1] if keys else path


def starless(path: str) -> str:
    """The path without the `[*]` or `[]` that it ends in: the array itself."""
    return re.sub(r"(?:\[\*?\])+$", "", path)
