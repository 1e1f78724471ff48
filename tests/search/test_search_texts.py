"""Full text: what a text is, how it goes with the rest of the language, and that the index changes nothing but the time it takes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resh.errors import BadValue
from resh.graph import text_index
from resh.graph.base import Waiting
from resh.graph.sqlite import SqliteStore
from resh.search import compile, parse
from resh.search.terms import Text, quote
from resh.search.tree import DEFAULT_ORDER, Query
from tests.search.search_graphs import NOW, Graph, fill, make_node, open_graph, random_graph, world
from tests.search.search_lives import Life
from tests.search.test_search_sql import chains, check, parts

search = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
SEVERAL = ["a", "web 1", "eu", "été", "2023-06", "10", "b2_b2", "nothing", "1"]
STATES = ("absent", "empty", "half", "full", "stale")


def steps(store: SqliteStore, count: int) -> None:
    """Let the index take that many steps."""
    for _ in range(count):
        step = text_index.next_step(store.database.reader())
        if step is None:
            return
        with store.database.write() as connection:
            assert text_index.write(connection, step)


def drop_index(store: SqliteStore) -> None:
    with store.database.write() as connection:
        connection.execute("DROP TABLE words; DROP TABLE indexed")


@pytest.fixture(scope="module")
def small_steps() -> Iterator[None]:
    """Nobody but the tests brings an index further, and few documents at a time.

    One patch for the whole module: two fixtures that each undo their own would bring back each other's when they do not end in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("resh.graph.indexer.Indexer._wake", lambda *_: None)
        patch.setattr(text_index, "_OF_RANGE", text_index._OF_RANGE.replace(str(text_index.STEP), "5"))
        patch.setattr(text_index, "_ROWS", text_index._ROWS.replace(str(text_index.STEP), "5"))
        patch.setattr(text_index, "STEP", 5)
        yield


@pytest.fixture(scope="module", params=[f"{state}-{seed}" for state in STATES for seed in (1, 2)])
def indexed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_steps: None) -> Iterator[Graph]:
    """A random graph whose index is in one of the states that it can be in; nothing brings it further while it is searched."""
    state, seed = request.param.split("-")
    store, kinds = open_graph(tmp_path_factory.mktemp("texts") / "graph.sqlite3")
    accounts, edges = random_graph(int(seed))
    for account, name, nodes in accounts:
        fill(store, account, name, nodes, [edge for edge in edges if edge.owner in {node.id for node in nodes}])
    if state in ("absent", "half"):
        drop_index(store)
    if state == "half":
        with store.database.write() as connection:
            text_index.create(connection)
        steps(store, 3)
    if state in ("full", "stale"):
        steps(store, 100)
        assert store.unindexed() == 0
    if state in ("half", "stale"):
        change(store, accounts[0][2], int(seed))
        steps(store, 1)
    yield Graph(store, kinds, world(store))
    store.close()


def change(store: SqliteStore, nodes: list, seed: int) -> None:  # type: ignore[type-arg]
    """Some have other values, some are gone, some are new, some are marked."""
    pick = random.Random(seed)
    values = ["web-1.eu", "Été", "a", {"x": ["b2:b2", 10]}, 2.5, None]
    changed = [node._replace(reported=node.reported | {"a": pick.choice(values), "x": pick.choice(values)}) for node in nodes[3:]]
    fresh = [make_node("gcp_disk", f"new-{number}", name=pick.choice(["web", "eu web"])) for number in range(8)]
    fill(store, "1", "dev", [*changed, *fresh], [])
    store.mark([node.id for node in changed[:4]], "metadata", {"note": "web"}, by="test")
    store.remove(changed[0].id, by="test")


@search
@given(query=st.builds(lambda part: Query((part,)), parts))
def test_terms(indexed: Graph, query: Query) -> None:
    check(indexed, query)


@search
@given(query=chains())
def test_navigations(indexed: Graph, query: Query) -> None:
    check(indexed, query)


@search
@given(
    texts=st.lists(st.sampled_from(["a", "web 1", "eu", "été", "2023-06", "10", "b2_b2", "nothing", "1"]), min_size=1, max_size=5),
    data=st.data(),
)
def test_texts_among_each_other(indexed: Graph, texts: list[str], data: st.DataObject) -> None:
    words = [quote(text) if data.draw(st.booleans()) else f"not {quote(text)}" for text in texts]
    connectives = [data.draw(st.sampled_from([" and ", " or "])) for _ in words[1:]] + [""]
    check(indexed, parse("".join(word + connective for word, connective in zip(words, connectives, strict=True))))


VALUES: dict[str, dict[str, Any]] = {
    "v1": {"arn": "arn:aws:ec2:us-east-1:7:volume/vol-0f3", "note": "Größe: 5 GB"},
    "v2": {"arn": "arn:aws:ec2:eu-west-1:7:volume/vol-0f4", "list": ["us", "east", "1"]},
    "v3": {"us-east-1": "a key", "size": -2.5, "quoted": 'say "us-east-1" \\ twice', "yes": True},
    "v4": {"note": "GRÖSSE", "ﬁle": "x", "lines": "one\ntwo\u00a0three\x00four", "big": 10**18},
}


@pytest.fixture(scope="module", params=["indexed", "not yet", "past"])
def values(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_steps: None) -> Iterator[Graph]:
    store, kinds = open_graph(tmp_path_factory.mktemp("values") / "graph.sqlite3")
    fill(store, "1", "dev", [make_node("gcp_disk", rid, **value) for rid, value in VALUES.items()], [])
    if request.param == "indexed":
        steps(store, 9)
    yield Past(store, kinds, world(store)) if request.param == "past" else Graph(store, kinds, world(store))
    store.close()


class Past(Graph):
    """Asked about this moment as if it were over."""

    def rows(self, query: Query | str, projection: tuple[str, ...] | None = None) -> list[tuple[Any, ...]]:
        tree = parse(query) if isinstance(query, str) else query
        return list(self.store.fetch(compile(tree, self.kinds, NOW, projection, self.store.past(NOW))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("us-east-1", "v1"),
        ("US East 1", "v1"),
        ("us", "v1 v2"),
        ("east-1:7", "v1"),
        ("vol", "v1 v2"),
        ("vol-0f", ""),
        ("vol-0f3", "v1"),
        ("2.5", "v3"),
        ("2:5", "v3"),
        ("5 gb", "v1"),
        ("true", ""),
        ("a key", "v3"),
        ("grösse", "v1 v4"),
        ("GRÖßE 5", "v1"),
        ("gro\u0308sse", "v1 v4"),
        ("two three four", "v4"),
        ("1000000000000000000", "v4"),
        ('say "us', "v3"),
        ('"us', "v3"),
        ("us east 1 7", "v1"),
        ("file", ""),
        ("v2", "v2"),
        ("v2 v2", ""),
        ("gcp_disk", "v1 v2 v3 v4"),
    ],
)
def test_words_stand_one_behind_the_other_in_one_value(values: Graph, text: str, expected: str) -> None:
    tree = parse(f"is(volume) and {quote(text)}")
    assert sorted(rid for (rid,) in values.rows(tree, ("/reported.id",))) == expected.split()
    assert set(values.ids(tree)) == values.world.ids(tree)


@pytest.mark.parametrize("text", ["", " ", "-", "_-@:/.\t\n\x00"])
def test_a_text_without_a_word_says_so(values: Graph, text: str) -> None:
    with pytest.raises(BadValue, match="there is no word in") as caught:
        values.rows(f"is(volume) and {quote(text)}")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("connective", [" or ", " and ", " or not ", " and not "])
@pytest.mark.parametrize("count", [3, 20, 500])
def test_hundreds_of_texts(values: Graph, connective: str, count: int) -> None:
    texts = [quote(f"word{number} of-{number % 3}") if number % 2 else quote(f"word{number}") for number in range(count)]
    query = parse(connective.join([*texts, '"us-east-1"', '"v1"']))
    assert set(values.ids(query)) == values.world.ids(query)
    mixed = parse("".join(f"{text} {('and', 'or')[number % 2]} " for number, text in enumerate(texts[:250])) + '"eu west"')
    assert set(values.ids(mixed)) == values.world.ids(mixed)


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    store, kinds = open_graph(tmp_path_factory.mktemp("ranked") / "graph.sqlite3")
    named = {"1": "zzz", "2": "a web-1", "web-1": "other", "4": "Web 1", "5": "web-10", "6": "b"}
    nodes = [make_node("gcp_disk", rid, name=name, note="on web-1") for rid, name in named.items()]
    fill(store, "1", "dev", [*nodes, make_node("region", "eu", name="eu", note="web/1")], [])
    yield Graph(store, kinds, world(store))
    store.close()


def rids(graph: Graph, query: Query) -> list[str]:
    return [rid for (rid,) in graph.rows(query, ("/reported.id",))]


BEST = ["4", "web-1", "2", "6", "5", "1", "eu"]


def test_a_text_alone_gives_the_best_matches_first(ranked: Graph) -> None:
    """What is called so, what has it in its name, what has it elsewhere; each by kind, name and id."""
    query = parse('"web_1"')
    by_name = ["4", "2", "6", "web-1", "5", "1", "eu"]
    assert rids(ranked, query) == BEST
    assert [document["reported"]["id"] for document in ranked.documents(query)] == BEST
    assert rids(ranked, query.limited(0, 2)) == rids(ranked, parse('"web 1" limit 2')) == BEST[:2]
    assert rids(ranked, query.limited(1, 3)) == BEST[1:4]
    assert rids(ranked, query.ended(2)) == BEST[-2:]
    assert rids(ranked, parse('"web 1" reversed')) == BEST[::-1]
    assert rids(ranked, parse('all and "web 1"')) == by_name
    assert rids(ranked, parse('"web 1" and "on"')) == [rid for rid in by_name if rid != "eu"]
    assert rids(ranked, query.and_where(parse("is(volume)").parts[0].term)) == BEST[:-1]
    assert rids(ranked, query.limited(0, 3).and_where(parse("is(volume)").parts[0].term)) == BEST[:3]
    assert rids(ranked, query.then(parse("name != zzz"))) == [rid for rid in BEST if rid != "1"]
    assert ranked.rows(query.counted()) == [(7,)]
    assert query.limited(0, 2).sort_keys() == DEFAULT_ORDER


def test_a_limit_before_the_end_takes_the_best(ranked: Graph) -> None:
    assert rids(ranked, parse('"web 1" limit 2 -[0:0]-> all')) in (BEST[:2], BEST[1::-1])
    assert {document["merged"]["reported"]["id"] for document in ranked.documents('id = eu {merged: <-[0:]- "web 1"}')} == {"eu"}


def test_the_index_is_asked_first(ranked: Graph) -> None:
    """It begins with what the index finds; of a kind only there."""
    compiled = compile(parse('is(gcp_disk) and "web 1" and name = b').counted(), ranked.kinds, NOW)
    assert compiled.sql.count("MATCH") == 1
    assert "w.rowid BETWEEN ?2 AND ?3" in compiled.sql
    assert Waiting(("web 1",), True) in compiled.bindings
    scan = [step for _, step in ranked.store.plan(compiled) if step.startswith("SCAN n")]
    assert scan == []
    assert "+x" in compile(parse('is(region) --> "web"'), ranked.kinds, NOW).sql


def test_a_life_with_texts(tmp_path: Path) -> None:
    """While a graph lives and its index follows by and by, and at every moment of it afterwards."""
    life = Life(tmp_path / "graph.sqlite3", 5)
    queries = [parse(quote(text)) for text in ("web", "n1", "a", "10", "2023", "db", "3d", "fd00 17")]
    life._merge()
    for number in range(30):
        life.step()
        steps(life.store, number % 3)
        for query in queries:
            found = [id for id, *_ in life.store.fetch(compile(query, life.kinds, NOW))]
            assert sorted(found) == sorted(life.states[-1].ids(query)), (number, str(query))
    for state in life.states:
        for query in queries:
            assert {id for id, *_ in life.rows(query, state)} == state.ids(query)
    life.store.close()


def test_texts_read_as_they_are_written() -> None:
    assert str(parse('"a b" and not "c"')) == '("a b" and not("c"))'
    assert parse('"a b"').parts[0].term == Text("a b")
