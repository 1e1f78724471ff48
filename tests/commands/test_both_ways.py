"""A command right behind a search becomes part of it, behind anything else it works on rows: the same comes out either way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resh.app import App
from resh.clock import FakeClock
from tests.commands.conftest import Shell
from tests.search.search_graphs import NOW, fill, random_graph

ON_ROWS = "chunk | flatten"
"""Changes nothing, but no command behind it becomes part of a search."""

SOURCES = [
    "search all",
    "search all sort a",
    "search all sort b desc, name",
    "search all reversed",
    "search all sort a reversed",
    "search all sort a limit 20",
    "search all sort a limit 2, 20 reversed",
    "search all limit 12",
    "search is(volume) and a != 1",
    "search is(volume) <-[0:]- all",
    "search is(volume) sort a limit 3 --> all",
]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Random resources with values of every type, names that several have, edges in circles."""
    with App(tmp_path_factory.mktemp("both") / "home", clock=FakeClock(NOW)) as app:
        accounts, edges = random_graph(7)
        for account, name, nodes in accounts:
            own = {node.id for node in nodes}
            fill(app.graph, account, name, nodes, [edge for edge in edges if edge.owner in own])
        yield Shell(app)


def same(shell: Shell, source: str, flow: str) -> None:
    fused = shell(f"{source} | {flow}")
    assert shell.status == 0, shell.notes
    streamed = shell(f"{source} | {ON_ROWS} | {flow}")
    assert shell.status == 0, shell.notes
    assert fused == streamed


FLOWS = [
    "head 3",
    "head",
    "head 0",
    "tail 3",
    "tail 100",
    "tail 0",
    "limit 2, 3",
    "limit 100, 3",
    "limit 0",
    "head 5 | head 9 | limit 1, 9",
    "tail 5 | head 2",
    "head 9 | tail 4 | limit 1, 2",
    "tail 9 | tail 4",
    "limit 3, 9 | tail 7 | limit 2, 4 | tail 1",
    "sort a",
    "sort a desc",
    "sort a, b desc",
    "sort b | sort a desc | head 7",
    "sort list desc",
    "sort x.a",
    "sort age",
    "sort age desc, name",
    "sort /reported.last_update",
    "sort account, region desc",
    "sort kind desc | tail 5",
    "head 9 | sort a | tail 5",
    "tail 9 | sort a desc | head 5",
    "sort name | limit 3, 10 | sort a",
    "predecessors",
    "predecessor --with-origin",
    "successors delete",
    "successor --with-origin default",
    "ancestors",
    "ancestor delete",
    "descendants --with-origin",
    "descendant delete --with-origin",
    "sort a | head 4 | descendants | tail 3",
    "tail 3 | predecessors | sort name desc | head 2",
    "head 2 | ancestors | descendants | count kind",
]

NUMBERS = [
    "count",
    "count a",
    "count list",
    "count x",
    "count account",
    "head 9 | count name",
    "aggregate sum(a) as s, count(a) as n, min(a), max(a), avg(a)",
    "aggregate a: sum(1) as n",
    "aggregate kind, b: sum(1) as n, max(age) as oldest, min(/reported.ctime)",
    "aggregate list: sum(1) as n",
    "aggregate list[*] as l: sum(1) as n, count(name)",
    "aggregate list[*] as l, kind: sum(a) as s",
    "aggregate x: max(list) as most, min(x.a)",
    'aggregate "{kind} {a}.{b}" as k: sum(1) as n',
    "aggregate kind: sum(a / 3) as d, sum(b % 3) as m, sum(a * 2 - b) as t, sum(a / 0)",
    "aggregate kind: avg(list[*]) as l, max(list[*])",
    "aggregate account, region: count(id) as n | sort n desc, account | head 3",
]


@pytest.mark.parametrize("flow", NUMBERS)
@pytest.mark.parametrize("source", [*SOURCES, "search id = nothing-like-it"])
def test_what_is_counted_is_the_same(shell: Shell, source: str, flow: str) -> None:
    same(shell, source, flow)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("source", SOURCES)
def test_it_gives_the_same_on_a_search_and_on_rows(shell: Shell, source: str, flow: str) -> None:
    same(shell, source, flow)


paths = st.sampled_from(["a", "b", "c", "x", "x.a", "list", "list[0]", "name", "kind", "id", "age", "account", "region", "/id", "/desired"])
keys = st.lists(st.tuples(paths, st.sampled_from(["", " asc", " desc"])).map("".join), min_size=1, max_size=3).map(", ".join)
counts = st.integers(0, 40)
edge_types = st.sampled_from(["", " default", " delete"])
ways = st.sampled_from(["predecessors", "successors", "ancestors", "descendants"])
stages = st.one_of(
    keys.map("sort {}".format),
    counts.map("head {}".format),
    counts.map("tail -{}".format),
    st.builds("limit {}, {}".format, counts, counts),
    st.builds("{}{}{}".format, ways, st.sampled_from(["", " --with-origin"]), edge_types),
)


@settings(max_examples=150, deadline=None)
@given(source=st.sampled_from(SOURCES), flow=st.lists(stages, min_size=1, max_size=4).map(" | ".join))
def test_any_chain_gives_the_same(shell: Shell, source: str, flow: str) -> None:
    same(shell, source, flow)
