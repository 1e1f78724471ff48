"""What is printed parses to what was printed, for any search."""

from __future__ import annotations

from hypothesis import given

from resh.search import parse
from resh.search.tree import Query
from tests.search.search_strategies import examples, queries


@examples(300)
@given(queries)
def test_a_search_survives_being_printed(query: Query) -> None:
    assert parse(str(query)) == query
