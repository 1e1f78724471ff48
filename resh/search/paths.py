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
AGES = {"age": "ctime", "last_update": "mtime", "last_access": "atime"}
"""Durations that are counted from a stored time: the older, the larger."""

SECTIONS = ("reported", "desired", "metadata", "ancestors", "descendants")
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
    """Where a path of a node leads. Raises UsageError for a section that nodes do not have."""
    found = steps(path)
    if not found:
        raise UsageError(f"'{path}' leads nowhere", "name a property, like tags.owner or /metadata.protected")
    head, rest = str(found[0]), found[1:]
    if path.startswith("/") or (head in _LOOKUPS and rest):
        return _absolute(path, head, rest)
    if head in LEVELS and rest in ((), ("id",), ("name",)):
        return Place("ancestors", (head, "reported", *(rest or ("name",))))
    if head in AGES and not rest:
        return Place("reported", (AGES[head],), is_age=True)
    return Place("reported", found)


def _absolute(path: str, head: str, rest: tuple[Step, ...]) -> Place:
    if head in SECTIONS:
        is_age = head == "reported" and len(rest) == 1 and rest[0] in AGES
        return Place(head, (AGES[str(rest[0])],) if is_age else rest, is_age)
    if head in FIELDS and not rest:
        return Place("node", (head,))
    known = ", ".join(f"/{name}" for name in (*SECTIONS, *FIELDS))
    raise UsageError(f"{path} is not supported yet: nodes have no section '{head}'", f"they have {known}")


def last_name(path: str) -> str:
    """The last key of a path: what a column is called that nobody named."""
    keys = [step for step in steps(path) if isinstance(step, str)]
    return keys[-1] if keys else path


def starless(path: str) -> str:
    """The path without the `[*]` or `[]` that it ends in: the array itself."""
    return re.sub(r"(?:\[\*?\])+$", "", path)
