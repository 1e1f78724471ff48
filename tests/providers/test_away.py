"""Accounts collected by other processes, on a provider that is made for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.errors import Cancelled, ProviderError
from resh.graph.base import UsageSample
from resh.graph.sqlite import SqliteStore
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node, node_id
from resh.model.scope import Scope, ScopeReport, Status
from resh.providers.away import Away, processes
from resh.providers.base import Account, CollectSink, Heard, Watcher
from resh.providers.limiter import Place
from resh.providers.merging import merged
from resh.providers.selection import EVERYTHING, Selection
from tests.providers.provider_fakes import Listener

ONE = Account("c", "1", "one")
LIST = Place("1", "r1", "s", "s:List")
SCOPE = Scope("c", "1", "r1", "c_thing")


def node(rid: str) -> Node:
    return Node(node_id("c", "1", "r1", "c_thing", rid), "c_thing", SCOPE, "r1", {"id": rid, "name": rid, "tags": {}, "size": len(rid)})


@dataclass
class Cloud:
    """Does what its word says, wherever it is unpickled."""

    word: str
    name: str = "c"

    def enter(self, account: Account) -> Account:
        return replace(account, name="entered")

    def kinds(self) -> list[Kind]:
        return [Kind("c_thing", ("resource",), "A thing.")]

    def oldest_call(self) -> tuple[Place, float] | None:
        return (LIST, 7.0) if self.word == "hangs" else None

    def collect(self, account: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: Selection = EVERYTHING) -> None:
        watcher.called(LIST, Heard(0.1, 10, "SlowDown", self.word == "throttled"))
        if self.word == "hangs":
            watcher.progress("r1", 0, 1)
            threading.Event().wait(60)
        if self.word == "listens":
            watcher.progress("r1", 0, 1)
            while not cancel.wait(0.01):
                watcher.called(LIST, Heard(0.1))
            cancel.check()
        if self.word == "parts":
            watcher.progress("r1", 0, 1)
            while not cancel.parts:
                watcher.called(LIST, Heard(0.1))
            sink.scope(ScopeReport(SCOPE, Status.FAILED, message=cancel.parts["r1"]))
            return
        if self.word == "many":
            for _ in range(1000):
                watcher.called(LIST, Heard(0.1))
        if self.word == "dies":
            os._exit(9)
        if self.word == "refuses":
            raise ProviderError("not for you", "ask somebody")
        if self.word == "breaks":
            raise KeyError("odd")
        found = [node("a"), node("bb")]
        sink.nodes(found)
        sink.edges([Edge(found[0].id, found[1].id, "default", found[1].id)])
        sink.scope(ScopeReport(SCOPE, Status.OK, 2))
        watcher.progress("r1", 1, 1)
        if self.word == "measures":
            sink.amend({found[0].id: {"atime": str(sink.remembers([one.id for one in found], ["name"]))}})
            sink.usage([UsageSample(found[1].id, "cpu", 60, 1, 2, 3)])
        if self.word == "asks":
            assert sink.knows(found[0].id)
            assert not sink.knows("nobody")
            assert sink.read_at(SCOPE) > 0


class Begun(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.event = threading.Event()

    def progress(self, region: str, done: int, total: int) -> None:
        self.event.set()


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "graph.sqlite3", FakeClock())
    yield store
    store.close()


@pytest.fixture(scope="module")
def away() -> Iterator[Away]:
    """Processes take long to start: one does for all tests in which it lives on."""
    with Away(processes(1)) as away:
        yield away


def collect(away: Away, graph: SqliteStore, word: str, watcher: Listener, cancel: Cancel | None = None) -> Any:
    cloud: Any = Cloud(word, word)
    assert away.takes(cloud)
    account, result = away.collect(cloud, graph, ONE, watcher, Cancel() if cancel is None else cancel, EVERYTHING)
    assert account.name == "entered"
    return result


def test_what_is_found_there_is_in_the_graph(away: Away, graph: SqliteStore) -> None:
    watcher = Listener()
    result = collect(away, graph, "throttled", watcher)
    assert (result.created, result.edges, [report.count for report in result.scopes]) == (2, 1, [2])
    assert (graph.node(node("bb").id) or {})["reported"]["size"] == 2
    assert (watcher.calls["s:List"], watcher.throttled, watcher.done) == (1, 1, {"r1": (1, 1)})


def test_the_same_again_changes_nothing_and_so_does_a_collect_here(away: Away, graph: SqliteStore) -> None:
    collect(away, graph, "plain", Listener())
    assert not collect(away, graph, "asks", Listener()).any_change
    here: Any = Cloud("plain")
    assert not merged(graph, here, ONE, Listener(), Cancel(), EVERYTHING)[1].any_change


def test_what_is_measured_there_is_in_the_graph(away: Away, graph: SqliteStore) -> None:
    collect(away, graph, "plain", Listener())
    assert collect(away, graph, "measures", Listener()).updated == 1
    a, bb = (graph.node(node(rid).id) or {} for rid in ("a", "bb"))
    assert a["reported"]["atime"] == str({one.id: {"name": one.reported["name"]} for one in (node("a"), node("bb"))})
    assert bb["usage"] == {"cpu": {"min": 1, "avg": 2, "max": 3}}


@pytest.mark.parametrize(("word", "message"), [("refuses", "not for you"), ("breaks", "KeyError: 'odd'")])
def test_errors_come_back(away: Away, graph: SqliteStore, word: str, message: str) -> None:
    with pytest.raises(ProviderError, match=message) as caught:
        collect(away, graph, word, Listener())
    assert caught.value.hint == ("ask somebody" if word == "refuses" else "")


@pytest.mark.parametrize("word", ["listens", "hangs"])
def test_a_cancel_does_not_wait_for_the_worker(graph: SqliteStore, word: str) -> None:
    cancel, begun = Cancel(), Begun()
    with Away(processes(1)) as away, ThreadPoolExecutor(1) as pool:
        future = pool.submit(collect, away, graph, word, begun, cancel)
        assert begun.event.wait(30)
        cancel.set("stopped")
        with pytest.raises(Cancelled, match="stopped"):
            future.result(5)
    assert graph.node(node("a").id) is None


def test_the_worker_hears_of_a_region_that_is_to_end(away: Away, graph: SqliteStore) -> None:
    cancel = Cancel()

    class Watcher(Listener):
        def progress(self, region: str, done: int, total: int) -> None:
            cancel.set_part(region, "stopped by ada")

    result = collect(away, graph, "parts", Watcher(), cancel)
    assert [report.message for report in result.scopes] == ["stopped by ada"]


@pytest.mark.parametrize("word", ["plain", "refuses", "breaks", "many"])
def test_all_calls_are_told_however_it_ends(away: Away, graph: SqliteStore, word: str) -> None:
    watcher = Listener()
    with suppress(ProviderError):
        collect(away, graph, word, watcher)
    assert watcher.calls["s:List"] == (1001 if word == "many" else 1)


def test_calls_until_a_cancel_are_told(graph: SqliteStore) -> None:
    cancel = Cancel()

    class Watcher(Listener):
        def progress(self, region: str, done: int, total: int) -> None:
            cancel.set("stopped")

    watcher = Watcher()
    with Away(processes(1)) as away, pytest.raises(Cancelled):
        collect(away, graph, "listens", watcher, cancel)
    assert watcher.calls["s:List"] >= 1


def test_a_worker_that_dies_is_an_error_of_its_account(graph: SqliteStore) -> None:
    with Away(processes(1)) as away:
        with pytest.raises(ProviderError, match="has ended"):
            collect(away, graph, "dies", Listener())
        with pytest.raises(ProviderError, match="ended"):
            collect(away, graph, "plain", Listener())


def test_any_executor_does(graph: SqliteStore) -> None:
    """A thread of this process, too: the seam is `concurrent.futures.Executor`."""
    with ThreadPoolExecutor(1) as pool:
        assert collect(Away([pool]), graph, "plain", Listener()).created == 2


def test_accounts_go_side_by_side_to_where_least_is_done(graph: SqliteStore) -> None:
    """Two that wait for a stop, one in each process, and a third one behind the first."""
    chosen: list[int] = []

    class Noting(ThreadPoolExecutor):
        def submit(self, *args: Any) -> Any:  # type: ignore[override]
            chosen.append(id(self))
            return super().submit(*args)

    executors, cancel = [Noting(1), Noting(1)], Cancel()
    with ThreadPoolExecutor(3) as pool:
        away = Away(executors)
        going = []
        for _ in range(3):
            begun = Begun()
            going.append(pool.submit(collect, away, graph, "listens", begun, cancel))
            assert begun.event.wait(30)
        cancel.set("stopped")
        assert all(isinstance(future.exception(30), Cancelled) for future in going)
    assert sorted(map(chosen.count, map(id, executors))) == [1, 2]


def test_it_tells_what_is_waited_for_over_there(graph: SqliteStore) -> None:
    cancel, begun = Cancel(), Begun()
    with Away(processes(1)) as away, ThreadPoolExecutor(1) as pool:
        future = pool.submit(collect, away, graph, "hangs", begun, cancel)
        while away.oldest_call() is None:
            assert not future.done()
            begun.event.wait(0.05)
        assert away.oldest_call() == (LIST, 7.0)
        cancel.set("stopped")
        assert isinstance(future.exception(30), Cancelled)
    assert away.oldest_call() is None


def test_what_cannot_travel_is_told(away: Away) -> None:
    cloud: Any = Cloud("plain", "locked")
    cloud.lock = threading.Lock()
    assert not away.takes(cloud)


def not_here() -> Any:
    raise ImportError("no such plugin over there")


@dataclass
class Homebound(Cloud):
    def __reduce__(self) -> Any:
        return not_here, ()


def test_a_provider_that_cannot_be_made_over_there_is_an_error_of_its_account(away: Away, graph: SqliteStore) -> None:
    cloud: Any = Homebound("plain", "homebound")
    with pytest.raises(ProviderError, match="no such plugin over there"):
        away.collect(cloud, graph, ONE, Listener(), Cancel(), EVERYTHING)


def test_changes_are_made_known_to_the_index_of_words_here(away: Away, graph: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(graph, "changed_elsewhere", lambda: told.append(True))
    collect(away, graph, "plain", Listener())
    collect(away, graph, "plain", Listener())
    assert told == [True]
