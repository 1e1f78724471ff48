"""Which events each user does not want to see above the prompt: few patterns, looked at with every batch of events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.state.tables import StateTable


class Mutes:
    def __init__(self, table: StateTable) -> None:
        self._table = table
        self._known: tuple[object, dict[str, tuple[str, ...]]] = (None, {})

    def of(self, user: str) -> tuple[str, ...]:
        """The patterns; read again only after a change, by whatever process."""
        stamp = self._table.stamp()
        if self._known[0] != stamp:
            found: dict[str, tuple[str, ...]] = {}
            for row in self._table.rows().values():
                found[row["user"]] = (*found.get(row["user"], ()), row["pattern"])
            self._known = (stamp, found)
        return self._known[1].get(user, ())

    def add(self, user: str, patterns: Iterable[str]) -> None:
        from tinydb import where

        with self._table.changing() as table:
            for pattern in patterns:
                table.upsert({"user": user, "pattern": pattern}, (where("user") == user) & (where("pattern") == pattern))

    def remove(self, user: str, patterns: Iterable[str]) -> None:
        from tinydb import where

        with self._table.changing() as table:
            for pattern in patterns:
                table.remove((where("user") == user) & (where("pattern") == pattern))
