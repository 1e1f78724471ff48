"""Rows as a message: the first ones as a line each, all of them counted.

compose(rows, title="Volumes without an owner", most=25)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resh.notify.base import LONGEST_LINE, Item, Message, cut
from resh.text import one_line

MOST_ITEMS = 100
_SHOWN = ("kind", "id", "name")


def compose(rows: Iterable[Any], *, title: str, text: str = "", severity: str = "info", most: int = 25, at: float = 0.0) -> Message:
    """Reads all rows and keeps the first."""
    items: list[Item] = []
    total = 0
    for row in rows:
        total += 1
        if len(items) < most:
            items.append(item(row))
    return Message(title, text, severity, tuple(items), total, at)


def item(row: Any) -> Item:
    if isinstance(row, Mapping) and isinstance(row.get("reported"), Mapping):
        return _resource(row)
    text = row if isinstance(row, str) else _pairs(row) if isinstance(row, Mapping) else _json(row)
    return Item(cut(one_line(text), LONGEST_LINE), (), row if isinstance(row, Mapping) else {"value": row})


def _resource(row: Mapping[str, Any]) -> Item:
    reported = row["reported"]
    kind, id, name = (str(reported.get(key) or row.get(key) or "") for key in _SHOWN)
    place = tuple(_name(row, level) for level in ("cloud", "account", "region"))
    where = " ".join(filter(None, place[1:]))
    what = f"{kind} {name} ({id})" if name and name != id else f"{kind} {id}"
    text = one_line(f"{what} in {where}" if where else what)
    return Item(cut(text, LONGEST_LINE), place, {"kind": kind, "id": id, "name": name})


def _name(row: Mapping[str, Any], level: str) -> str:
    ancestor = (row.get("ancestors") or {}).get(level) or {}
    reported = ancestor.get("reported") or {}
    return str(reported.get("name") or reported.get("id") or "")


def _pairs(row: Mapping[str, Any]) -> str:
    """`region=eu-west-1, volumes=12`: a group of an aggregate, or any other object."""
    group = row.get("group")
    flat = {**group, **{key: value for key, value in row.items() if key != "group"}} if isinstance(group, Mapping) else row
    return ", ".join(f"{key}={value if isinstance(value, str) else _json(value)}" for key, value in flat.items())


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
