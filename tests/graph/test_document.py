"""A node as people see it, whether Python or SQL puts it together."""

from __future__ import annotations

import json

from resh.clock import FakeClock
from resh.graph.base import UsageSample
from resh.graph.document import COLUMNS, JSON, TABLES, document
from resh.graph.sqlite import SqliteStore
from resh.model.node import Node
from tests.graph.small_graph import denied, instance, merge, ok, volume


def test_sql_makes_the_same_document(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1", tags={"resh:expires": "2026-01-01"}), volume("v2", size=1.5, text='é"', none=None, list=[1, {"a": []}])])
    plain = instance("i1")
    merge(store, [Node(plain.id, plain.kind, plain.scope, plain.region, plain.reported, zone="eu-1")], ok("aws_ec2_instance"))
    store.mark([volume("v1").id], "desired", {"clean": True, "by": {"who": ["ada"]}}, by="ada")
    store.mark([volume("v2").id], "metadata", {"protected": True, "note": 1}, by="ada")
    store.record_usage([UsageSample(volume("v1").id, "cpu", clock.now(), 1.0, 2.5, 9.0)])
    clock.advance(90.5)
    merge(store, [], [denied()])
    rows = list(store.database.reader().execute(f"SELECT {COLUMNS}, {JSON} FROM {TABLES}"))
    assert {key for row in rows for key in document(row[:-1])["metadata"]} == {"expires", "stale", "last_seen", "protected", "note"}
    for *columns, text in rows:
        assert json.loads(text) == document(columns)
    assert len(rows) == 5
