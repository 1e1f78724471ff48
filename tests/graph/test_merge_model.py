"""Random merges and marks, against the rules written down once more as plain sets and dictionaries."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from resh.clock import FakeClock
from resh.graph import adjacency
from resh.graph.base import CompiledQuery
from resh.graph.sqlite import SqliteStore
from resh.model.edge import EDGE_TYPES, Edge, EdgeType
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import INSTANCE, VOLUME, edges_of, merge, node, scope

KIND_OF = {"v1": VOLUME, "v2": VOLUME, "v3": VOLUME, "i1": INSTANCE, "i2": INSTANCE}
NODES = {name: node(name, kind) for name, kind in KIND_OF.items()}
NAMES = st.sampled_from(sorted(NODES))

Link = tuple[str, str, EdgeType, str]
"""Source, target, type, and the end that told of it."""


@dataclass
class Collect:
    found: dict[str, int]
    links: set[Link]
    statuses: dict[str, Status]


@dataclass
class Model:
    values: dict[str, int] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    clean: dict[str, int] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)

    def merge(self, collect: Collect) -> None:
        ok = {name for name in KIND_OF if collect.statuses.get(KIND_OF[name]) is Status.OK}
        bad = {name for name in KIND_OF if KIND_OF[name] in collect.statuses} - ok
        unseen = self.values.keys() - collect.found.keys() - ok
        self.values = {name: value for name, value in self.values.items() if name in unseen} | collect.found
        self.stale = (self.stale | bad) & unseen
        self.clean = {name: mark for name, mark in self.clean.items() if name in self.values}
        kept = {link for link in self.links if link[3] not in ok or unseen & set(link[:2])}
        self.links = {link for link in kept | collect.links if set(link[:2]) <= self.values.keys()}

    def mark(self, name: str, value: int) -> None:
        if name in self.values:
            self.clean[name] = value


@st.composite
def links(draw: st.DrawFn) -> Link:
    source, target = draw(NAMES), draw(NAMES)
    return source, target, draw(st.sampled_from(EDGE_TYPES)), draw(st.sampled_from((source, target)))


collects = st.builds(
    Collect,
    st.dictionaries(NAMES, st.integers(0, 2)),
    st.sets(links(), max_size=8),
    st.dictionaries(st.sampled_from((VOLUME, INSTANCE)), st.sampled_from((Status.OK, Status.OK, Status.DENIED))),
)
marks = st.tuples(NAMES, st.integers(0, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(collects | marks, max_size=8))
def test_a_graph_is_what_the_rules_say(steps: list[Collect | tuple[str, int]]) -> None:
    clock, model = FakeClock(), Model()
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "graph.sqlite3", clock)
        for step in steps:
            clock.advance(60)
            if isinstance(step, Collect):
                run(store, step)
                model.merge(step)
            else:
                store.mark([NODES[step[0]].id], "desired", {"clean": step[1]}, by="test")
                model.mark(*step)
            check(store, model)
        store.close()


def run(store: SqliteStore, collect: Collect) -> None:
    found = [node(name, KIND_OF[name], value=value) for name, value in collect.found.items()]
    reports = [ScopeReport(scope(kind), status) for kind, status in collect.statuses.items()]
    edges = [Edge(NODES[source].id, NODES[target].id, type, NODES[owner].id) for source, target, type, owner in collect.links]
    merge(store, found, reports, edges)
    again = merge(store, found, reports, edges)
    assert not again.any_change


def check(store: SqliteStore, model: Model) -> None:
    documents = {name: store.node(NODES[name].id) for name in NODES}
    there = {name: document for name, document in documents.items() if document is not None}
    assert {name: document["reported"]["value"] for name, document in there.items()} == model.values
    assert {name for name, document in there.items() if document["metadata"].get("stale")} == model.stale
    assert {name: document["desired"]["clean"] for name, document in there.items() if document["desired"]} == model.clean
    assert edges_of(store) == {(source, target, EDGE_TYPES.index(type)) for source, target, type, _ in model.links}
    rows = store.fetch(CompiledQuery("SELECT src, dst, et FROM edge WHERE gid = 1", (), "values"))
    assert {key[:3] for key in adjacency.read(store.database.reader(), 1)} == set(rows)
    assert sum(account.nodes for account in store.accounts()) == len(there)
