"""What a line sees of the app that begins with `graph=<name>`: another graph, and everything else as it is.

look(app, "before-the-move").documents("is(volume)")
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from resh.parts import part
from resh.searchable import Searchable

if TYPE_CHECKING:
    from resh.app import App
    from resh.graph.sqlite import SqliteStore
    from resh.model.kinds import Kind


def look(app: App, name: str) -> App:
    """The app with the graph of that name."""
    return cast("App", _Looking(app, name))


class _Looking(Searchable):
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

    def catalog_kinds(self) -> Iterable[Kind]:
        return self._app.catalog_kinds()
