"""Workflows of people's own, as they wrote them, and which workflows are switched off. Few rows, written when people change them.

stored.put(Written("nightly", "steps: [collect]", user="ada", role="operator"))
stored.all()                      # {"nightly": Written(…)}; read again only after a change, by whatever process
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resh.state.tables import StateTable


@dataclass(frozen=True, slots=True)
class Written:
    """`text` is YAML, empty for a built-in workflow of which only `enabled` is kept. Its command lines run with what `user` may do
    (`role`), where they were (`local`: on this machine), with the variables of their line (`env`)."""

    name: str
    text: str = ""
    enabled: bool = True
    user: str = ""
    role: str = "viewer"
    local: bool = True
    env: Mapping[str, str] = field(default_factory=dict)


_KNOWN = {one.name for one in fields(Written)}


class StoredWorkflows:
    def __init__(self, table: StateTable) -> None:
        self._table = table
        self._read: tuple[object, dict[str, Written]] = (None, {})

    def stamp(self) -> object:
        return self._table.stamp()

    def all(self) -> Mapping[str, Written]:
        """In the order of their names."""
        stamp = self._table.stamp()
        if self._read[0] != stamp:
            rows = sorted(self._table.rows().values(), key=lambda row: str(row["name"]))
            self._read = (stamp, {row["name"]: Written(**{name: row[name] for name in row if name in _KNOWN}) for row in rows})
        return self._read[1]

    def put(self, written: Written) -> None:
        """In the place of the one with its name."""
        from tinydb import where

        with self._table.changing() as table:
            table.upsert(asdict(written), where("name") == written.name)

    def remove(self, name: str) -> bool:
        from tinydb import where

        with self._table.changing() as table:
            return bool(table.remove(where("name") == name))
