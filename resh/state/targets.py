"""Whom messages are sent to, by name; secrets are not in here, only where they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from resh.errors import UsageError
from resh.text import did_you_mean

if TYPE_CHECKING:
    from resh.state.tables import StateTable


class StoredTarget(NamedTuple):
    notifier: str
    values: Mapping[str, str]


class Targets:
    def __init__(self, table: StateTable) -> None:
        self._table = table

    def stored(self) -> dict[str, StoredTarget]:
        """In the order of the names."""
        rows = sorted(self._table.rows().values(), key=lambda row: str(row["name"]))
        return {row["name"]: StoredTarget(row["notifier"], dict(row["values"])) for row in rows}

    def get(self, name: str) -> StoredTarget:
        stored = self.stored()
        if name not in stored:
            raise UsageError(f"there is no target '{name}'", did_you_mean(name, stored) or "notify list shows them, notify add makes one")
        return stored[name]

    def add(self, name: str, target: StoredTarget) -> bool:
        """False when there is one of that name: it stays as it is."""
        from tinydb import where

        row = {"name": name, "notifier": target.notifier, "values": dict(target.values)}
        with self._table.changing() as table:
            return not table.contains(where("name") == name) and bool(table.insert(row))

    def change(self, name: str, values: Mapping[str, str]) -> bool:
        """False when there is none of that name."""
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.update({"values": dict(values)}, where("name") == name))

    def remove(self, name: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("name") == name))
