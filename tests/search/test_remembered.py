"""A text that was asked before is not read again, unless it could mean something else now."""

from __future__ import annotations

from pathlib import Path

from resh.clock import FakeClock
from resh.graph.base import CompiledQuery
from resh.graph.kind_index import KindIndex
from resh.graph.sqlite import SqliteStore
from resh.model.kinds import Kind, Kinds
from resh.search import compile, parse
from resh.search.remembered import Remembered
from tests.search.search_graphs import Graph

TEXT = "is(volume) and volume_size > 3"


class Maker:
    """Compiles, and counts how often."""

    def __init__(self, kinds: KindIndex, remembered: Remembered) -> None:
        self.made = 0
        self._index = kinds
        self._remembered = remembered

    def __call__(self, text: str, now: float = 0.0, projection: tuple[str, ...] | None = None) -> CompiledQuery:
        kinds = self._index.hierarchy()

        def make() -> CompiledQuery:
            self.made += 1
            return compile(parse(text), kinds, now, projection)

        return self._remembered.compiled(text, projection, kinds, make)


def test_a_text_is_compiled_once(graph: Graph) -> None:
    ask = Maker(graph.kinds, Remembered())
    first = ask(TEXT)
    assert ask(TEXT, now=9e9) is first
    assert ask.made == 1
    assert ask(TEXT, projection=("name",)).columns == ("name",)
    assert ask.made == 2


def test_what_counts_time_is_compiled_each_time(graph: Graph) -> None:
    ask = Maker(graph.kinds, Remembered())
    for text in ("age > 3d", "ctime > 3d", "aggregate(kind: max(age)): all"):
        assert ask(text, now=1e9).bindings != ask(text, now=2e9).bindings
    assert ask("all", 1e9, ("age",)).bindings != ask("all", 2e9, ("age",)).bindings


def test_kinds_that_come_are_seen(home: Path, clock: FakeClock) -> None:
    store = SqliteStore(home / "graph.sqlite3", clock)
    ask = Maker(KindIndex(store, Kinds([Kind("resource", ()), Kind("volume")]), lambda: ()), Remembered())
    before = ask(TEXT)
    with store.merge("aws", "1", "one") as merge:
        merge.kinds([Kind("made_up_volume", ("volume",))])
    assert len(ask(TEXT).bindings) > len(before.bindings)
    store.close()


def test_it_does_not_grow_without_end(graph: Graph) -> None:
    remembered = Remembered()
    ask = Maker(graph.kinds, remembered)
    for number in range(500):
        ask(f"volume_size > {number}")
    assert ask.made == 500
    ask("volume_size > 499")
    assert ask.made == 500
    ask("volume_size > 0")
    assert ask.made == 501
    ask(f'name = "{"x" * 2000}"')
    ask(f'name = "{"x" * 2000}"')
    assert ask.made == 503
