"""Types that kinds declare: what a value means for a property of each, whatever the documents hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.kinds import Kind, Kinds, Property
from resh.search import compile, parse
from resh.search.terms import Combined, Context, Is, Predicate, Term
from resh.search.tree import Part, Query
from tests.search.search_graphs import KINDS, NOW, Graph, fill, make_node, world
from tests.search.search_strategies import examples
from tests.search.test_search_types import HELD

TYPES = ("string", "int64", "double", "boolean", "datetime", "date", "duration", "any", "string[]", "int64[]", "datetime[]")
TYPED = [
    Kind(f"aws_{number}", properties=tuple(Property(name, type) for name in ("held", "kept_days", "in.held", "all[].held")))
    for number, type in enumerate(TYPES)
]
KIND = {type: kind.name for type, kind in zip(TYPES, TYPED, strict=True)}
"""The kind whose property `held` is declared so. NOW is 2023-11-14T22:13:20Z."""
VALUES: list[Any] = [*HELD, "5", "10", 5, 10, 365, 366.5, 0, 3600, "2022-12-31T23:59:59Z", "2023-06-01T00:00:01Z", "2023-06-02"]
VALUES += [
    "2023-11-14",
    "2023-11-11T22:13:20Z",
    "2023-11-14T22:13:20Z",
    "1e3",
    1000,
    "TRUE",
    "fALSE",
    ["2023-06-01", 3],
    "2023",
    "n/a",
    2023,
]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A node for each value of each kind; the last part of its id is the number of the value."""
    from resh.clock import FakeClock

    known = [*KINDS, *TYPED]
    store = SqliteStore(tmp_path_factory.mktemp("typed") / "graph.sqlite3", FakeClock(NOW))
    nodes = [
        make_node(
            kind.name, f"{kind.name}-{number}", **({"all": [{"held": value}], "in": {"held": value}, "held": value, "kept_days": value})
        )
        for kind in TYPED
        for number, value in enumerate(VALUES)
    ]
    with store.merge("aws", "1", "dev") as merge:
        merge.kinds(TYPED)
    fill(store, "1", "dev", nodes, [])
    judge = world(store)
    judge.kinds = Kinds(known)
    return Graph(store, KindIndex(store, Kinds(KINDS), lambda: ()), judge)


def found(graph: Graph, text: str) -> list[str]:
    """What was found, as Python writes it."""
    return sorted(repr(VALUES[int(rid.split("-")[1])]) for (rid,) in graph.rows(text, ("id",)) if rid.startswith("aws_"))


CASES: list[tuple[str, str, list[Any], list[Any]]] = [
    # type, condition, what it finds among these values, what it leaves out
    ("string", "held < 5", ["10", "1"], ["5", "alert"]),
    ("string", "held >= 5 and held < 7", ["5", 5], ["10", "100", 10]),
    ("any", "held >= 5 and held < 7", [5], ["5"]),
    ("int64", 'held = "1e3"', [1000, "1e3"], [1, 10]),
    ("any", 'held = "1e3"', ["1e3"], [1000]),
    ("double", 'held > "1e2" and held < "+102"', [101], [100, 1000]),
    ("int64", "kept_days >= 1y and kept_days <= 366d", [365], [366.5, 5, 1000]),
    ("int64", "kept_days in [365d, 5d]", [365, 5], [10, 366.5]),
    ("int64", "held < 365d", [], [5, 10, 100]),
    ("any", "kept_days < 365d", [], [5, 10, 100]),
    ("boolean", "held = 1", [True, 1, "1"], [False, "true", "TRUE"]),
    ("boolean", "held != 0", [True, None], [False, 0]),
    ("boolean", "held in [1, 5]", [True, 5], [False]),
    ("any", "held = 1", [1, "1"], [True]),
    ("datetime", "held = 2023-06-01", ["2023-06-01", "2023-06-01T00:00:00Z"], ["2023-06-01T00:00:01Z"]),
    ("datetime", "held != 2023-06-01", ["2023-06-01T00:00:01Z", None], ["2023-06-01", "2023-06-01T00:00:00Z"]),
    ("datetime", 'held in ["2023-06-01T02:00:00+02:00"]', ["2023-06-01", "2023-06-01T00:00:00Z"], ["2023-06-02"]),
    ("datetime", "held not in [2023-06-01]", ["2023-06-01T00:00:01Z"], ["2023-06-01T00:00:00Z", None]),
    ("datetime", "held > 2023-06-01", ["2023-06-01T00:00:01Z", "2023-06-02"], ["2023-06-01", "2023-06-01T00:00:00Z"]),
    ("datetime", "held <= 2023-06-01", ["2023-06-01", "2023-06-01T00:00:00Z"], ["2023-06-01T00:00:01Z"]),
    ("datetime", "held >= 2023-06-01T00:00:00Z", ["2023-06-01", "2023-06-01T00:00:00Z"], ["2022-12-31T23:59:59Z"]),
    ("datetime", "held < 2023-06-01", ["2022-12-31T23:59:59Z"], ["2023-06-01", "2023-06-01T00:00:00Z"]),
    ("any", "held <= 2023-06-01", ["2023-06-01"], ["2023-06-01T00:00:00Z"]),
    ("datetime", "held > -1w", ["2023-11-11T22:13:20Z", "2023-11-14"], ["2023-06-02"]),
    ("datetime", "held = -3d", ["2023-11-11T22:13:20Z"], ["2023-11-14", "3d"]),
    ("datetime", "held >= 2023 and held < 2024", ["2023-06-01", "2023-11-14T22:13:20Z", 2023], ["2022-12-31T23:59:59Z", "n/a"]),
    ("datetime", "held < 2023-06", ["2022-12-31T23:59:59Z"], ["2023-06-01", "2023-06-01T00:00:00Z"]),
    ("datetime[]", "held = 2023-06-01T00:00:00Z", [["2023-06-01", 3]], [["available"]]),
    ("date", "held = 2023-06-01T12:00:00Z", ["2023-06-01"], ["2023-06-02"]),
    ("date", "held > 2023-06-01", ["2023-06-02"], ["2023-06-01", "2023-06-01T00:00:01Z"]),
    ("date", "held <= 2023-06-01T12:00:00Z", ["2023-06-01", "2023-06-01T00:00:01Z"], ["2023-06-02"]),
    ("date", "held >= 0d", ["2023-11-14"], ["2023-06-02"]),
    ("duration", "held = 1h", [3600], [1, "3d"]),
    ("duration", "held > 30m and held < 2h", [3600, 2023], [1000]),
]


@pytest.mark.parametrize(("type", "condition", "fits", "others"), CASES)
def test_what_a_value_means_for_a_type(typed: Graph, type: str, condition: str, fits: list[Any], others: list[Any]) -> None:
    text = f"is({KIND[type]}) and {condition}"
    values = found(typed, text)
    assert {*map(repr, fits)} <= {*values}, values
    assert not {*map(repr, others)} & {*values}, values
    assert set(typed.ids(text)) == typed.world.ids(parse(text))


def test_the_kinds_in_play_say_which_types_there_are(typed: Graph) -> None:
    """A whole search, a part, a context and a with each have their own."""
    time, text, other = KIND["datetime"], KIND["string"], KIND["any"]
    counts = {
        search: len(typed.ids(search))
        for search in (
            f"is({time}) and held = 2023-06-01",
            f"(is({time}) or is({other})) and held = 2023-06-01",
            f"is({other}) and held = 2023-06-01",
            f"held = 2023-06-01 and is({other})",
            f"is({text}) and held = 1.0",
            "held = 2023-06-01",
            f"is({time}) and all[*].{{held = 2023-06-01}}",
            f"is({time}) and in.{{held = 2023-06-01}}",
            f"is({time}) and in.held = 2023-06-01",
            f"is({time}) and all[0].held = 2023-06-01",
        )
    }
    times = [value for value in VALUES if value in ("2023-06-01", "2023-06-01T00:00:00Z", ["2023-06-01", 3])]
    plain = [value for value in VALUES if value in ("2023-06-01", ["2023-06-01", 3])]
    assert list(counts.values())[:4] == [len(times), 2 * len(times), len(plain), len(plain)]
    assert list(counts.values())[5] == len(times) * len(TYPES)
    assert list(counts.values())[6:] == [len(times)] * 4


def test_what_is_not_reported_has_a_type_too(page: Graph) -> None:
    everything = len(page.ids("all"))
    for search in ("/created >= 1970", "/updated > 1970-01", "/created < 1d", "/metadata.protected != 1 or /metadata.protected = 1"):
        assert len(page.ids(search)) in (everything, everything - 1), search
    assert page.ids("/metadata.protected = 1") == page.ids("/metadata.protected = true")
    assert page.names("/ancestors.account.reported.name < 5") == page.names('/ancestors.account.reported.name < "5"')
    assert page.names("is(volume) and tags.owner > 5") == ["data"]
    assert page.names("is(volume) {machine: <-- is(instance)} machine.reported.ctime >= 2023 sort name") == ["data", "data", "logs"]
    assert page.names("is(volume) and ctime > 2023-01") == ["data", "logs"]


@pytest.mark.parametrize("text", ["9" * 900_000 + "x", "9" * 900_000, "1 " * 400_000 + "x", "P" + "1" * 900_000, "1d" * 400_000])
def test_a_long_text_is_a_text(typed: Graph, text: str) -> None:
    """And nobody looks for a number or a date in it, which would take seconds."""
    for operator in ("==", "<"):
        query = Query((Part(Predicate("held", operator, text)),))
        assert text in compile(query, typed.kinds, NOW).bindings
        assert not [value for value in compile(query, typed.kinds, NOW).bindings if isinstance(value, float)]


@pytest.mark.parametrize("path", ["/usage.mem.min", "usage.cpu.avg"])
def test_a_statistic_is_no_number_of_minutes(graph: Graph, path: str) -> None:
    assert graph.ids(f"{path} < 30")
    assert not graph.ids(f"{path} < 3d")


kinds_in_play = st.lists(st.sampled_from(sorted(KIND.values())), min_size=1, max_size=2).map(lambda names: Is(tuple(names)))
literals: list[Any] = [value for value in VALUES if isinstance(value, str | int | float) and not isinstance(value, bool)]
literals += [
    "2023-06",
    "1y",
    "366d",
    "-3d",
    "+1w",
    "0.5h",
    "PT1H",
    " 5",
    "5.",
    ".5",
    "-0",
    "1E3",
    "2023-06-01 00:00",
    "2023-06-01T02:00:00+02:00",
]
literals += ["2023-13-45", "2023-W23-4", "99999999999999999999", "1e999", "Pending", "", 2024, 0.25, 10**30]
paths = st.sampled_from(["held", "held", "kept_days", "in.held", "all[*].held", "all[0].held", "/reported.held"])
one = st.sampled_from(literals) | st.booleans() | st.none()
sized = st.builds(Predicate, paths, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(literals))
equal = st.builds(Predicate, paths, st.sampled_from(["==", "!="]), one)
listed = st.builds(Predicate, paths, st.sampled_from(["in", "not in"]), st.lists(one, max_size=6).map(tuple))
some = sized | equal | listed
within = st.builds(Context, st.sampled_from(["all[*]", "in", "all[0]"]), some.map(lambda predicate: predicate.changed(path="held")))


@examples(600)
@given(kinds=st.none() | kinds_in_play, term=some | within, modifier=st.sampled_from(["", "", "", "all", "any", "none"]))
def test_every_value_is_compared_with_every_type(typed: Graph, kinds: Term | None, term: Term, modifier: str) -> None:
    if isinstance(term, Predicate):
        term = term.changed(modifier=modifier)
    query = Query((Part(Combined(kinds, (("and", term),)) if kinds else term),))
    ids = typed.ids(query)
    assert len(ids) == len(set(ids))
    expected = typed.world.ids(query)
    names = {document["id"]: (document["kind"], document["reported"].get("held")) for document in typed.world.documents.values()}
    assert set(ids) == expected, f"{query}\nmissing {[names[i] for i in expected - {*ids}]}\nwrong {[names[i] for i in {*ids} - expected]}"
