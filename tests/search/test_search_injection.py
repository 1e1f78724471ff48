"""Nothing that a person wrote becomes SQL: whatever stands in a search is bound, or is a JSON path in quotes, or is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from resh.errors import ReshError
from resh.search import compile, parse
from resh.search.terms import Id, Predicate
from resh.search.tree import Aggregate, Group, Measure, Part, Query, Sort
from tests.search.search_graphs import NOW, AnyKind, Graph, fill, make_node, open_graph, world

MARK = "zqx"
HOSTILE = (
    "zqx'; DROP TABLE node; --",
    'zqx"; DELETE FROM doc; --',
    "zqx') OR ('1'='1",
    "zqx' UNION SELECT name FROM sqlite_master --",
    "'zqx",
    '"zqx',
    "zqx'",
    'zqx"',
    "zqx\\",
    "zqx\\'",
    'zqx\\"',
    "zqx''",
    "zqx/*",
    "*/zqx",
    "zqx; ATTACH 'x' AS y",
    "?1 zqx",
    ":zqx",
    "\1zqx",
    "\0010\1zqx",
    "\0vzqx",
    "\0jzqx",
    "\2nidzqx",
    "{condition}zqx",
    "{0}zqx",
    "%szqx",
    "$.zqx",
    "zqx]",
    "zqx[0]",
    "zqx.a",
    "zqx\n--",
    "zqxé'",
)
PATHS = (
    "{} = 1",
    "tags.{} = yes",
    "tags.{} != null",
    "a[*].{} in [1, 2]",
    "{}[*].a = 1",
    "list[*].{{{}.a = 1}}",
    "{}.{{a = 1 or b = 2}}",
    "/{}.a = 1",
    "/reported.{} ~ x",
    "/metadata.{} = true",
    "/ancestors.{}.reported.name = x",
    "/ancestors.account.reported.{} = x",
    "/descendants.account.reported.{} = x",
    "has_key({}, a)",
    "in_subnet({}, 10.0.0.0/8)",
    "has_desired_change({})",
    "all sort {}, name",
    "aggregate({}: sum(1)): all",
    "aggregate(tags.{}: sum(1)): all sort {}",
    "aggregate(kind: sum({} * 2) as n, min({})): all",
    "all {{ {}: --> all }}",
    "all {{ {}[]: --> all }} {}.a = 1 sort {}.b",
    "with(any, --> {} = 1)",
)
VALUES = (
    "name = {}",
    "name != {}",
    "name ~ {}",
    "name < {}",
    "name in [{}, x]",
    "name not in [1, [{}]]",
    'tags = {{"a": {}}}',
    "tags = {{{}: 1}}",
    "list all = {}",
    "age > {}",
    "ctime > {}",
    "{}",
    "not {} or all",
    "is({})",
    "id({})",
    "has_key(tags, {})",
    "in_subnet(ip, {})",
    "/ancestors.region.reported.name = {}",
    "/metadata.expires < {}",
    "expand(t, x={})",
    "with_usage({}, cpu) all",
    "aggregate({}: sum(1)): all",
    "aggregate({} as x: sum(1)): all",
    'aggregate("{{name}}": sum(1)): name = {}',
    "with(count > 1, --> name = {})",
    "all {{ x: --> name = {} }}",
    "name in [" + ", ".join(f"v{number}" for number in range(100)) + ", {}]",
)
NAMES = (
    "all #{}",
    "aggregate(kind as {}: sum(1)): all",
    "aggregate(kind: sum(1) as {}): all",
    "aggregate({}(a)): all",
    "with_usage(1d, {}) all",
    "expand({})",
    "a = {{{{{}}}}}",
    "all -{}-> all",
    "all {{ {}: --> all }}",
    "with({}, --> all)",
    "a {} = 1",
    "a {} 1",
    "all limit {}",
    "all -[{}]-> all",
    "name = {}",
    "is({})",
)
TABLES = ("node", "doc", "edge", "kind", "account", "scope", "sqlite_master")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A node for each hostile text, which has it as its name and as the key of a tag. Its connection may write."""
    store, kinds = open_graph(tmp_path_factory.mktemp("hostile") / "graph.sqlite3")
    fill(store, "1", "dev", [make_node("region", text, name=text, tags={text: "yes"}) for text in HOSTILE], [])
    store.database.reader().execute("PRAGMA query_only = 0").fetchall()
    yield Graph(store, kinds, world(store))
    store.close()


def content(graph: Graph) -> list[list[tuple[Any, ...]]]:
    return [list(graph.store.database.reader().execute(f"SELECT * FROM {table}")) for table in TABLES]


def run(graph: Graph, query: Query, projection: tuple[str, ...] | None = None) -> list[tuple[Any, ...]] | None:
    """The rows, of a statement that holds nothing of what was written; None when it was refused."""
    try:
        compiled = compile(query, AnyKind(), NOW, projection)
    except ReshError:
        return None
    for literal in re.findall(r"'(?:[^']|'')*'", compiled.sql):
        assert MARK not in literal or literal.startswith("'$"), compiled.sql
    assert MARK not in re.sub(r"'(?:[^']|'')*'", "", compiled.sql), compiled.sql
    assert not set("\0\1\2") & set(compiled.sql)
    return list(graph.store.fetch(compiled))


def search(graph: Graph, text: str) -> list[tuple[Any, ...]] | None:
    try:
        return run(graph, parse(text))
    except ReshError:
        return None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_becomes_sql(graph: Graph, hostile: str) -> None:
    before = content(graph)
    quoted = json.dumps(hostile)
    texts = [template.format(*[f"`{hostile}`"] * 3) for template in PATHS]
    texts += [template.format(quoted) for template in VALUES]
    texts += [template.format(hostile) for template in NAMES]
    texts += [f'aggregate("{hostile}{{name}}": sum(1)): all', f'aggregate("{{{hostile}}}": sum(1)): all']
    answered = [text for text in texts if search(graph, text) is not None]
    assert len(answered) > len(PATHS), "most of it is a search"
    assert content(graph) == before


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_path_of_a_command_becomes_sql(graph: Graph, hostile: str) -> None:
    """Columns, keys and groups come from commands too, past the grammar."""
    before = content(graph)
    for path in (hostile, f"`{hostile}`", f"tags.{hostile}", f"/{hostile}", f"a[*].{hostile}"):
        query = Query((Part(Predicate(path, "==", hostile)),))
        run(graph, query)
        run(graph, query.sorted_by((Sort(path),)))
        run(graph, query.counted(path))
        run(graph, Query(), (path, "id"))
        run(graph, Query(aggregate=Aggregate((Group(path, hostile),), (Measure("min", path, (), hostile),))))
        run(graph, Query(aggregate=Aggregate((Group(f"{{{path}}}", hostile, is_text=True),), (Measure("sum", 1),))))
    assert content(graph) == before


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_looks_hostile_is_found(graph: Graph, hostile: str) -> None:
    quoted = json.dumps(hostile)
    named = [(name,) for (name,) in graph.rows(f"name = {quoted}", ("name",))]
    assert named == [(hostile,)]
    assert graph.names(f"name in [{quoted}]") == [hostile]
    if "\0" not in hostile:  # SQLite reads keys up to a zero, which no cloud sends
        assert graph.names(f"tags.`{hostile}` = yes") == [hostile]
        assert graph.names(f"has_key(tags, {quoted})") == [hostile]
    assert hostile in graph.names(f"name ~ {json.dumps(re.escape(hostile))}")
    (found,) = graph.ids(f"name = {quoted}")
    assert graph.ids(Query((Part(Id((found, hostile))),))) == [found]
