"""Searches of one app: from the text that people wrote to rows of its graph. `app.search`, `documents` and `groups` are these.

    compiled, rows = Searches(app).rows("is(volume) and volume_size > 100", projection=("id", "name"))

Parts of the app are asked for when they are needed: a text that is only read opens no graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resh.app import App
    from resh.cancel import Cancel
    from resh.graph.base import CompiledQuery, Document
    from resh.graph.freshness import Freshness
    from resh.graph.past import Past
    from resh.observed import Observed
    from resh.search.remembered import Remembered
    from resh.search.tree import Query
    from resh.search.views import Views


class Searches:
    def __init__(self, app: App) -> None:
        from resh.search.remembered import Remembered

        self._app = app
        self._remembered: Remembered = Remembered()

    # -- what a text means -------------------------------------------------------------------------------------------------------

    def parsed(self, text: str, variables: Mapping[str, str] = MappingProxyType({})) -> Query:
        """The search that the text says, with its templates expanded and `{{name}}` filled from the variables."""
        from resh.search import parse

        return self.expanded(parse(self.filled(text, variables)))

    def filled(self, text: str, variables: Mapping[str, str]) -> str:
        if "{{" not in text:
            return text
        from resh.search.templates import fill

        return fill(text, variables, self._app.clock.now())

    def expanded(self, query: Query) -> Query:
        if not query.templated:
            return query
        from resh.search.expansion import expand

        return expand(query, self._app.tables.templates.stored(), self._app.clock.now())

    def _tree(self, query: str | Query) -> Query:
        return self.parsed(query) if isinstance(query, str) else self.expanded(query)

    # -- answers -----------------------------------------------------------------------------------------------------------------

    def rows(
        self, query: str | Query, cancel: Cancel | None = None, projection: tuple[str, ...] | None = None, at: float | None = None
    ) -> tuple[CompiledQuery, Iterator[tuple[Any, ...]]]:
        """The compiled query, and its raw rows as they come; `at` (epoch seconds) is when it is asked, if not now."""
        from resh.search import compile

        (now, past), kinds = self._when(at), self._app.kind_ids.hierarchy()

        def compiled() -> CompiledQuery:
            return compile(self._tree(query), kinds, now, projection, past)

        known = isinstance(query, str) and at is None
        found = self._remembered.compiled(str(query), projection, kinds, compiled) if known else compiled()
        rows = self._app.graph.fetch(found, cancel)
        return found, rows if self._app.observed is None else _observed(rows, self._app.observed)

    def documents(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Document]:
        from resh.graph.document import document

        compiled, rows = self.rows(query, cancel, at=at)
        return (document(row, compiled.merged) for row in rows)

    def edges(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[tuple[str, str, str]]:
        """(source id, target id, edge type) of every edge between two of the results."""
        from resh.model.edge import EDGE_TYPES
        from resh.search.compiler import compile_edges

        compiled = compile_edges(self._tree(query), self._app.kind_ids.hierarchy(), *self._when(at))
        for source, target, edge_type in self._app.graph.fetch(compiled, cancel):
            yield source, target, EDGE_TYPES[edge_type]

    def groups(self, query: str | Query, cancel: Cancel | None = None, at: float | None = None) -> Iterator[Mapping[str, Any]]:
        """Rows of an aggregate: `{"group": {name: value}, function: value}`."""
        compiled, rows = self.rows(query, cancel, at=at)
        split = compiled.group_count
        names, functions = compiled.columns[:split], compiled.columns[split:]
        for row in rows:
            yield {"group": dict(zip(names, row[:split], strict=True)), **dict(zip(functions, row[split:], strict=True))}

    def _when(self, at: float | None) -> tuple[float, Past | None]:
        """The time that ages count back from, and the past that is searched if it is not now."""
        return (self._app.clock.now(), None) if at is None else (at, self._app.graph.past(at))

    # -- about answers -----------------------------------------------------------------------------------------------------------

    def freshness(self, query: str | Query, shown: Iterable[str] = ()) -> Freshness:
        """How much of what the answer to a search, and what is shown of it, depend on is stale."""

        def narrowed() -> Mapping[str, frozenset[str]]:
            from resh.search.about import about

            return about(self._tree(query), self._app.kind_ids.known, shown)

        return self._app.graph.freshness(narrowed)

    def occurring(
        self, kinds: tuple[str, ...], path: str, cancel: Cancel, *, keys: bool = False, first: int | None = None, begins: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """(JSON type, value, how often) of what is at a path in nodes of these kinds (none: any kind), the most frequent first."""
        from resh.search.sql.occurring import occurring
        from resh.search.terms import ALL, Is

        term = Is(kinds) if kinds else ALL
        compiled = occurring(term, path, self._app.kind_ids, self._app.clock.now(), keys=keys, first=first, begins=begins)
        return self._app.graph.fetch(compiled, cancel)

    # -- SQL ---------------------------------------------------------------------------------------------------------------------

    @property
    def views(self) -> Views:
        """The views of `sql`, as of now."""
        from resh.search.views import Views

        return Views(self._app.kind_ids, self._app.clock.now())

    def sql(self, statement: str, seconds: float, cancel: Cancel) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
        """Names and values of the rows of a SELECT over the views, which may run that long."""
        from resh.graph.sandbox import Sandbox
        from resh.graph.virtual import Edges, History
        from resh.search.views import EDGES, HISTORY

        graph = self._app.graph
        changes = History(lambda id, since: graph.history(limit=-1, id=id, since=since))
        return Sandbox(graph.database, self.views.select, {EDGES: Edges(), HISTORY: changes}).run(statement, seconds, cancel)


def _observed(rows: Iterator[tuple[Any, ...]], observed: Observed) -> Iterator[tuple[Any, ...]]:
    """The same, and how long the first one took: what the others take depends on who reads them."""
    started = perf_counter()
    first = next(rows, None)
    observed.took("search", perf_counter() - started)
    if first is not None:
        yield first
        yield from rows
