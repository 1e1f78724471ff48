"""What occurs at a place, held against the documents themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from resh.errors import UnknownKind
from resh.search.sql.occurring import occurring
from resh.search.terms import ALL, Is, Term
from tests.search.search_graphs import NOW, Graph

VOLUMES = Is(("volume",))


def found(graph: Graph, term: Term, path: str, **options: Any) -> dict[tuple[str, object], int]:
    rows = list(graph.store.fetch(occurring(term, path, graph.kinds, NOW, **options)))
    assert [count for *_, count in rows] == sorted((count for *_, count in rows), reverse=True)
    return {(type, value): count for type, value, count in rows}


def documents(graph: Graph, kinds: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    return (node["reported"] for node in graph.world.documents.values() if not kinds or node["kind"] in kinds)


def scalars(value: Any) -> Iterator[tuple[str, object]]:
    """As SQLite tells them: the JSON type, and true and false as numbers."""
    types = {bool: "", int: "integer", float: "real", str: "text"}
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, bool):
            yield ("true", 1) if item else ("false", 0)
        elif item is not None and not isinstance(item, dict | list):
            yield types[type(item)], item


@pytest.mark.parametrize("path", ["a", "x", "list", "name"])
def test_values_are_those_of_the_documents(graph: Graph, path: str) -> None:
    expected = Counter(item for document in documents(graph) for item in scalars(document.get(path)))
    assert found(graph, ALL, path) == expected


def test_values_of_some_kinds_only(graph: Graph) -> None:
    expected = Counter(item for document in documents(graph, ("aws_ec2_volume", "gcp_disk")) for item in scalars(document.get("b")))
    assert found(graph, VOLUMES, "b") == expected


def test_values_in_the_elements_of_lists(graph: Graph) -> None:
    lists = (document["list"] for document in documents(graph) if isinstance(document.get("list"), list))
    expected = Counter(item for values in lists for element in values if isinstance(element, dict) for item in scalars(element.get("a")))
    assert found(graph, ALL, "list[*].a") == expected


def test_values_that_are_no_part_of_a_document(graph: Graph) -> None:
    assert {value for _, value in found(graph, VOLUMES, "region")} <= {"eu", "us"}
    assert {value for _, value in found(graph, ALL, "kind")} >= {"aws_ec2_volume", "account"}
    assert found(graph, ALL, "/metadata.protected") == {("true", 1): 8}
    assert {("text", "protected"): 8, ("text", "note"): 8}.items() <= found(graph, ALL, "/metadata", keys=True).items()
    assert found(graph, ALL, "name", keys=True) == {}


def test_keys_are_those_of_the_objects(graph: Graph) -> None:
    expected = Counter(("text", key) for document in documents(graph) if isinstance(document.get("a"), dict) for key in document["a"])
    assert found(graph, ALL, "a", keys=True) == expected
    assert found(graph, ALL, "", keys=True) == Counter(("text", key) for document in documents(graph) for key in document)


def test_some_may_do(graph: Graph) -> None:
    assert sum(found(graph, ALL, "name", first=5).values()) == 5
    everything = found(graph, ALL, "name")
    assert found(graph, ALL, "name", begins="n") == {
        (type, text): count for (type, text), count in everything.items() if str(text)[0] == "n"
    }


def test_what_was_typed_is_never_part_of_the_statement(graph: Graph) -> None:
    hostile = "x' OR 1=1 --\x01"
    query = occurring(ALL, f"tags.`{hostile}`", graph.kinds, NOW, begins=hostile)
    assert list(graph.store.fetch(query)) == []
    assert "'x' OR 1=1" not in query.sql
    with pytest.raises(UnknownKind):
        occurring(Is((hostile,)), "name", graph.kinds, NOW)
