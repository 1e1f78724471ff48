"""Orders, limits, columns, groups: what comes out of a small graph that fits on a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from resh.clock import iso
from resh.errors import BadValue, ReshError, UnknownKind, UsageError
from resh.graph.document import document
from resh.search import compile, parse
from resh.search.terms import Is, Predicate
from resh.search.tree import Navigation, Query, Sort
from tests.search.search_graphs import NOW, Graph, fill, make_node, open_graph, world

DAY = 86400


@pytest.fixture
def graph(page: Graph) -> Graph:
    return page


def rids(graph: Graph, query: str | Query) -> list[Any]:
    return [rid for (rid,) in graph.rows(query, ("id",))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is(volume)", ["v1", "v3", "v2"]),
        ("is(volume) sort volume_size", ["v3", "v1", "v2"]),
        ("is(volume) sort volume_size desc", ["v2", "v1", "v3"]),
        ("is(volume) sort name desc, volume_size", ["v2", "v3", "v1"]),
        ("is(volume) sort age", ["v1", "v2", "v3"]),
        ("is(volume) sort age desc limit 1", ["v3"]),
        ("is(volume) sort volume_size limit 1, 1", ["v1"]),
        ("is(volume) sort volume_size limit 2 reversed", ["v1", "v3"]),
        ("is(volume) reversed", ["v2", "v3", "v1"]),
        ("is(volume) limit 2", ["v1", "v2"]),
        ("is(volume) sort volume_size desc limit 1 <-- is(instance)", ["i1"]),
        ("is(volume) limit 0", []),
        ("is(volume) limit 5, 1", []),
        ("is(volume) limit 1, 1 reversed", ["v3"]),
        ("is(volume) sort volume_size limit 1, 2 reversed", ["v2", "v1"]),
        ("is(volume) sort tags.owner desc limit 1", ["v3"]),
        ("is(volume) sort disks[*].gb", ["v2", "v1", "v3"]),
        ("is(volume) sort disks[*].gb desc, name desc, volume_size desc", ["v1", "v3", "v2"]),
        ("is(volume) sort disks[*].on[*] desc limit 1", ["v3"]),
        ("is(volume) sort disks[*] desc limit 2", ["v1", "v3"]),
        ("is(volume) and disks[*].{gb = 2, on = b}", ["v3"]),
        ("is(volume) and disks[*].{gb = 1 or gb = 2, on = a or on = c} sort volume_size", ["v3", "v1"]),
    ],
)
def test_order(graph: Graph, text: str, expected: list[str]) -> None:
    assert rids(graph, text) == expected
    found = [document(row)["reported"]["id"] for row in graph.rows(text)]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "by_kind"),
    [
        ("all", True),
        ("is(volume) and volume_size > 3", True),
        ("is(volume) and volume_size > 3 or is(instance) and cores = 4", True),
        ("is(volume) with(any, <-- is(instance))", True),
        ("all sort kind desc, volume_size", True),
        ("all sort volume_size", False),
        ("name = data", False),
        ("is(instance) --> all", False),
    ],
)
def test_sorts_one_kind_after_the_other(graph: Graph, text: str, by_kind: bool) -> None:
    """So that what is limited ends soon; not where an index finds fewer rows than the kinds have."""
    plan = [step for _, step in graph.store.plan(compile(parse(text).limited(0, 1), graph.kinds, NOW))]
    assert any(step.startswith("USE TEMP B-TREE FOR LAST") for step in plan) is by_kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is(volume) and age > 30d", ["v3", "v2"]),
        ('is(volume) and age < "1 month 10 days"', ["v1", "v2"]),
        ("is(volume) and age <= PT48H", ["v1"]),
        ("is(volume) and ctime < 2023-01-01", ["v3"]),
        ("is(volume) and ctime > -3d", ["v1"]),
        ("is(volume) and ctime > 3d", []),
        (f"is(volume) and /created = {iso(NOW)} sort /updated", ["v1", "v2", "v3"]),
        ("is(volume) and /created < -1s", []),
        ("/metadata.protected = true", ["v2"]),
        ("is(instance) -delete->", ["v1"]),
        ("is(instance) -{owner = source}->", []),
        ("is(instance) -{owner = target and not account = prod} -> is(volume)", ["v1", "v3", "v2"]),
        ("is(instance) -default,delete{edge_type = delete, }->", None),
        ("is(instance) -default,delete{edge_type = delete}->", ["v1"]),
        ("is(account) -[1:]{account = dev and cloud = aws}-> is(volume)", ["v1", "v3", "v2"]),
        ("is(account) -[0:]{account.id != 1}->", ["1"]),
        ("is(account) with(any, -{owner in [target]}-> is(region))", ["1"]),
        ("is(volume) <-delete{owner = source}-", ["i1"]),
        ("is(volume) <-delete-", ["i1"]),
        ("is(account) -[2]-> is(volume)", ["v1", "v3", "v2"]),
        ("is(instance) -delete[0:]-> all", ["i1", "v1"]),
        ("(edge_type=delete): is(instance) -->", ["v1"]),
        ("is(instance) with(empty, -[0:0]-> is(volume))", ["i1"]),
        ("is(instance) with(count = 4, -[0:]->)", ["i1"]),
        ("is(account) -[3]->", []),
        ("is(account) -[1:]-> is(instance)", ["i1"]),
        ("id(root) -[2]->", ["1"]),
        ("is(volume) with(count = 2, <--) and name = x", None),
        ("is(volume) with(any, <-delete- is(instance))", ["v1"]),
        ("is(volume) with(empty, <-delete-)", ["v3", "v2"]),
        ("is(region) with(count > 3, -->)", ["eu"]),
        ("is(account) with(any, --> is(region) with(count = 3, --> is(volume)))", ["1"]),
        ("is(account) with(any, -[2]-> is(volume) and tags.owner = ada)", ["1"]),
        ("/ancestors.instance.reported.cores = 4", ["v1", "v3", "v2"]),
        ("/descendants.instance.reported.cores = 4 and is(account)", ["1"]),
        ("is(volume) and /ancestors.region.reported.name = eu and account = dev and cloud = aws", ["v1", "v3", "v2"]),
        ("has_key(tags, owner)", ["v3"]),
        ("has_key(tags, owner, no)", []),
        ("in_subnet(ips, 10.0.0.0/8)", ["v1", "v2"]),
        ("in_subnet(ips[*], [192.168.0.0/16, fd00::/8])", ["v1"]),
        ("in_subnet(ips, ::/0) or in_subnet(cidr, 172.16.0.0/12)", ["v1", "v3"]),
        ("in_subnet(name, 0.0.0.0/0) or in_subnet(/metadata.stale, ::/0)", []),
        ("has_desired_change(clean) or has_desired_change(name)", ["v2"]),
        ('name ~ "d(at)a)?$" and is(volume)', ["v1", "v3"]),
        ('disks[0] = {"on": ["a"], "gb": 1}', ["v1"]),
    ],
)
def test_found(graph: Graph, text: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(UsageError):
            parse(text)
        return
    assert rids(graph, text) == expected


def test_values_are_what_people_read(graph: Graph) -> None:
    columns = (
        "name",
        "encrypted",
        "age",
        "disks",
        "disks[*].gb",
        "tags.owner",
        "/metadata.protected",
        "account",
        "kind",
        "/metadata.stale",
    )
    assert graph.rows("id(root) or is(volume) sort volume_size desc limit 1", columns) == [
        ("logs", "false", 40.0 * DAY, "[]", "[]", None, "true", "dev", "aws_ec2_volume", None)
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("aggregate(sum(1) as n): is(volume)", [(3,)]),
        ("aggregate(name: sum(volume_size * 2 / 4) as s): is(volume)", [("data", 8.75), ("logs", 250.0)]),
        ("aggregate(name: sum(volume_size)): is(volume) sort name desc limit 1", [("logs", 500)]),
        ("aggregate(sum(volume_size % 3) as s): is(volume)", [(4.5,)]),
        ("aggregate(sum(volume_size / 0) as s, max(volume_size - 1) as m): is(volume)", [(None, 499)]),
        ('aggregate("plain" as k: sum(2 * 3) as m): is(volume)', [("plain", 18)]),
        ("aggregate(kind: sum(1) as n)(edge_type=delete): is(instance) -->", [("aws_ec2_volume", 1)]),
        ("aggregate(name: sum(1) as n): is(volume) reversed", [("data", 2), ("logs", 1)]),
        (
            "aggregate(encrypted: count(name), min(volume_size), max(name)): is(volume)",
            [(None, 1, 7.5, "data"), ("false", 1, 500, "logs"), ("true", 1, 10, "data")],
        ),
        ('aggregate("{kind}/{tags.owner}" as k: sum(1)): is(volume)', [("aws_ec2_volume/ada", 1), ("aws_ec2_volume/", 2)]),
        ("aggregate(disks[*].gb as gb: sum(1) as n, sum(disks[*].gb) as s): is(volume)", [(1, 1, 1), (2, 2, 4)]),
        ("aggregate(disks[*].on[*] as on: sum(1) as n): is(volume)", [("b", 1), ("a", 2)]),
        ("aggregate(account: avg(volume_size), variance(cores), stddev(volume_size * 0)): is(volume)", [("dev", 172.5, None, 0.0)]),
        ("aggregate(sum(volume_size), avg(volume_size)): is(aws_unseen)", [(0, None)]),
        ("aggregate(name: sum(volume_size * volume_size - volume_size) as s): is(volume)", [("data", 138.75), ("logs", 249500)]),
        ("aggregate(name: sum(volume_size / /ancestors.instance.reported.cores) as s): is(volume)", [("data", 4.375), ("logs", 125.0)]),
        ("aggregate(sum(volume_size * missing) as s, sum(volume_size % name) as t): is(volume)", [(None, None)]),
        ("aggregate(kind: sum(name), max(age)): is(instance)", [("aws_ec2_instance", None, 1.0 * DAY)]),
        ("aggregate(kind: sum(/ancestors.instance.reported.cores) as cores): is(volume)", [("aws_ec2_volume", 12)]),
        ("aggregate(name: sum(1)): is(region) --> is(volume) <-- all", [("eu", 1), ("i1", 1)]),
    ],
)
def test_aggregates(graph: Graph, text: str, rows: list[tuple[Any, ...]]) -> None:
    assert graph.rows(text) == rows


def test_groups_know_their_columns(graph: Graph) -> None:
    compiled = compile(parse("aggregate(kind, account.id as a: sum(x), sum(1) as n): all"), graph.kinds, NOW)
    assert (compiled.shape, compiled.columns, compiled.group_count) == ("groups", ("kind", "a", "sum_of_x", "n"), 2)


def test_queries_are_built_in_steps(graph: Graph) -> None:
    volumes = parse("is(volume)")
    size = (Sort("volume_size"),)
    assert rids(graph, str(volumes.sorted_by(size).limited(1, 5).limited(1, 1))) == ["v2"]
    assert rids(graph, str(volumes.sorted_by(size).limited(0, 2).and_where(Predicate("name", "==", "data")))) == ["v3", "v1"]
    assert rids(graph, str(volumes.sorted_by(size).limited(0, 2).sorted_by((Sort("volume_size", True),)))) == ["v1", "v3"]
    assert rids(graph, volumes.sorted_by(size).ended(1)) == ["v2"]
    assert rids(graph, volumes.sorted_by(size).limited(0, 2).ended(1)) == ["v1"]
    assert rids(graph, str(volumes.sorted_by(size).then(parse("name = data")))) == ["v3", "v1"]
    assert rids(graph, str(volumes.limited(0, 1).then(parse("all <-- is(instance)")))) == ["i1"]
    assert rids(graph, str(parse("is(account)").followed_by(Navigation(("default",))))) == ["eu"]
    assert graph.rows(volumes.limited(0, 2).counted()) == [(2,)]
    assert graph.rows(volumes.counted("name")) == [("logs", 1), ("data", 2)]
    assert parse(str(volumes.counted("name"))) == volumes.counted("name")


def test_what_was_asked_is_known() -> None:
    query = parse("a=1 --> is(volume) and (b.c > 1 or not x[*].{d=1 and /metadata.e=2}) sort f limit 3").and_where(Predicate("g", "==", 1))
    assert query.predicates() == ("b.c", "x[*].d", "/metadata.e", "g")
    assert query.sort_keys() == (Sort("f"),)


def test_an_aggregate_is_the_end() -> None:
    query = parse("aggregate(sum(1)): all")
    further: list[Callable[[], Query]] = [
        lambda: query.and_where(Is(("volume",))),
        lambda: query.followed_by(Navigation(("default",))),
        lambda: query.then(parse("all")),
    ]
    for step in further:
        with pytest.raises(UsageError, match="aggregate"):
            step()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = {{x}}", "nothing gives {{x}} a value"),
    ],
)
def test_what_cannot_be_answered_yet_says_so(graph: Graph, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        graph.rows(text)
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age > 3", "'age' is compared with a duration, not with 3"),
        ("age > soon", 'not with "soon"'),
        ("a < null", "needs a number, a text"),
        ("a in 3", "'in' needs a list, not 3"),
        ('a ~ "("', "is not a regular expression"),
        ("a ~ true", "needs a regular expression"),
        ("in_subnet(ip, nowhere)", "'nowhere' is not a network"),
        ("in_subnet(ip, [10.0.0.0/8, 300.0.0.0/8])", "'300.0.0.0/8' is not a network"),
        ("in_subnet(ip, 10)", "10 is not a network"),
        ("in_subnet(ip)", "something is missing behind the path"),
        ("has_key(tags)", "something is missing behind the path"),
        ("has_desired_change(tags, x)", "needs one property"),
        ("has_desired_change(disks[*].gb)", "needs one property"),
        ("aggregate(sum(1) as n): all sort m", "no column 'm'"),
        ("with_usage(1d::3d, cpu) all", "ends before it starts"),
        ("with_usage(soon, cpu) all", "'soon' is neither a date nor a duration"),
        ("all -{owned = source}->", "an edge has no property 'owned'"),
        ("all -{is(volume)}->", "cannot be asked about an edge"),
        ("all <-{x[*].{a = 1}}- all", "cannot be asked about an edge"),
    ],
)
def test_wrong_values_are_named(graph: Graph, text: str, says: str) -> None:
    with pytest.raises((BadValue, UsageError)) as caught:
        graph.rows(text)
    assert says in caught.value.message
    assert caught.value.exit_code == 2


def test_an_unknown_kind_names_the_nearest(graph: Graph) -> None:
    with pytest.raises(UnknownKind) as caught:
        graph.rows("is(volum)")
    assert "volume" in caught.value.hint


def status(graph: Graph, text: str) -> int:
    try:
        graph.rows(text)
    except ReshError as refused:
        return refused.exit_code
    return 0


HOSTILE = ["'", '"', "'; DROP TABLE node; --", "a'b\"c\\d", "?1", "\x01 1", "{v}", "\x00v", "%s", "é\u2028", "a]b", "x.y", "$", "*"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_written_becomes_sql(graph: Graph, text: str) -> None:
    from resh.search.terms import quote

    before = graph.rows(parse("all").counted())
    value, key = quote(text), text.replace("`", "")
    searches = [
        f"name = {value}",
        f"a in [{value}]",
        f"{value}",
        f"id({value})",
        f"a.`{key}` = {value}",
        f"all sort a.`{key}`",
        f"has_key(tags, {value})",
    ]
    searches += [
        f"aggregate(a.`{key}`: sum(b.`{key}`)): all",
        f"a[*].`{key}`.{{`{key}` < {value}}}",
        f"a =~ {quote('[x]' + ''.join(c for c in text if c.isalnum()))}",
    ]
    for search in searches:
        assert status(graph, search) in (0, 2)
    assert graph.rows("all", (f"a.`{key}`",))
    assert graph.rows(parse("all").counted()) == before


def test_a_key_of_any_name_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    store, kinds = open_graph(tmp_path_factory.mktemp("keys") / "graph.sqlite3")
    names = [name for name in HOSTILE if "\x00" not in name]
    fill(store, "1", "dev", [make_node("gcp_disk", str(number), tags={name: "x"}) for number, name in enumerate(names)], [])
    graph = Graph(store, kinds, world(store))
    assert [rids(graph, f"tags.`{name}` = x") for name in names] == [[str(number)] for number in range(len(names))]
    store.close()


def test_sql_of_typical_searches(graph: Graph) -> None:
    """Thin columns need no document; the order of tables and the index of inbound hops are pinned."""
    kind = "n1.nid BETWEEN ?1 AND ?2"
    compiled = compile(parse('is(aws_ec2_volume) and name = "x" limit 5'), graph.kinds, NOW, projection=("id",))
    assert compiled.sql == f"SELECT (n1.rid) AS c1 FROM node n1 WHERE (({kind}) AND (n1.name = ?3)) LIMIT 5 OFFSET 0"
    assert compiled.bindings[2:] == ("x",)
    assert "FROM doc d1 WHERE (((d1.nid BETWEEN" in compile(parse("is(volume) and size > 3").counted(), graph.kinds, NOW).sql
    hop = compile(parse("is(aws_ec2_volume) <-- is(region)").counted(), graph.kinds, NOW)
    assert "FROM s1 s CROSS JOIN edge x1 INDEXED BY edge_in" in hop.sql
    assert "x1.src BETWEEN" in hop.sql
    assert " node " not in hop.sql.split("FROM s1")[1]
    assert "edge x1 INDEXED BY sqlite_autoindex_edge_1" in compile(parse("is(region) --> is(aws_ec2_volume)"), graph.kinds, NOW).sql


def test_long_ways_are_walked(graph: Graph) -> None:
    there_and_back = " ".join(["--> all <-- all"] * 12)
    assert rids(graph, f"is(volume) <-- is(region) {there_and_back}") == ["i1", "eu"]
    nested = "with(any, <-[1:]- all " * 5 + ")" * 5
    assert rids(graph, f"is(instance) {nested}") == []
    assert rids(graph, "is(volume) with(any, <-[1:]- is(instance) with(any, <-[0:]default-> is(region)))") == ["v1", "v3", "v2"]


def test_what_follows_a_tag_knows_it(graph: Graph) -> None:
    """A condition behind a search is about its results, its last part's tag among what they have; one inside the part is not."""
    tagged = parse("is(instance) --> is(volume) #hot")
    hot, cold = (Predicate("/metadata.query_tag", "==", tag) for tag in ("hot", "cold"))
    found = {item["reported"]["id"] for item in graph.documents(tagged)}
    assert {item["reported"]["id"] for item in graph.documents(tagged.and_where(hot))} == found != set()
    assert list(graph.documents(tagged.and_where(cold))) == []
    assert graph.rows(tagged.and_where(hot).counted()) == [(len(found),)]


def test_many_parts_bring_much_along(graph: Graph) -> None:
    """Tags, merges and periods of seven parts are still one statement, for which SQLite has a limit."""
    part = "with_usage(3d, cpu) all {{near[]: <-[0:]-, n: aggregate(sum(1) as n): -->}} near[*].kind = region and usage.cpu != 1 #t{}"
    query = parse(" --> all <-- ".join(part.format(number) for number in range(7))).and_where(Predicate("/metadata.query_tag", "!=", "t3"))
    found = graph.documents(query)
    assert {item["kind"]: item["metadata"]["query_tag"] for item in found} == {
        "region": "t6",
        "aws_ec2_instance": "t6",
        "aws_ec2_volume": "t0",
    }


def test_a_statement_that_sqlite_would_not_take_is_refused(graph: Graph) -> None:
    part = "all {{up: <-[0:]- all sort name, down: -[0:]-> all sort name}} up.reported.name = down.reported.name #t{}"
    with pytest.raises(UsageError, match="too many parts and conditions") as refused:
        graph.rows(" --> all <-- ".join(part.format(number) for number in range(20)))
    assert "give fewer of its parts a tag" in refused.value.hint


def test_too_many_tags_are_refused(graph: Graph) -> None:
    text = " --> all <-- ".join(f"all #t{number}" for number in range(62))
    with pytest.raises(UsageError, match="more than sixty parts with tags"):
        graph.rows(text)
