"""What answers searches: a graph, with the kinds that may be in it. The app is one; so is the app with another graph (`graphs.py`).

class App(Searchable):
    @part
    def graph(self) -> SqliteStore: ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from resh.parts import part

if TYPE_CHECKING:
    from resh.app import App
    from resh.cancel import Cancel
    from resh.graph.base import CompiledQuery, Document
    from resh.graph.kind_index import KindIndex
    from resh.graph.sqlite import SqliteStore
    from resh.model.kinds import Kind, Kinds
    from resh.search.tree import Query
    from resh.searches import Searches


class Searchable(ABC):
    making: RLock

    @property
    @abstractmethod
    def graph(self) -> SqliteStore: ...

    @abstractmethod
    def catalog_kinds(self) -> Iterable[Kind]:
        """Those that the providers could find, besides those of the graph."""

    @part
    def kind_ids(self) -> KindIndex:
        from resh.graph.kind_index import KindIndex
        from resh.model.base import BASE_KINDS
        from resh.model.kinds import Kinds

        return KindIndex(self.graph, Kinds(BASE_KINDS), self.catalog_kinds)

    @property
    def kinds(self) -> Kinds:
        """All kinds: those of the graph and those that the providers could find."""
        return self.kind_ids.complete()

    @part
    def searches(self) -> Searches:
        from resh.searches import Searches

        return Searches(cast("App", self))

    def search(
        self, query: str | Query, cancel: Cancel | None = None, projection: tuple[str, ...] | None = None, at: float | None = None
    ) -> tuple[CompiledQuery, Iterator[tuple[Any, ...]]]:
        """The compiled query, and its raw rows as they come; `at` (epoch seconds) is when it is asked, if not now."""
        return self.searches.rows(query, cancel, projection, at)

    def documents(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Document]:
        return self.searches.documents(query, cancel, at)

    def groups(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Mapping[str, Any]]:
        """Rows of an aggregate: `{"group": {name: value}, function: value}`."""
        return self.searches.groups(query, cancel, at)
