"""What the rest of resh may ask of a graph store. `sqlite.py` implements it; nothing above this file knows SQL dialects' details.

with store.merge("aws", "123456789012", "demo") as merge:      # one account, one transaction
    merge.nodes([...]); merge.edges([...]); merge.scope(ScopeReport(...))
merge.result                                                   # MergeResult

for row in store.fetch(compiled, cancel): ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from resh.record import Record

if TYPE_CHECKING:
    from resh.cancel import Cancel
    from resh.graph.freshness import About, Freshness
    from resh.graph.past import Past
    from resh.graph.versions import Version
    from resh.model.edge import Edge
    from resh.model.kinds import Kind
    from resh.model.node import Node
    from resh.model.scope import Scope, ScopeReport

Document = dict[str, Any]
"""A node as people see it: `id`, `kind`, `reported`, `desired`, `metadata`, `ancestors`, `usage` if there is any."""

Section = Literal["desired", "metadata"]

MAIN = "main"
"""The name of the graph that is collected into."""


class Waiting(Record):
    """Among the values of a statement: rows, as a JSON array of numbers, that the index of words does not know yet. The store fills it in.

    With phrases: those whose documents have one of them, or all. Without: all that the index knows only as they were before.
    """

    phrases: tuple[str, ...] = ()
    all: bool = False


class CompiledQuery(Record):
    """SQL with every value bound. `columns` names the result's columns; the shape says how to read a row:

    documents  the fixed columns of `resh.graph.document.COLUMNS`, then the JSON of each of `merged`, read by `resh.graph.document.document`
    values     one tuple in the order of `columns`
    groups     `group_count` group values, then function values: an aggregate
    """

    sql: str
    bindings: tuple[Any, ...]
    shape: Literal["documents", "values", "groups"]
    columns: tuple[str, ...] = ()
    group_count: int = 0
    merged: tuple[tuple[str, ...], ...] = ()
    """Where in the document the values behind the fixed columns belong."""
    past: Past | None = None
    """The moment that it is about; now when there is none."""
    current: str = ""
    """The same statement for an index of words that lags behind nothing; none where it asks no index."""
    joined: bool = False
    """Whether all its documents come as one text, as `resh.graph.document.joined` makes it."""
    lasting: bool = False
    """Whether the same search will be compiled to the same at another time."""


class ShrinkLimit(Record):
    """How much of a scope may go at once: more than `number` nodes which are more than `share` percent of it are held."""

    share: int = 30
    number: int = 10

    def forbids(self, missing: int, size: int) -> bool:
        return missing > self.number and missing * 100 > self.share * size


class KindChange(Record):
    """How many nodes of one kind a merge created, updated or deleted."""

    change: str
    kind: str
    count: int


class MergeResult(Record):
    cloud: str
    account: str
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    stale: int = 0
    edges: int = 0
    scopes: tuple[ScopeReport, ...] = ()
    changes: tuple[KindChange, ...] = ()

    @property
    def any_change(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


class Change(Record):
    """One row of history: `change` is created, updated or deleted.

    `before` has the old value of each changed path (updated) or the whole document (deleted); paths read as in a search: `volume_size`,
    `/desired.clean`. `by` is who did it, "collect" for a merge.
    """

    at: float
    change: str
    id: str
    kind: str
    name: str
    before: Mapping[str, Any] = MappingProxyType({})
    by: str = ""
    nid: int = 0
    seq: int = 0
    """Where the store has it."""


class UsageSample(Record):
    """How much of a node was used around `at` (epoch seconds): the least, the average and the most of a metric such as `cpu`."""

    id: str
    metric: str
    at: float
    min: float
    avg: float
    max: float


class Account(Record):
    """An account as the graph knows it; `merged` is epoch seconds of its last merge, `nodes` its size."""

    cloud: str
    id: str
    name: str
    merged: float
    nodes: int


class CollectSink(Protocol):
    """Takes what a collect finds; a merge is one. Safe to call from several threads. `kinds` declares the kinds that come."""

    def knows(self, id: str) -> bool:
        """Whether the graph has the node already."""
        ...

    def kinds(self, kinds: Iterable[Kind]) -> None: ...

    def nodes(self, nodes: Iterable[Node]) -> None: ...

    def edges(self, edges: Iterable[Edge]) -> None: ...

    def there(self, ids: Iterable[str]) -> None:
        """Nodes that are in the cloud and were not read: they stay, stale."""
        ...

    def amend(self, learned: Mapping[str, dict[str, Any]]) -> None:
        """Properties that became known when their nodes had been handed over, by id."""
        ...

    def usage(self, samples: Iterable[UsageSample]) -> None:
        """Samples of nodes of this account, as `record_usage` takes them; they are no change."""
        ...

    def scope(self, report: ScopeReport) -> None: ...

    def remembers(self, ids: Iterable[str], names: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        """Of those of the nodes that the graph has: the reported properties of these names, as far as there are any."""
        ...

    def read_at(self, scope: Scope) -> float:
        """When the scope was last read (epoch seconds), 0 when its last reading was not whole."""
        ...


class Merge(CollectSink, Protocol):
    """Collects one account and replaces what the graph had of it, all at once, when the `with` block ends without an error."""

    result: MergeResult

    def whole(self) -> None:
        """The account was collected as far as it is configured: scopes that nobody reports are collected no more."""
        ...

    def reread(self, id: str, node: Node | None, edges: Iterable[Edge] = ()) -> None:
        """A node that was looked at by itself, with all edges it tells of; None when it is gone."""
        ...

    def __enter__(self) -> Merge: ...

    def __exit__(self, *exc: object) -> None: ...


class GraphStore(Protocol):
    def merge(self, cloud: str, account: str, name: str) -> Merge: ...

    def elsewhere(self) -> Callable[[], GraphStore]:
        """What opens the same graph in another process; it can be pickled."""
        ...

    def changed_elsewhere(self) -> None:
        """Another process has changed nodes, for this one."""
        ...

    def fetch(self, query: CompiledQuery, cancel: Cancel | None = None) -> Iterator[tuple[Any, ...]]: ...

    def plan(self, query: CompiledQuery) -> list[tuple[int, str]]:
        """How the store would answer it, in the words of its database: (depth, step)."""
        ...

    def unindexed(self) -> int:
        """How many documents a search for words has to look at itself, since the index does not know them yet."""
        ...

    def past(self, moment: float) -> Past:
        """The graph as it was then (epoch seconds), to compile a search for. Raises ReshError before history begins."""
        ...

    def node(self, id: str) -> Document | None: ...

    def neighbours(self, ids: Sequence[str], edge_type: str) -> list[tuple[str, str]]:
        """(source, target) of every edge of that type that touches one of the ids."""
        ...

    def referrers(self, ids: Sequence[str]) -> list[tuple[str, str]]:
        """(id, other) wherever the other one tells of a default edge between them: it names the resource as something that it uses."""
        ...

    def mark(self, ids: Sequence[str], section: Section, patch: Mapping[str, Any], *, by: str) -> int:
        """Merge `patch` into a section of the nodes (null removes a key), with history; returns how many changed."""
        ...

    def remove(self, id: str, *, by: str) -> bool:
        """Take one node out (it was deleted in the cloud), with history."""
        ...

    def record_usage(self, samples: Iterable[UsageSample]) -> int:
        """Add samples, or put them in the place of those of the same second; returns how many: those of nodes that there are."""
        ...

    def history(
        self,
        *,
        limit: int = 100,
        id: str | None = None,
        since: float | None = None,
        until: float | None = None,
        only: Collection[str] = (),
    ) -> Iterator[Change]:
        """Newest first: at most `limit` (-1: all), from `since` on and before `until` (epoch seconds), `only` changes of these sorts."""
        ...

    def versions(self, changes: Iterable[Change]) -> Iterator[Version]:
        """The documents before and after changes that `history` gave."""
        ...

    def fitting(self, query: CompiledQuery, documents: Sequence[Document]) -> set[int]:
        """Which of the documents fit a query that was compiled for given documents."""
        ...

    def changed_ids(self, after: float, until: float) -> frozenset[str]:
        """Of the nodes that were changed or deleted after the one moment and not after the other (epoch seconds)."""
        ...

    def prune_history(self, before: float) -> int:
        """Forget the history and the usage of before then (epoch seconds); returns how many changes."""
        ...

    def scopes(self, *, bad_only: bool = False) -> list[tuple[ScopeReport, float]]:
        """Last report of every scope with the time (epoch seconds) at which it was last read completely (0: never)."""
        ...

    def freshness(self, about: About = dict) -> Freshness:
        """What is stale among the scopes of these kinds, clouds, accounts (ids or names) and regions; what is not named counts whole."""
        ...

    def confirm(self, scopes: Iterable[Scope], *, by: str) -> Mapping[Scope, int]:
        """Let go what is missing in held scopes, with history; how many nodes each lost. Scopes that are not held are left out."""
        ...

    def accounts(self) -> list[Account]: ...

    def regions(self) -> list[str]:
        """Names of all regions of which scopes were reported."""
        ...

    def kinds(self) -> list[Kind]:
        """Kinds that merges declared."""
        ...

    def kind_bases(self) -> Mapping[str, tuple[str, ...]]:
        """The bases of each of these kinds."""
        ...

    def property_types(self, name: str) -> Sequence[tuple[str, str]]:
        """(kind, type) of each declared kind that has a property of that name of its own, such as ("aws_ec2_volume", "int64")."""
        ...

    def kind_ids(self) -> Mapping[str, int]: ...

    def kind_counts(self) -> Mapping[str, int]:
        """How many nodes each stored kind has."""
        ...

    def kind_links(self, ranges: Iterable[tuple[int, int]], end: Literal["src", "dst"]) -> Mapping[tuple[str, str], int]:
        """Of the edges that have this end in one of the ranges of rowids: (edge type, kind at the other end) and how many."""
        ...

    def generation(self) -> tuple[int, ...]:
        """Another one whenever nodes have changed."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...
