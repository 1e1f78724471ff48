"""Texts in braces, filled: how a catalog writes the parameters of a call.

    fill({"Resources": ["{id}"], "Filters": "{filters}"}, {"id": "vol-1", "filters": [...]})

A text that is nothing but one pair of braces becomes the value itself, whatever its type; dots step into objects. A member of an object
that is nothing but `{space?}` is left out when there is no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from resh.errors import UsageError

_SLOT = re.compile(r"\{([A-Za-z_]\w*(?:\.\w+)*)\}")
_OPTIONAL = re.compile(r"\{([A-Za-z_]\w*(?:\.\w+)*)\?\}")


def fill(template: Any, known: Mapping[str, Any]) -> Any:
    """The template with every slot filled, keys of objects too; UsageError names the first slot that has no value."""
    if isinstance(template, str):
        return _fill_text(template, known)
    if isinstance(template, Mapping):
        members = ((fill(key, known), _fill_member(value, known)) for key, value in template.items())
        return {str(key): value for key, value in members if value is not None}
    if isinstance(template, list | tuple):
        return [fill(value, known) for value in template]
    return template


def slots(template: Any) -> set[str]:
    """The names (before any dot) that the template asks for."""
    if isinstance(template, str):
        return {path.partition(".")[0] for pattern in (_SLOT, _OPTIONAL) for path in pattern.findall(template)}
    if isinstance(template, Mapping):
        return set().union(*map(slots, (*template, *template.values())))
    if isinstance(template, list | tuple):
        return set().union(*map(slots, template))
    return set()


def _fill_member(template: Any, known: Mapping[str, Any]) -> Any:
    optional = _OPTIONAL.fullmatch(template) if isinstance(template, str) else None
    return _value(optional[1], known) if optional else fill(template, known)


def _fill_text(text: str, known: Mapping[str, Any]) -> Any:
    whole = _SLOT.fullmatch(text)
    if whole:
        return _look_up(whole[1], known)
    return _SLOT.sub(lambda slot: str(_look_up(slot[1], known)), text)


def _look_up(path: str, known: Mapping[str, Any]) -> Any:
    value = _value(path, known)
    if value is None:
        raise UsageError(f"nothing is known as '{path}'", "the resource does not have this property")
    return value


def _value(path: str, known: Mapping[str, Any]) -> Any:
    value: Any = known
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
