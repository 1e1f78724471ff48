"""Alerts by name: their conditions, whom they tell, and what they found last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resh.record import Record

if TYPE_CHECKING:
    from resh.state.tables import StateTable


class Alert(Record):
    """`notify` is a target or empty. `repeat` is seconds after which it tells again, `muted` until when (epoch seconds) it tells nobody.
    `firing` has when it told last by group, as text; `untold` the groups of which the target could not be told the latest."""

    name: str
    condition: str
    notify: str = ""
    repeat: float = 86400.0
    muted: float = 0.0
    firing: Mapping[str, float] = {}
    untold: Sequence[str] = ()


class Alerts:
    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stored(self) -> dict[str, Alert]:
        """In the order of the names."""
        rows = sorted(self._table.rows().values(), key=lambda row: str(row["name"]))
        return {row["name"]: Alert(**row) for row in rows}

    def add(self, alert: Alert) -> bool:
        """False when there is one of that name: it stays as it is."""
        from tinydb import where

        with self._table.changing() as table:
            return not table.contains(where("name") == alert.name) and bool(table.insert(dict(alert.__dict__)))

    def change(self, name: str, **fields: Any) -> bool:
        """False when there is none of that name."""
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.update(fields, where("name") == name))

    def remove(self, name: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("name") == name))
