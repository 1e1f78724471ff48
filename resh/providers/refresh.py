"""Resources of the graph read again from their clouds, many at a time, and merged: changed, gone, or as they were.

    for result in Refresh(graph, providers, rows, threads=8)(ids, cancel): result.outcome      # 'changed'

Each is read by itself, so that nothing else changes: no scope is read, and no neighbour. One that is gone is deleted, with history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

from resh.cancel import Cancel
from resh.errors import ReshError
from resh.graph.base import Document, GraphStore, MergeResult
from resh.providers.base import Provider, Reread
from resh.providers.counting import carried
from resh.providers.known import Known, Rows

Outcome = Literal["changed", "unchanged", "gone", "failed"]
Home = tuple[str, str]
"""Cloud and account."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`document` is the resource as the graph knew it before."""

    document: Document
    outcome: Outcome
    message: str = ""


@dataclass(frozen=True, slots=True)
class Refresh:
    """`rows` runs a search and gives the values at some paths; `threads` is how many resources are read at the same time; `merged` hears
    what came of each merge."""

    graph: GraphStore
    providers: Mapping[str, Provider]
    rows: Rows
    threads: int
    merged: Callable[[MergeResult], object] = lambda result: None

    def __call__(self, documents: Iterable[Document], cancel: Cancel) -> Iterator[Refreshed]:
        """Account by account, one transaction each."""
        homes: dict[Home, list[Document]] = defaultdict(list)
        for document in documents:
            homes[_ancestor(document, "cloud"), _ancestor(document, "account")].append(document)
        for home, group in homes.items():
            yield from self._account(home, group, cancel)

    def _account(self, home: Home, documents: list[Document], cancel: Cancel) -> Iterator[Refreshed]:
        known = Known(self.rows, *home)
        with ThreadPoolExecutor(max(1, self.threads), thread_name_prefix="refresh") as pool:
            found = list(pool.map(carried(partial(self._read, known, cancel)), documents))
        cancel.check()
        before = {document["id"]: self._likeness(document) for document in documents}
        read = [(document["id"], one) for document, one in zip(documents, found, strict=True) if not isinstance(one, ReshError)]
        if read:
            self._merge(home, read)
        for document, one in zip(documents, found, strict=True):
            yield self._outcome(document, one, before[document["id"]])

    def _merge(self, home: Home, read: Iterable[tuple[str, Reread | None]]) -> None:
        with self.graph.merge(*home, "") as merge:
            for id, one in read:
                merge.reread(id, one and one.node, one.edges if one else ())
        self.merged(merge.result)

    def _read(self, known: Known, cancel: Cancel, document: Document) -> Reread | ReshError | None:
        try:
            cancel.check()
            cloud = _ancestor(document, "cloud")
            if cloud not in self.providers:
                return ReshError(f"no provider for the cloud '{cloud}'")
            return self.providers[cloud].reread(document, known)
        except ReshError as error:
            return error

    def _outcome(self, document: Document, found: Reread | ReshError | None, before: object) -> Refreshed:
        if isinstance(found, ReshError):
            return Refreshed(document, "failed", f"{found.message}{f' ({found.hint})' if found.hint else ''}")
        after = self.graph.node(document["id"])
        if found is None or after is None:
            return Refreshed(document, "gone")
        return Refreshed(document, "unchanged" if self._likeness(after) == before else "changed")

    def _likeness(self, document: Document) -> object:
        """What changes with it: its properties and its edges."""
        edges = {type: sorted(self.graph.neighbours([document["id"]], type)) for type in ("default", "delete")}
        return document["reported"], edges


def _ancestor(document: Document, level: str) -> str:
    return str(document.get("ancestors", {}).get(level, {}).get("reported", {}).get("id", ""))
