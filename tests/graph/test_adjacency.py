"""Edges are gathered and sorted in pieces, which nobody can tell from the result."""

from __future__ import annotations

import random

import pytest

from resh.graph import adjacency
from resh.graph.sqlite import SqliteStore


@pytest.mark.parametrize("sources", [1, 3, 5_000, 50_000])
def test_any_number_of_edges_comes_back(store: SqliteStore, sources: int) -> None:
    """One source with all of them, some, or each with one."""
    pick = random.Random(sources)
    edges = {(pick.randrange(sources) << pick.choice([0, 20]), number, number % 2, 1 + number % 3 % 2) for number in range(20_000)}
    assert adjacency.gathered(iter(edges)) == edges
    with store.database.write() as connection:
        adjacency.write(connection, 1, set(), edges, {number for edge in edges for number in edge[:2]}, 0.0)
        packed = adjacency.read(connection, 1)
        assert list(packed) == sorted(edges)
        assert packed.holds(edges)
        assert not packed.holds(edges - {min(edges)})
        assert connection.execute("SELECT count(*) FROM edge WHERE gid = 1").get == len({edge[:3] for edge in edges})
        adjacency.write(connection, 1, edges, set(), set(), 1.0)
        assert list(adjacency.read(connection, 1)) == []
        assert connection.execute("SELECT count(*) FROM edge WHERE gid = 1").get == 0
