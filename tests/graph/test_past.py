"""The tables of a past moment: when they are made, and what holds while others write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apsw
import pytest

from resh.clock import FakeClock, iso
from resh.errors import ReshError
from resh.graph import past
from resh.graph.base import CompiledQuery
from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.base import BASE_KINDS
from resh.model.kinds import Kinds
from resh.search import compile, parse
from tests.graph.small_graph import instance, merge, volume


def search(store: SqliteStore, moment: float, text: str = "is(volume)") -> Iterator[tuple[Any, ...]]:
    kinds = KindIndex(store, Kinds(BASE_KINDS), lambda: ())
    return store.fetch(compile(parse(text), kinds, moment, ("id",), store.past(moment)))


def names(store: SqliteStore, moment: float) -> list[str]:
    return [row[0] for row in search(store, moment)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[past.Past]:
    """Moments whose tables were made, as they are."""
    found: list[past.Past] = []
    make = past._make

    def noted(connection: apsw.Connection, moment: past.Past, part: past._Part) -> None:
        found.append(moment)
        make(connection, moment, part)

    monkeypatch.setattr(past, "_make", noted)
    return found


def grow(store: SqliteStore, clock: FakeClock, steps: int) -> list[float]:
    """One volume more every minute; the times."""
    times = []
    for number in range(steps):
        clock.advance(60)
        times.append(clock.now())
        merge(store, [volume(f"v{n}") for n in range(number + 1)])
    return times


def test_tables_serve_until_something_changes(store: SqliteStore, clock: FakeClock, made: list[past.Past]) -> None:
    first, _ = grow(store, clock, 2)
    assert names(store, first) == names(store, first + 59) == ["v0"]
    assert len(made) == 1
    store.mark([volume("v0").id], "desired", {"clean": True}, by="ada")
    assert names(store, first) == ["v0"]
    assert len(made) == 2


def test_only_some_moments_are_kept(store: SqliteStore, clock: FakeClock, made: list[past.Past]) -> None:
    times = grow(store, clock, 7)
    assert [len(names(store, time)) for time in times] == [1, 2, 3, 4, 5, 6, 7]
    with store.database.scratch() as connection:
        assert connection.execute("SELECT count(*) FROM temp.sqlite_schema WHERE name LIKE '%_then'").get == 4
    assert names(store, times[0]) == ["v0"]
    assert len(made) == 8


def test_several_moments_are_read_at_once(store: SqliteStore, clock: FakeClock) -> None:
    times = grow(store, clock, 8)
    streams = [search(store, time) for time in times]
    assert [next(stream)[0] for stream in streams] == ["v0"] * 8
    assert [len(list(stream)) for stream in streams] == list(range(8))


def test_only_what_is_read_is_made(store: SqliteStore, clock: FakeClock) -> None:
    """A search for names needs no documents, and a condition on them no edges."""
    first, _ = grow(store, clock, 2)
    made = []
    for query in ("is(volume)", "volume_size > 5", "is(volume) --> all"):
        list(search(store, first, query))
        with store.database.scratch() as connection:
            tables = connection.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'table' AND name LIKE 'past%'")
            made.append({name.rpartition("_")[2] for (name,) in tables})
    nodes = {"since", "later", "then", "moved"}
    assert made == [nodes, nodes | {"patched", "old"}, nodes | {"patched", "old", "came", "went"}]


def test_a_stream_sees_one_state_whatever_is_merged(store: SqliteStore, clock: FakeClock) -> None:
    first, second = grow(store, clock, 2)
    stream = search(store, second, "is(volume) limit 100")
    assert next(stream) == ("v0",)
    clock.advance(60)
    merge(store, [volume("v0", size=1)])
    assert names(store, first) == names(store, second)[:1] == ["v0"]
    assert list(stream) == [("v1",)]
    assert names(store, second) == ["v0", "v1"]


def test_before_history_begins_there_is_no_answer(store: SqliteStore, clock: FakeClock) -> None:
    start = clock.now()
    assert names(store, start) == []
    first, second = grow(store, clock, 2)
    with pytest.raises(ReshError) as caught:
        names(store, first - 1)
    assert caught.value.message == f"history goes back to {iso(first)}, it cannot tell how the graph was at {iso(first - 1)}"
    assert names(store, first) == ["v0"]
    late = search(store, first)
    store.prune_history(second)
    with pytest.raises(ReshError, match="goes back to"):
        next(late)
    assert names(store, second) == ["v0", "v1"]


def test_the_connection_for_the_past_cannot_write_the_graph(store: SqliteStore, clock: FakeClock) -> None:
    (time,) = grow(store, clock, 1)
    assert names(store, time) == ["v0"]
    with store.database.scratch() as connection, pytest.raises(apsw.ReadOnlyError):
        connection.execute("DELETE FROM hist")


def test_a_moment_that_fails_leaves_nothing_behind(store: SqliteStore, clock: FakeClock) -> None:
    first, _ = grow(store, clock, 2)
    bad = CompiledQuery("SELECT nothing FROM nowhere", (), "values", past=store.past(first))
    with pytest.raises(ReshError):
        list(store.fetch(bad))
    assert names(store, first) == ["v0"]
    merge(store, [instance("i1")])
    assert names(store, first) == ["v0"]
