"""The tables of `tables.py` for documents that are given (`resh.graph.given`): nothing is known of what they were connected with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.graph.given import TABLE
from resh.graph.past import COLUMNS
from resh.graph.scope_table import LAST_SEEN
from resh.search.sql.tables import Present, Stored

if TYPE_CHECKING:
    from resh.search.sql.scope import Scope
    from resh.search.sql.tables import Kinds


class Given(Present):
    indexed = False

    @property
    def edges(self) -> tuple[Stored, ...]:  # type: ignore[override]
        raise UsageError("nothing is known here of what a resource was connected with", "search --at knows")

    def joins(self, scope: Scope) -> str:
        return ""

    def stand(self, scope: Scope, where: str, rest: str, kinds: Kinds) -> tuple[str, str, str]:
        return f"{TABLE} {scope.node}", f"{scope.node}.nid", where

    def column(self, scope: Scope, name: str) -> str:
        return f"{scope.node}.{name}" if name in ("nid", *COLUMNS) else "NULL"

    def document(self, scope: Scope) -> str:
        return f"{scope.node}.reported"

    def whole(self, scope: Scope, sql: str) -> str:
        return super().whole(scope, sql.replace(LAST_SEEN, "NULL"))
