"""Whole nodes, in the order of a search: thin rows are sorted, then the documents fetched.

found = Rows(selection, part)
f"SELECT {found.read(COLUMNS)} FROM {found.tables}"         whatever stands on the aliases of `resh.graph.document`
found.brought()                                             what else belongs into their documents
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resh.search.sql.scope import Scope
from resh.search.sql.select import Columns, Selection, bits, ordered
from resh.search.tree import DEFAULT_ORDER, Part

if TYPE_CHECKING:
    from resh.search.sql.merges import Name


class Rows:
    def __init__(self, selection: Selection, part: Part) -> None:
        """The limit keeps SQLite from dropping the inner order as pointless."""
        writer = selection.scope.writer
        alias = writer.alias("f")
        limit = "" if part.limit and part.limit.last == part.backwards else " LIMIT -1"
        self.nid = f"{alias}.nid"
        more = bits(selection)
        columns = ((selection.scope.nid, "nid"), *more) if more else ()
        row = Scope(writer, self.nid, "n", {"n", "d"})
        self._brought = row.brought = selection.scope.brought and selection.scope.brought.of(self.nid)
        self.brings_all = not more
        """Every node has all of what is brought."""
        self.read = row.whole
        account = f" CROSS JOIN account a ON a.gid = {row.column('gid')}"
        self.tables = f"({in_order(selection, part, columns)}{limit}) {alias}{row.joins()}{account}"

    def brought(self) -> dict[Name, str]:
        """JSON of what the parts of the search put into the documents, by where in them it belongs."""
        return self._brought.columns(self.nid) if self._brought else {}


def in_order(selection: Selection, part: Part, columns: Columns = ()) -> str:
    """As the part sorts them; else by kind, name and id, unless only the first that come are wanted."""
    keys = part.sort or part.best or (() if part.limit and not part.backwards else DEFAULT_ORDER)
    return ordered(selection.unique(), part, keys, columns)
