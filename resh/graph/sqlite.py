"""The graph in one SQLite file, for one machine and any number of its processes. It implements `resh.graph.base.GraphStore`.

    store = SqliteStore(home / "graph.sqlite3", SystemClock())
    with store.merge("aws", "123456789012", "demo") as merge: ...
    for row in store.fetch(compiled, cancel): ...

The tables have a module each (`node_table`, `adjacency`, `history`, …); this one opens transactions around them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from resh.cancel import Cancel
from resh.clock import Clock
from resh.errors import Cancelled, GraphError
from resh.graph import kind_table
from resh.graph.base import Account, Change, CompiledQuery, Document, Section, ShrinkLimit, UsageSample
from resh.graph.database import Database
from resh.graph.document import COLUMNS, TABLES, document, parted

if TYPE_CHECKING:
    import apsw

    from resh.graph.freshness import About, Freshness
    from resh.graph.indexer import Indexer
    from resh.graph.merge import SqliteMerge
    from resh.graph.past import Past
    from resh.graph.versions import Version
    from resh.model.kinds import Kind
    from resh.model.scope import Scope, ScopeReport

_OUT = (
    "SELECT n.id, t.id FROM json_each(?) asked CROSS JOIN node n CROSS JOIN edge e CROSS JOIN node t"
    " WHERE n.id = asked.value AND e.et = ? AND e.src = n.nid AND t.nid = e.dst"
)
_IN = (
    "SELECT s.id, n.id FROM json_each(?) asked CROSS JOIN node n CROSS JOIN edge e INDEXED BY edge_in CROSS JOIN node s"
    " WHERE n.id = asked.value AND e.et = ? AND e.dst = n.nid AND s.nid = e.src"
)
_REFERRING = f"SELECT * FROM ({_OUT} AND e.own & 2) UNION ALL SELECT * FROM (SELECT n.id, s.id {_IN[_IN.index('FROM') :]} AND e.own & 1)"
"""Edges of which the other end tells."""
_PLAN = "EXPLAIN QUERY PLAN "


def _again(path: Path, clock: Clock, limit: ShrinkLimit) -> SqliteStore:
    return SqliteStore(path, clock, lambda: limit)


class SqliteStore:
    def __init__(self, path: Path, clock: Clock, limit: Callable[[], ShrinkLimit] = ShrinkLimit, kept: str = "") -> None:
        """`limit` says how much of a scope may go at once. `kept` is the name of a graph that is only looked at."""
        self.database = Database(path)
        self._indexer: Indexer | None = None
        self._making = Lock()
        self._clock = clock
        self._limit = limit
        self._kept = kept
        self._kind_ids: tuple[int, Mapping[str, int]] = (-1, {})

    def merge(self, cloud: str, account: str, name: str) -> SqliteMerge:
        from resh.graph.merge import SqliteMerge

        self._refuse_kept()
        return SqliteMerge(self.database, self._clock, cloud, account, name, self._limit, self.indexer.changed)

    def elsewhere(self) -> Callable[[], SqliteStore]:
        return partial(_again, self.database.path, self._clock, self._limit())

    def changed_elsewhere(self) -> None:
        self.indexer.changed()

    def fetch(self, query: CompiledQuery, cancel: Cancel | None = None) -> Iterator[tuple[Any, ...]]:
        """Rows as they are found. Raises Cancelled as soon as the flag is set, in the middle of the search if need be."""
        with self.database.scratch() if query.past else nullcontext(self.database.reader()) as connection:
            found = self._run(query, connection)
            rows = parted(found) if query.joined else found
            if cancel is None:
                yield from rows
                return
            with cancel.interrupting(connection.interrupt):
                cancel.check()
                try:
                    for row in rows:
                        cancel.check()
                        yield row
                except Cancelled:
                    raise Cancelled(cancel.reason) from None

    def plan(self, query: CompiledQuery) -> list[tuple[int, str]]:
        depths = {0: -1}
        steps = []
        for id, parent, _, step in self.fetch(
            query.changed(sql=f"{_PLAN}{query.sql}", current=query.current and f"{_PLAN}{query.current}", joined=False)
        ):
            depths[id] = depths[parent] + 1
            steps.append((depths[id], step))
        return steps

    def unindexed(self) -> int:
        from resh.graph import text_index

        with self.database.faults():
            return text_index.count_waiting(self.database.reader())

    def past(self, moment: float) -> Past:
        from resh.graph import past

        with self.database.faults():
            return past.at(self.database.reader(), moment)

    def node(self, id: str) -> Document | None:
        row = next(self._rows(f"SELECT {COLUMNS} FROM {TABLES} WHERE n.id = ?", (id,)), None)
        return document(row) if row else None

    def neighbours(self, ids: Sequence[str], edge_type: str) -> list[tuple[str, str]]:
        import orjson

        from resh.graph.adjacency import TYPES

        asked = orjson.dumps(list(ids)).decode()
        found = dict.fromkeys((source, target) for sql in (_OUT, _IN) for source, target in self._rows(sql, (asked, TYPES[edge_type])))
        return list(found)

    def referrers(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        import orjson

        from resh.graph.adjacency import TYPES

        asked, type = orjson.dumps(list(ids)).decode(), TYPES["default"]
        return list(dict.fromkeys((id, other) for id, other in self._rows(_REFERRING, (asked, type, asked, type))))

    def mark(self, ids: Sequence[str], section: Section, patch: Mapping[str, Any], *, by: str) -> int:
        from resh.graph import marks

        with self._write() as connection:
            return marks.mark(connection, ids, section, patch, by, self._clock.now())

    def remove(self, id: str, *, by: str) -> bool:
        from resh.graph import marks

        with self._write() as connection:
            removed = marks.remove(connection, id, by, self._clock.now())
        if removed:
            self.indexer.changed()
        return removed

    def record_usage(self, samples: Iterable[UsageSample]) -> int:
        from resh.graph import usage_table

        with self._write() as connection:
            return usage_table.record(connection, samples)

    def history(
        self,
        *,
        limit: int = 100,
        id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        only: Collection[str] = (),
    ) -> Iterator[Change]:
        from resh.graph.changes import changes

        with self.database.faults():
            yield from changes(self.database.reader(), limit, id, since, until, only)

    def versions(self, changes: Iterable[Change]) -> Iterator[Version]:
        from resh.graph.versions import versions

        with self.database.faults():
            yield from versions(self.database.reader(), changes)

    def fitting(self, query: CompiledQuery, documents: Sequence[Document]) -> set[int]:
        from resh.graph.given import fitting

        with self.database.faults(), self.database.scratch() as connection:
            return fitting(connection, query, documents)

    def changed_ids(self, after: float, until: float) -> frozenset[str]:
        from resh.graph.changes import changed_ids

        with self.database.faults():
            return frozenset(changed_ids(self.database.reader(), after, until))

    def prune_history(self, before: float) -> int:
        """Forget what is older than that (epoch seconds), usage too; returns how many entries."""
        from resh.graph import history, text_index, usage_table

        with self._write() as connection:
            text_index.before_pruning(connection, before)
            usage_table.prune(connection, before)
            return history.prune(connection, before)

    def scopes(self, *, bad_only: bool = False) -> list[tuple[ScopeReport, float]]:
        from resh.graph import scope_table

        with self.database.faults():
            return scope_table.last_reports(self.database.reader(), bad_only)

    def freshness(self, about: About = dict) -> Freshness:
        from resh.graph.freshness import freshness

        with self.database.faults():
            return freshness(self.database.reader(), about)

    def confirm(self, scopes: Iterable[Scope], *, by: str) -> Mapping[Scope, int]:
        from resh.graph import shrink

        with self._write() as connection:
            gone = shrink.confirm(connection, scopes, by, self._clock.now())
        if any(gone.values()):
            self.indexer.changed()
        return gone

    def accounts(self) -> list[Account]:
        rows = self._rows("SELECT cloud, id, name, merged, nodes FROM account WHERE gid > 0 ORDER BY cloud, id")
        return [Account(*row) for row in rows]

    def regions(self) -> list[str]:
        return [region for (region,) in self._rows("SELECT DISTINCT region FROM scope ORDER BY region")]

    def kinds(self) -> list[Kind]:
        with self.database.faults():
            return kind_table.declared(self.database.reader())

    def kind_bases(self) -> Mapping[str, tuple[str, ...]]:
        with self.database.faults():
            return kind_table.bases(self.database.reader())

    def property_types(self, name: str) -> Sequence[tuple[str, str]]:
        with self.database.faults():
            return kind_table.property_types(self.database.reader(), name)

    def kind_ids(self) -> Mapping[str, int]:
        """Read again only when kinds have come or changed."""
        with self.database.faults():
            connection = self.database.reader()
            generation = kind_table.generation(connection)
            if generation != self._kind_ids[0]:
                self._kind_ids = (generation, MappingProxyType(kind_table.numbers(connection)))
        return self._kind_ids[1]

    def kind_counts(self) -> Mapping[str, int]:
        from resh.graph import census

        names = {kid: name for name, kid in self.kind_ids().items()}
        with self.database.faults():
            return {names[kid]: count for kid, count in census.nodes(self.database.reader()).items()}

    def kind_links(self, ranges: Iterable[tuple[int, int]], end: Literal["src", "dst"]) -> Mapping[tuple[str, str], int]:
        from resh.graph import census
        from resh.model.edge import EDGE_TYPES

        names = {kid: name for name, kid in self.kind_ids().items()}
        with self.database.faults():
            found = census.edges(self.database.reader(), ranges, end)
        return {(EDGE_TYPES[edge_type], names[kid]): count for (edge_type, kid), count in found.items()}

    def generation(self) -> tuple[int, ...]:
        """Another one whenever nodes have changed, by a merge or by people."""
        return next(self._rows("SELECT (SELECT sum(gen) FROM account), (SELECT max(seq) FROM hist)"))

    def count(self) -> int:
        return int(next(self._rows("SELECT sum(nodes) FROM account"))[0])

    @property
    def indexer(self) -> Indexer:
        """Made when first asked for: most searches ask for no words."""
        with self._making:
            if self._indexer is None:
                from resh.graph.indexer import Indexer

                self._indexer = Indexer(self.database)
            return self._indexer

    def close(self) -> None:
        if self._indexer is not None:
            self._indexer.close()
        self.database.close()

    def _write(self) -> AbstractContextManager[apsw.Connection]:
        self._refuse_kept()
        return self.database.write()

    def _refuse_kept(self) -> None:
        if self._kept:
            raise GraphError(f"the graph {self._kept} is kept as it is", "leave out graph=…: changes are for the main graph")

    def _run(self, query: CompiledQuery, connection: apsw.Connection) -> Iterator[tuple[Any, ...]]:
        with self.database.faults():
            if query.past is not None:
                from resh.graph.past import search

                yield from search(connection, query.past, query.sql, query.bindings)
            elif query.current:
                yield from self.indexer.search(connection, query)
            else:
                yield from connection.execute(query.sql, query.bindings)

    def _rows(self, sql: str, bindings: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self.database.faults():
            yield from self.database.reader().execute(sql, bindings)
