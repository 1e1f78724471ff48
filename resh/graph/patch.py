"""JSON merge patches (RFC 7396): what leads from one document to another. History keeps those that lead back.

    back({"size": 9, "tags": {}}, {"size": 8, "tags": {"owner": "ada"}})      # {"size": 8, "tags": {"owner": "ada"}}
    patched({"size": 9, "tags": {}}, _)                                       # the old document again
    paths({"size": 8, "tags": {"x.y": None}})                                 # {"size": 8, "tags.`x.y`": None}

null and a missing key mean the same in the language of searches, so a null of the old document comes back as no key at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][\w-]*")


def patched(old: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(old)
    for key, value in patch.items():
        if value is None:
            new.pop(key, None)
        elif isinstance(value, Mapping):
            inner = new.get(key)
            new[key] = patched(inner if isinstance(inner, dict) else {}, value)
        else:
            new[key] = value
    return new


def back(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The patch that makes the old document of the new one; empty when they mean the same. Lists are replaced whole."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            if inner := back(after, before):
                found[key] = inner
        elif not _same(before, after):
            found[key] = before
    return found


def paths(patch: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The value at every path that the patch sets, None where it removes; paths read as in a search."""
    found: dict[str, Any] = {}
    for key, value in patch.items():
        path = prefix + step(key)
        if isinstance(value, dict) and value:
            found |= paths(value, path + ".")
        else:
            found[path] = value
    return found


def step(key: str) -> str:
    """A key as a step of a path."""
    return key if _PLAIN.fullmatch(key) else f"`{key}`"


def _same(one: Any, other: Any) -> bool:
    """True is not 1, not even inside of lists."""
    if one != other or type(one) is not type(other):
        return False
    if not isinstance(one, list):
        return True
    from orjson import dumps

    return dumps(one) == dumps(other)
