"""What differs between two documents of a resource: path by path, and as lines to read.

    differences({"size": 8, "zones": ["a"]}, {"size": 9, "zones": ["a"]})       {"size": (8, 9)}
    list(drawn({"size": (8, 9)}, 80))                                           ["    size: 8 -> 9"]

Paths read as in a search; what is in no section of its own is reported. Lists that hold objects are compared element by element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from resh.graph.base import Document
from resh.graph.patch import step
from resh.render.values import cell
from resh.text import fit, sanitise

Differences = dict[str, tuple[Any, Any]]

_APART = frozenset(("id", "kind", "reported", "created", "updated", "usage"))
"""What the graph itself knows of a node, or shows otherwise."""
_UNRECORDED = ("stale", "last_seen")
_LONGEST = 60


def documents_differ(before: Document, after: Document) -> Differences:
    """Of two documents of one resource. When it was last seen is no property of it."""
    found = differences(before["reported"], after["reported"])
    for section in sorted((before.keys() | after.keys()) - _APART):
        found |= differences(_section(before, section), _section(after, section), f"/{step(section)}")
    return found


def differences(before: Any, after: Any, path: str = "") -> Differences:
    """The old and the new value at every path where they differ; None where there is none."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = dict.fromkeys([*before, *after])
        return _joined((before.get(key), after.get(key), f"{path}.{step(key)}" if path else step(key)) for key in keys)
    if _has_objects(before) and _has_objects(after):
        longest = range(max(len(before), len(after)))
        return _joined((_element(before, number), _element(after, number), f"{path}[{number}]") for number in longest)
    return {} if _same(before, after) else {path: (before, after)}


def pairs(found: Differences) -> dict[str, dict[str, Any]]:
    """As a row has them."""
    return {path: {"before": old, "after": new} for path, (old, new) in found.items()}


def drawn(found: Mapping[str, tuple[Any, Any]], columns: int, indent: str = "    ") -> Iterator[str]:
    """A line for each path; what is too long is cut."""
    for path, (old, new) in found.items():
        yield fit(f"{indent}{sanitise(path)}: {_short(old)} -> {_short(new)}", columns)


def named(document: Document) -> str:
    """`aws_ec2_volume vol-1 (data)`, as a tree calls it."""
    id, name = (document["reported"].get(key) for key in ("id", "name"))
    shown = cell(id if id is not None else document["id"])
    return sanitise(f"{document['kind']} {shown}{f' ({cell(name)})' if name not in (None, id) else ''}")


def _section(document: Document, name: str) -> Any:
    found = document.get(name)
    if name == "metadata" and isinstance(found, dict):
        return {key: value for key, value in found.items() if key not in _UNRECORDED}
    return found


def _joined(pairs: Iterator[tuple[Any, Any, str]]) -> Differences:
    found: Differences = {}
    for before, after, path in pairs:
        found |= differences(before, after, path)
    return found


def _has_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(element, dict) for element in value)


def _element(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else None


def _same(before: Any, after: Any) -> bool:
    """1 is 1.0, but not true; no value is the same as null."""
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(_same, before, after))
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _short(value: Any) -> str:
    text = "none" if value is None else sanitise(cell(value)) or '""'
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
