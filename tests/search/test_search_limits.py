"""Whatever is typed ends soon: as a search that can be printed and read again, or as an error with its place.

RESH_FUZZ=100000 pytest tests/search/test_search_limits.py      the long run; RESH_FUZZ_SEED=… repeats one that failed
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resh.errors import ReshError, SyntaxProblem
from resh.graph.sqlite import SqliteStore
from resh.search import compile, parse
from resh.search.terms import Combined, Predicate
from resh.search.tree import Query
from tests.search.search_fuzz import hostile
from tests.search.search_graphs import NOW, AnyKind, open_graph

COUNT = int(os.environ.get("RESH_FUZZ", "3000"))
SEED = int(os.environ.get("RESH_FUZZ_SEED") or int.from_bytes(os.urandom(4)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store, _ = open_graph(tmp_path_factory.mktemp("empty") / "graph.sqlite3")
    yield store
    store.close()


def parsed(text: str) -> Query | None:
    try:
        return parse(text)
    except SyntaxProblem as error:
        problem = error
    assert 0 <= problem.position <= len(text)
    return None


def survives(text: str, store: SqliteStore) -> bool:
    """Whether it is a search; then one that SQLite takes. Anything but an error of ours is raised."""
    query = parsed(text)
    if query is None:
        return False
    assert parse(str(query)) == query
    assert hash(parse(str(query))) == hash(query)
    for projection in (None, ("id", "tags.a")):
        try:
            compiled = compile(query, AnyKind(), NOW, projection)
        except ReshError:
            continue
        rows = list(store.fetch(compiled))
        assert compiled.shape == "groups" or not [row for row in rows if row[0] is None]
    return True


@pytest.mark.parametrize("seed", [pytest.param(1, id="same"), pytest.param(SEED, id="other")])
def test_hostile_text_is_a_search_or_a_clean_error(seed: int, store: SqliteStore) -> None:
    searches = 0
    for text in hostile(seed, COUNT):
        try:
            searches += survives(text, store)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {text!r}") from error
    assert searches > COUNT / 20, "too little of it comes near a search"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_search_or_a_clean_error(store: SqliteStore, text: str) -> None:
    survives(text, store)


DEEP = ("(", "not ", "not(", "a=[", 'a={"k":', "x[*].{", "all {x: --> ", "with(any, --> ", "with(any, --> with(any, --> ")


@pytest.mark.parametrize("opening", DEEP)
@pytest.mark.parametrize("times", [100, 50_000])
def test_what_nests_too_deeply_is_refused(opening: str, times: int) -> None:
    closing = {"(": ")", "not(": ")", "a=[": "]", 'a={"k":': "}", "x[*].{": "}", "all {x: --> ": "}"}.get(opening, ")")
    with pytest.raises(SyntaxProblem):
        parse(opening * times)
    if opening != "(":
        with pytest.raises(SyntaxProblem):
            parse(opening * times + "a=1" + closing * times)


@pytest.mark.parametrize(
    "text",
    ["not " * 25 + "a=1", "x[*].{" * 25 + "a=1" + "}" * 25, "(a=1 or b=1 and " * 25 + "a=1" + ")" * 25, "(" * 1000 + "a=1" + ")" * 1000],
)
def test_what_nests_less_survives(text: str, store: SqliteStore) -> None:
    assert survives(text, store)


LONG = {
    "too many characters": "a=1" + " or a=1" * 150_000,
    "too many values": "a in [" + "1," * 110_000 + "1]",
    "too many navigations": "all" + " --> all" * 110_000,
    "digits": "a = " + "1" * 400,
    "digits of a limit": "all limit " + "1" * 5_000,
    "digits of a navigation": f"all -[{'1' * 5_000}:]-> all",
    "digits of a count": f"with(count > {'1' * 5_000}, -->)",
    "digits of a measure": f"aggregate(sum({'1' * 5_000})): all",
    "half a character": r'a = "\ud83d"',
    "half a character as it is": "a = \ud83d",
    "an open string": 'a="' + '\\"' * 400_000,
    "an open path": "a" + ".`a" * 300_000,
    "dashes": "a=a" + "-" * 900_000 + ">",
    "blanks": "all" + " " * 900_000 + "x",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_is_too_long_is_refused_soon(text: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert 0 <= caught.value.position <= len(text)


def test_long_lists_chains_and_texts_are_fine() -> None:
    for text in (
        "a in [" + ",".join(f'"v{number}"' for number in range(50_000)) + "]",
        " or ".join(f"a{number % 7}=1" for number in range(20_000)),
        'a = "' + "\\\\" * 400_000 + '"',
        "a" + ".a" * 200_000 + " = 1",
    ):
        query = parse(text)
        assert parse(str(query)) == query
        assert hash(query) == hash(parse(text))
        assert query != parse("a = 1")


@pytest.mark.parametrize("value", [0.0001, 1e-7, 5e-324, 1e22, 1.7e308, -2.5e-9, 10**300])
def test_numbers_survive_being_printed(value: float) -> None:
    query = parse("a = 1").parts[0].changed(term=Predicate("a", "==", value))
    (again,) = parse(str(query)).parts
    assert again == query
    assert type(again.term.value) is type(value)  # type: ignore[union-attr]


def test_a_chain_of_chains_keeps_its_meaning() -> None:
    assert parse("(a=1 or b=1) and c=1 or d=1").parts[0].term == Combined(
        Predicate("a", "==", 1), (("or", Predicate("b", "==", 1)), ("and", Predicate("c", "==", 1)), ("or", Predicate("d", "==", 1)))
    )
