"""`sql`: one view for each kind, reading only, and rows like any others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.commands.base import Role
from resh.errors import Cancelled
from resh.model.edge import Edge
from resh.model.kinds import Kind, Property
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.search.views import Views
from resh.shell.complete import complete
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select id, volume_size from volume where volume_size > 5 order by 2 desc limit 2", [("vol-3", 500), ("vol-2", 100)]),
        ("select ID from AWS_EC2_VOLUME where volume_type is null", [("vol-4",)]),
        ("select count(*), sum(volume_size) from aws_ec2_volume", [(4, 609)]),
        ("select kind, cloud, account, region, zone from instance", [("aws_ec2_instance", "aws", "demo", "eu-west-1", None)]),
        ("select account_id from instance", [("123456789012",)]),
        ("select age, ctime from volume where id = 'vol-1'", [(86400, "2023-11-13T22:13:20Z")]),
        (
            "select tags ->> 'owner', zones, reported ->> '$.name' from aws_ec2_volume where id = 'vol-2'",
            [("ada", '["a","b"]', "name of vol-2")],
        ),
        ("select value from aws_ec2_volume v, json_each(v.zones) where v.id = 'vol-2'", [("a",), ("b",)]),
        ("select kind, count(*) from resource group by kind order by 1 limit 2", [("aws_ec2_instance", 1), ("aws_ec2_instance_type", 1)]),
        ("select i.id from volume v join edges e on e.from_id = v.node_id join instance i on i.node_id = e.to_id", [("i-1",)]),
        (
            "select v.id, type from instance i join edges e on e.to_id = i.node_id join volume v on v.node_id = e.from_id",
            [("vol-1", "delete")],
        ),
        (
            "select v.id from volume v left join edges e on e.from_id = v.node_id where e.to_id is null",
            [("vol-2",), ("vol-3",), ("vol-4",)],
        ),
        ("select type, count(*) from edges group by type order by type", [("default", 1), ("delete", 1)]),
        (
            "select name from volume where name regexp '-[12]$' and name like 'NAME%' and id glob 'vol-*'",
            [("name of vol-1",), ("name of vol-2",)],
        ),
        ("select change, by, name from history where kind = 'aws_ec2_instance'", [("created", "collect", "name of i-1")]),
        ("select count(*) from history where changed_at >= '2023-11-14' and kind = 'aws_ec2_volume'", [(4,)]),
        ("select count(*) = (select count(*) from history) from history where changed_at > '1'", [(1,)]),
        ("select count(*) from history where changed_at > '2023-11-15'", [(0,)]),
        ("select count(*) from history where node_id = (select node_id from instance)", [(1,)]),
        ("with recursive n(i) as (select 1 union all select i + 1 from n limit 4) select sum(i) from n", [(10,)]),
        ("with old as (select * from volume where age > 200000) select count(*) from old", [(2,)]),
        ("select count(*) from account", [(0,)]),
        ("select count(*) from volume where 'a;b' <> '' -- really; all\n;", [(4,)]),
        ("values (1, x'4142')", [(1, "4142")]),
        (
            "select created, updated, desired, metadata, expires from volume limit 1",
            [("2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z", None, None, None)],
        ),
    ],
)
def test_what_a_select_finds(shell: Shell, statement: str, expected: list[tuple[Any, ...]]) -> None:
    rows = [tuple(json.loads(line).values()) for line in shell(f'sql "{statement}"' if ";" in statement else f"sql {statement}")]
    assert (sorted(rows, key=str), shell.status) == (sorted(expected, key=str), 0)


def test_rows_go_on_like_any_others(shell: Shell) -> None:
    assert shell("sql select id, volume_size, volume_type from volume order by id | list --csv id, volume_size | head 2") == [
        '"id","volume_size"',
        '"vol-1",8',
    ]
    assert shell("sql select volume_type from volume | count volume_type")[1:] == ["gp3: 2", "total matched: 3", "total unmatched: 1"]
    assert shell("sql select id, volume_size as size from volume | sort size desc | head 1 | format {id}:{size}") == ["vol-3:500"]
    assert shell("sql select v.name, w.name, 1 as x from volume v join volume w on w.id = v.id limit 1 | format {name}/{name_2}/{x}") == [
        "name of vol-1/name of vol-1/1"
    ]
    shell("sql select node_id from volume where volume_size > 400 | clean too large")
    assert shell("search /desired.clean = true | list --csv id") == ['"id"', '"vol-3"']
    assert shell("sql select id from volume where desired ->> 'clean' | format {id}") == ["vol-3"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sql 'select id from volume where volume_type = ''gp2'''", "vol-2"),
        ("sql 'select id from volume where volume_type = \\'gp2\\''", "vol-2"),
        ("sql \"select 'a' || 'b' as x\"", "ab"),
        ("sql select 'a' \\|\\| 'b' as x", "ab"),
        ('sql select "id" from "volume" where id = \'vol-1\'', "vol-1"),
        ("sql select '@TODAY@' as x", "2023-11-14"),
    ],
)
def test_quotes(shell: Shell, line: str, expected: str) -> None:
    assert [list(json.loads(row).values()) for row in shell(line)] == [[expected]]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("select volume_sise from volume", ("column 12", "no such column volume_sise in view volume", "volume_size")),
        ("select v.nme from volume v", ("no such column nme in view volume", "name")),
        ("select ü, volume_sise from volume", ("column 12",)),
        ("select name from volume where volume_type = gp2", ("no such column gp2", "'gp2'")),
        ('select name from volume where volume_type = "gp2"', ("column 49", "no such column gp2", "text stands in single quotes: 'gp2'")),
        ("select * from volum", ("column 19", "no such view volum", "volume")),
        ("select nope(1)", ("column 12", "no function nope")),
        ("select lenght(1)", ("no function lenght", "length")),
        ("selec 1", ("column 5", 'near "selec"')),
        ("select name from group", ("column 22", 'near "group"', 'the view is written "group"')),
        ("select (1", ("column 14", "incomplete input")),
        ("'select 1; select 2'", ("one statement at a time",)),
        ("select ?", ("bindings",)),
        ("", ("statement is missing",)),
        ("--tables nothing*", ("no view 'nothing*'",)),
        ("--table volume", ("--tables",)),
    ],
)
def test_mistakes_are_told_with_their_place(shell: Shell, statement: str, words: tuple[str, ...]) -> None:
    assert shell(f"sql {statement}") == []
    assert shell.status == 2
    assert all(word in shell.notes[0] for word in words), shell.notes


DENIED = (
    "insert into volume(name) values ('x')",
    "update volume set name = 'x'",
    "delete from volume",
    "delete from edges",
    "update edges set type = 'x'",
    "delete from main.node",
    "update node set name = 'x'",
    "drop table node",
    "drop view volume",
    "create table x(y)",
    "create temp table x(y)",
    "create temp view x as select 1",
    "create trigger x after insert on node begin select 1; end",
    "attach ':memory:' as x",
    "detach main",
    "pragma user_version",
    "pragma writable_schema = 1",
    "vacuum",
    "vacuum into '/dev/null'",
    "analyze",
    "reindex",
    "begin",
    "commit",
    "savepoint x",
    "select load_extension('x')",
    "select fts3_tokenizer('simple')",
    "select randomblob(1000000000)",
    "select zeroblob(1000000000)",
    "select * from node",
    "select * from main.doc",
    "select count(*) from node",
    "select count(*) from main.node",
    "select * from main.account",
    "select name from main.account, volume",
    "select * from hist",
    "select * from sqlite_master",
    "select * from sqlite_temp_master",
    "select count(*) from sqlite_temp_master, volume",
    "select * from pragma_table_info('node')",
    "select * from pragma_database_list",
    "select * from dbstat",
    "select * from sqlite_dbpage",
    "with volume as (select * from main.node) select * from volume",
    "select (select hash from node limit 1) from volume",
    "select * from (select * from volume) where exists (select name from node)",
    "with _ as (select hash from main.node) select * from _, volume",
    "explain update node set name = 'x'",
)


@pytest.mark.parametrize("statement", DENIED)
def test_nothing_but_reading_our_views(shell: Shell, statement: str) -> None:
    before = shell("search all | format --ndjson")
    assert shell(f'sql "{statement}"') == []
    assert shell.status == 2, shell.notes
    assert shell("search all | format --ndjson") == before


def test_what_views_stand_on_has_another_name_each_time(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who knew it could read the graph's tables; so nobody can know it before the statement runs."""
    from resh.graph import sandbox

    secrets: list[str] = []

    def token(size: int) -> str:
        secrets.append(token_hex(size))
        return secrets[-1]

    monkeypatch.setattr(sandbox, "token_hex", token)
    forged = "select * from (with _{0}_volume as (select hash from main.node) select * from _{0}_volume), volume limit 1"
    shell("sql select name from volume")
    assert shell(f"sql {forged.format(secrets[0])}") == []
    assert shell.status == 2
    assert len(set(secrets)) == 2
    assert len(secrets[0]) == 32


def test_viewers_may_use_it(shell: Shell) -> None:
    viewer = Shell(shell.app, role=Role.viewer)
    assert viewer("sql select count(*) as n from volume") == ['{"n":4}']
    assert viewer("sql delete from volume") == []


def test_it_ends_in_time(shell: Shell) -> None:
    shell("config set search.sql_timeout 0.05s")
    assert shell("sql with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n") == []
    assert shell.status == 124
    assert "search.sql_timeout" in shell.notes[0]
    assert "took longer than 0.05s" in shell.notes[0]


def test_a_person_can_stop_it(graph: App) -> None:
    cancel = Cancel()
    rows = graph.searches.sql("with recursive n(i) as (select 1 union all select i + 1 from n) select i from n", 60, cancel)
    assert next(rows) == (("i",), (1,))
    cancel.set("stopped by ada")
    with pytest.raises(Cancelled, match="stopped by ada"):
        next(rows)


def test_only_the_time_of_the_graph_counts(graph: App) -> None:
    import time

    rows = graph.searches.sql("select name from volume", 0.05, Cancel())
    next(rows)
    time.sleep(0.1)
    assert len(list(rows)) == 3


def test_the_connection_ends_with_the_rows(graph: App) -> None:
    rows = graph.searches.sql("select name from volume", 60, Cancel())
    next(rows)
    rows.close()  # type: ignore[attr-defined]
    graph.close()


def test_every_view_has_what_is_of_its_kind(graph: App) -> None:
    for kind in graph.kinds:
        ids = [document["id"] for document in graph.documents(f"is({kind.name})")]
        assert sorted(row[0] for row in answer(graph, f'select node_id from "{kind.name}"')) == sorted(ids), kind.name


def test_views_and_their_columns_are_listed(shell: Shell) -> None:
    listed = shell("sql --tables | format {view}: {columns}")
    assert "edges: from_id, to_id, type" in listed
    assert any(line.startswith("aws_ec2_volume: node_id, id, name, kind") for line in listed)
    columns = shell("sql --tables 'aws_ec2_vol*' | format {view} {column} {type}")
    assert {"aws_ec2_volume volume_size number", "aws_ec2_volume zones json", "aws_ec2_volume volume_encrypted 0 or 1"} <= set(columns)
    assert not any(line.startswith("volume ") for line in columns)


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("sql sel", "select"),
        ("sql select volume_si", "volume_size"),
        ("sql select node", "node_id"),
        ("sql select name from volu", "volume"),
        ("sql select * from volume join ed", "edges"),
        ("sql select * from volume v, inst", "instance"),
        ("sql select name from aws_ec2_volume where volume_si", "volume_size"),
        ("sql --tables volu", "volume"),
        ("sql --", "--tables"),
        ("sql select 'it", ""),
    ],
)
def test_completion(shell: Shell, text: str, among: str) -> None:
    found = [candidate.text for candidate in complete(shell.session, text)]
    assert not among or among in found


SPREAD = Kind(
    "x_disk", ("volume",), "A disk.", (Property("volume_size", "int64"), Property("Name"), Property('odd "name"'), Property("is;drop"))
)


@pytest.fixture
def clouds(home: Path, clock: FakeClock) -> Iterator[App]:
    """Volumes of two kinds with another kind between them, so that `volume` is two ranges of rows."""
    with App(home, clock=clock) as app:
        for cloud, kind, count in (("a", "a_disk", 2000), ("b", "b_thing", 5), ("x", "x_disk", 3)):
            with app.graph.merge(cloud, "1", "one") as merge:
                bases = ("resource",) if kind == "b_thing" else ("volume",)
                merge.kinds([SPREAD if kind == "x_disk" else Kind(kind, bases, kind)])
                nodes = [_node(cloud, kind, n) for n in range(count)]
                merge.nodes(nodes)
                merge.edges([Edge(nodes[0].id, node.id, "default", node.id) for node in nodes[1:3]])
                merge.scope(ScopeReport(nodes[0].scope, Status.OK))
        yield app


def _node(cloud: str, kind: str, number: int) -> Node:
    scope = Scope(cloud, "1", "eu", kind)
    document = {
        "id": f"{kind}-{number}",
        "name": f"n{number}",
        "kind": kind,
        "volume_size": number,
        "Name": "upper",
        'odd "name"': "o",
        "is;drop": 1,
    }
    return Node(node_id(cloud, "1", "eu", kind, f"{kind}-{number}"), kind, scope, "eu", document)


def answer(app: App, statement: str) -> list[tuple[Any, ...]]:
    return [row for _, row in app.searches.sql(statement, 60, Cancel())]


def test_a_base_kind_over_several_ranges(clouds: App) -> None:
    assert answer(clouds, "select count(*), count(distinct kind) from volume") == [(2003, 2)]
    assert answer(clouds, "select id from volume where name = 'n1' order by id") == [("a_disk-1",), ("x_disk-1",)]
    assert answer(clouds, "select count(*) from volume v join volume w on w.name = v.name where v.kind = 'x_disk'") == [(6,)]
    assert answer(
        clouds,
        "select w.id from volume v join edges e on e.from_id = v.node_id join volume w on w.node_id = e.to_id where v.id = 'x_disk-0'",
    ) == [
        ("x_disk-1",),
        ("x_disk-2",),
    ]


def test_names_that_sql_could_stumble_on(clouds: App) -> None:
    assert answer(clouds, 'select name, "odd ""name""", "is;drop" from x_disk limit 1') == [("n0", "o", 1)]


def test_a_limit_stops_early_and_only_the_kind_is_read(clouds: App) -> None:
    """As the plan says it, and as SQLite counts its steps."""
    select = "select name from a_disk where volume_size > 100 limit 5"
    plan = [row[3] for row in answer(clouds, f"explain query plan {select}")]
    assert plan == ["SEARCH n USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN"]
    assert [row[3] for row in answer(clouds, "explain query plan select name from a_disk")] == plan[:1]
    assert steps(clouds, select) < steps(clouds, select.replace("limit 5", "")) / 5


def steps(app: App, statement: str) -> int:
    """How far SQLite's machine went."""
    from resh.graph import sandbox

    counted = 0

    def count(run: Any) -> bool:
        nonlocal counted
        counted += 1
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_STEPS", 10)
        patch.setattr(sandbox._Run, "_look_at_clock", count)
        answer(app, statement)
    return counted


def test_only_views_that_a_statement_names_are_made(clouds: App, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    select = Views.select
    monkeypatch.setattr(Views, "select", lambda views, name: made.append(name) or select(views, name))  # type: ignore[func-returns-value]
    answer(clouds, "select count(*) from a_disk join volume using (node_id)")
    assert made == ["a_disk", "volume"]


def test_history_is_asked_for_what_is_wanted(clouds: App, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def history(**wanted: Any) -> Iterator[Any]:
        asked.append(wanted)
        return iter(())

    monkeypatch.setattr(clouds.graph, "history", history)
    answer(clouds, "select name from history where changed_at >= '1970-01-03T12:00:00Z' and node_id = 'x'")
    assert asked == [{"limit": -1, "id": "x", "since": 2 * 86400.0}]


def test_edges_are_found_by_their_ends(clouds: App) -> None:
    plan = [row[3] for row in answer(clouds, "explain query plan select e.to_id from x_disk d left join edges e on e.from_id = d.node_id")]
    assert plan[-1] == "SCAN e VIRTUAL TABLE INDEX 0:0 LEFT-JOIN"
    assert answer(clouds, "select count(*) from edges where from_id = to_id") == [(0,)]
    first, second = (row[0] for row in answer(clouds, "select node_id from x_disk order by id limit 2"))
    for where in (
        f"from_id = '{first}' and to_id = '{second}'",
        f"to_id = '{second}' and type = 'default'",
        f"from_id in ('{first}') and to_id > '' limit 1",
    ):
        assert answer(clouds, f"select count(*) from (select * from edges where {where})")[0][0] >= 1
