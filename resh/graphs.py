"""What a line sees of the app that begins with `graph=<name>`: another graph, and everything else as it is.

look(app, "before-the-move").documents("is(volume)")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from resh.parts import part

if TYPE_CHECKING:
    from resh.app import App
    from resh.cancel import Cancel
    from resh.graph.base import CompiledQuery, Document
    from resh.graph.kind_index import KindIndex
    from resh.graph.sqlite import SqliteStore
    from resh.model.kinds import Kinds
    from resh.search.tree import Query
    from resh.searches import Searches


def look(app: App, name: str) -> App:
    """The app with the graph of that name."""
    return cast("App", _Looking(app, name))


class _Looking:
    """In the place of an App; what is not here is that of the app."""

    def __init__(self, app: App, name: str) -> None:
        self._app = app
        self.making = RLock()
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    @part
    def graph(self) -> SqliteStore:
        """Found when it is used: what stands in front of the line may make it. UsageError when there is none."""
        return self._app.graphs.store(self._name)

    @part
    def kind_ids(self) -> KindIndex:
        from resh.graph.kind_index import KindIndex
        from resh.model.base import BASE_KINDS
        from resh.model.kinds import Kinds

        return KindIndex(self.graph, Kinds(BASE_KINDS), self._app.catalog_kinds)

    @property
    def kinds(self) -> Kinds:
        return self.kind_ids.complete()

    @part
    def searches(self) -> Searches:
        from resh.searches import Searches

        return Searches(cast("App", self))

    def search(
        self, query: str | Query, cancel: Cancel | None = None, projection: tuple[str, ...] | None = None, at: float | None = None
    ) -> tuple[CompiledQuery, Iterator[tuple[Any, ...]]]:
        return self.searches.rows(query, cancel, projection, at)

    def documents(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Document]:
        return self.searches.documents(query, cancel, at)

    def groups(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Mapping[str, Any]]:
        return self.searches.groups(query, cancel, at)
