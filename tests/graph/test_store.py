from __future__ import annotations

import threading
import time

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.errors import BadValue, Cancelled, GraphError, UnknownKind
from resh.graph.base import Account, CompiledQuery, GraphStore
from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.kinds import Kind, Kinds, Property
from tests.graph.small_graph import INSTANCE, KINDS, VOLUME, edge, instance, merge, volume

ENDLESS = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT {} FROM c"


def values(sql: str, *bindings: object) -> CompiledQuery:
    return CompiledQuery(sql, bindings, "values")


def test_it_is_a_graph_store(store: SqliteStore) -> None:
    as_protocol: GraphStore = store
    assert as_protocol.count() == 0


def test_rows_stream(store: SqliteStore) -> None:
    rows = store.fetch(values(ENDLESS.format("i")))
    assert [next(rows), next(rows)] == [(1,), (2,)]


def test_a_set_flag_stops_the_rows(store: SqliteStore) -> None:
    cancel = Cancel()
    rows = store.fetch(values(ENDLESS.format("i")), cancel)
    next(rows)
    cancel.set("stopped by ada")
    with pytest.raises(Cancelled, match="stopped by ada"):
        next(rows)
    assert list(store.fetch(values("SELECT 1"))) == [(1,)]


def test_a_search_without_rows_is_interrupted(store: SqliteStore) -> None:
    cancel = Cancel()
    threading.Timer(0.1, cancel.set, ["stopped"]).start()
    with pytest.raises(Cancelled, match="stopped"):
        list(store.fetch(values(ENDLESS.format("count(*)")), cancel))
    assert list(store.fetch(values("SELECT 1"))) == [(1,)]


def test_a_flag_that_is_set_before_runs_nothing(store: SqliteStore) -> None:
    cancel = Cancel()
    cancel.set("too late")
    with pytest.raises(Cancelled, match="too late"):
        list(store.fetch(values("SELECT 1"), cancel))


def test_sql_that_is_wrong_is_a_graph_error(store: SqliteStore) -> None:
    with pytest.raises(GraphError, match="no such table"):
        list(store.fetch(values("SELECT * FROM absent")))


def test_regular_expressions(store: SqliteStore) -> None:
    row = next(
        store.fetch(values("SELECT resh_regex('B.', 'abc'), resh_regex_cs('B.', 'abc'), resh_regex('x', NULL), resh_regex('1', 21)"))
    )
    assert row == (1, 0, None, 1)
    with pytest.raises(BadValue, match=r"'\(' is not a regular expression"):
        list(store.fetch(values("SELECT resh_regex('(', 'abc')")))


def test_an_unknown_node_is_none(store: SqliteStore) -> None:
    assert store.node("nothing") is None
    assert store.neighbours(["nothing"], "default") == []


def test_kinds_are_stored_whole(store: SqliteStore) -> None:
    declared = Kind(VOLUME, ("volume", "resource"), "A disk.", (Property("volume_size", "int64", "How large", "GB"),))
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([declared, *KINDS[1:]])
    assert store.kinds() == sorted([declared, *KINDS[1:]], key=lambda kind: kind.name)


def test_types_of_properties_by_name(store: SqliteStore) -> None:
    size, name = Property("size", "int64"), Property("name", "string")
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([Kind("aws_a", properties=(size, name)), Kind("aws_b", properties=(Property("size", "string"),))])
    assert set(store.property_types("size")) == {("aws_a", "int64"), ("aws_b", "string")}
    assert not store.property_types("nothing")
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([Kind("aws_b", properties=(name,))])
    assert store.property_types("size") == [("aws_a", "int64")]
    index = KindIndex(store, Kinds([Kind("resource"), Kind("volume", properties=(Property("size", "double"),))]), lambda: ())
    assert index.property_types("size") == {"int64", "double"}
    assert index.property_types("name") == {"string"}


def test_types_of_properties_by_the_kinds_in_play(store: SqliteStore) -> None:
    """What is declared above a kind is its, too; what is declared below may be that of a node."""
    disk, other = (
        Kind("aws_disk", ("volume",), properties=(Property("iops", "string"),)),
        Kind("aws_b", properties=(Property("size", "date"),)),
    )
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([disk, other])
    bases = [Kind("resource", (), properties=(Property("name"),)), Kind("volume", properties=(Property("size", "double"),))]
    index = KindIndex(store, Kinds(bases), lambda: (Kind("aws_new", ("volume",)),))
    assert [index.property_types("size", kinds) for kinds in ((), ("aws_disk",), ("aws_b",), ("aws_b", "aws_disk"))] == [
        {"double", "date"},
        {"double"},
        {"date"},
        {"double", "date"},
    ]
    assert index.property_types("iops", ("volume",)) == {"string"}
    assert index.property_types("iops", ("aws_b",)) == frozenset()
    assert index.property_types("name", ("aws_b",)) == {"string"}
    assert index.property_types("size", ("aws_new",)) == {"double"}
    with pytest.raises(UnknownKind):
        index.property_types("size", ("aws_dusk",))


def test_types_of_properties_change_with_what_is_declared(store: SqliteStore) -> None:
    index = KindIndex(store, Kinds([Kind("resource", ())]), lambda: ())
    for type in ("string", "int64"):
        with store.merge("aws", "1", "demo") as merging:
            merging.kinds([Kind("aws_a", properties=(Property("size", type),))])
        assert index.property_types("size") == {type}


def test_rows_of_a_kind_need_no_properties(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([Kind("aws_a", ("volume", "resource"), properties=(Property("size"),)), Kind("aws_root", ())])
    index = KindIndex(store, Kinds([Kind("resource", ()), Kind("volume")]), lambda: ())
    with monkeypatch.context() as patch:
        patch.setattr(store, "kinds", None)
        assert index.rowid_ranges("volume") == index.rowid_ranges("aws_a") != []
        assert index.rowid_ranges("aws_root") != []
    assert index.known().properties("aws_a").keys() == {"size"}
    with pytest.raises(UnknownKind):
        index.rowid_ranges("aws_b")


def test_kind_numbers_are_read_again_when_kinds_come(store: SqliteStore) -> None:
    assert store.kind_ids() == {}
    merge(store, [volume("v1")])
    ids = store.kind_ids()
    assert ids.keys() == {kind.name for kind in KINDS} | {"graph_root", "cloud"}
    assert store.kind_ids() is ids
    with store.merge("aws", "1", "demo") as merging:
        merging.kinds([Kind("aws_new")])
    assert store.kind_ids().keys() == ids.keys() | {"aws_new"}
    assert {name: store.kind_ids()[name] for name in ids} == ids


def test_rows_of_a_kind_are_a_range(store: SqliteStore) -> None:
    merge(store, [volume("v1"), instance("i1"), volume("v2")])
    for kind, expected in ((VOLUME, ["v1", "v2"]), (INSTANCE, ["i1"])):
        kid = store.kind_ids()[kind]
        rows = store.fetch(values("SELECT name FROM node WHERE nid BETWEEN ? AND ? ORDER BY nid", kid << 40, (kid + 1 << 40) - 1))
        assert [row[0] for row in rows] == expected


def test_accounts_and_count(store: SqliteStore, clock: FakeClock) -> None:
    merge(store, [volume("v1"), instance("i1")])
    assert store.accounts() == [Account("aws", "1", "account 1", clock.now(), 2)]
    assert store.count() == 4


def test_removing_a_node_takes_its_edges_and_keeps_its_document(store: SqliteStore) -> None:
    i1, v1 = instance("i1"), volume("v1", volume_size=8)
    merge(store, [i1, v1], edges=[edge(i1, v1), edge(v1, i1, "delete")])
    assert store.remove(v1.id, by="cleanup")
    assert not store.remove(v1.id, by="cleanup")
    assert store.neighbours([i1.id], "default") == []
    assert store.accounts()[0].nodes == 1
    last = next(store.history())
    assert (last.change, last.name, last.by, last.before["reported"]["volume_size"]) == ("deleted", "v1", "cleanup", 8)
    assert merge(store, [i1, v1], edges=[edge(i1, v1)]).created == 1
    assert store.neighbours([i1.id], "default") == [(i1.id, v1.id)]


def test_a_reader_sees_the_old_graph_or_the_new_one(store: SqliteStore) -> None:
    merge(store, [volume(f"v{i}", generation=0) for i in range(300)])
    stop = threading.Event()
    seen: set[tuple[tuple[int, int], ...]] = set()

    def read() -> None:
        sql = "SELECT d.reported ->> 'generation', count(*) FROM node n JOIN doc d USING (nid) WHERE n.gid > 0 GROUP BY 1"
        while not stop.is_set():
            seen.add(tuple((row[0], row[1]) for row in store.fetch(values(sql))))

    reader = threading.Thread(target=read)
    reader.start()
    for generation in range(1, 8):
        merge(store, [volume(f"v{i}", generation=generation) for i in range(300 + generation)])
        time.sleep(0)
    stop.set()
    reader.join()
    assert seen <= {((generation, 300 + generation),) for generation in range(8)}
