"""The index of words follows the graph: step by step, in threads and processes, over deaths, and over history that is forgotten."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.clock import FakeClock, SystemClock
from resh.graph import text_index
from resh.graph.base import CompiledQuery, Waiting
from resh.graph.sqlite import SqliteStore
from resh.graph.words import Phrases
from resh.model.scope import ScopeReport, Status
from tests.graph.small_graph import merge, node, scope
from tests.graph.test_graph_processes import kill, start


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but the test brings the index further."""
    monkeypatch.setattr("resh.graph.indexer.Indexer._wake", lambda *_: None)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_OF_RANGE", "_ROWS"):
        monkeypatch.setattr(text_index, name, getattr(text_index, name).replace(f"LIMIT {text_index.STEP}", "LIMIT 3"))
    monkeypatch.setattr(text_index, "STEP", 3)


def indexed(store: SqliteStore, phrase: str) -> set[int]:
    """What the index itself says, right or not."""
    return {nid for (nid,) in store.database.reader().execute("SELECT rowid FROM words WHERE words MATCH ?", (f'"{phrase}"',))}


def found(store: SqliteStore, phrase: str) -> set[int]:
    sql = """SELECT rowid FROM words WHERE words MATCH ?1 AND rowid NOT IN (SELECT value FROM json_each(?2))
    UNION ALL SELECT value FROM json_each(?3)"""
    rows = [nid for (nid,) in store.fetch(CompiledQuery(sql, (f'"{phrase}"', Waiting(), Waiting((phrase,))), "values", current=sql))]
    assert len(rows) == len(set(rows))
    return set(rows)


def there(store: SqliteStore, phrase: str) -> set[int]:
    documents = store.database.reader().execute("SELECT nid, json(reported) FROM doc")
    return {nid for nid, document in documents if Phrases(phrase).occur(str(document))}


def fill(store: SqliteStore, rids: Iterator[str] | list[str], **values: str) -> None:
    merge(store, [node(rid, **values) for rid in rids], [ScopeReport(scope(), Status.OK)])


def step(store: SqliteStore) -> bool:
    with store.database.write() as connection:
        taken = text_index.next_step(connection)
        return taken is not None and text_index.write(connection, taken)


@pytest.mark.usefixtures("quiet", "small_steps")
def test_it_follows_what_changes_step_by_step(store: SqliteStore) -> None:
    pick, numbers = random.Random(4), list(range(25))
    for round in range(12):
        kept = pick.sample(numbers, 15)
        merge(store, [node(f"v{n}", word=pick.choice(["red", "blue"])) for n in kept], [ScopeReport(scope(), Status.OK)])
        ids = [row[0] for row in store.fetch(CompiledQuery("SELECT id FROM node WHERE name LIKE 'v%' ORDER BY id", (), "values"))]
        if ids:
            store.mark(ids[:3], "metadata", {"note": f"red {round}"}, by="test")
            store.remove(pick.choice(ids), by="test")
        for _ in range(pick.randrange(8)):
            step(store)
            assert found(store, "red") == there(store, "red")
    assert store.unindexed() > 0
    while step(store):
        assert found(store, "blue") == there(store, "blue")
    assert store.unindexed() == 0
    assert indexed(store, "red") == there(store, "red")
    assert indexed(store, "blue") == there(store, "blue")


@pytest.mark.usefixtures("quiet")
def test_marks_need_no_index(store: SqliteStore) -> None:
    fill(store, ["v1"])
    store.indexer.catch_up()
    [(id,)] = store.fetch(CompiledQuery("SELECT id FROM node WHERE rid = 'v1'", (), "values"))
    store.mark([id], "desired", {"clean": True}, by="test")
    assert store.unindexed() == 0
    fill(store, ["v1"], word="new")
    assert store.unindexed() == 1


@pytest.mark.usefixtures("quiet", "small_steps")
def test_a_graph_without_an_index_gets_one(store: SqliteStore) -> None:
    fill(store, [f"v{n}" for n in range(10)], word="red")
    with store.database.write() as connection:
        connection.execute("DROP TABLE words; DROP TABLE indexed")
    assert store.unindexed() == store.count()
    assert found(store, "red") == there(store, "red") != set()
    step(store)
    fill(store, [f"v{n}" for n in range(4, 14)], word="blue")
    for _ in range(9):
        assert found(store, "red") == there(store, "red")
        assert found(store, "blue") == there(store, "blue")
        step(store)
    store.indexer.catch_up()
    assert indexed(store, "blue") == there(store, "blue") != set()
    assert indexed(store, "red") == set()


@pytest.mark.usefixtures("quiet", "small_steps")
def test_history_may_be_forgotten(store: SqliteStore, clock: FakeClock) -> None:
    """Also what the index has not read yet, and all of it, so that its numbers come again."""
    for round, words in enumerate((["red"], ["red", "blue"], ["blue", "red"])):
        for word in words:
            clock.advance(10)
            fill(store, [f"v{n}" for n in range(round, 8)], word=word)
            step(store)
        clock.advance(10)
        store.prune_history(clock.now())
        for word in ("red", "blue"):
            assert found(store, word) == there(store, word)
        if round == 1:
            store.indexer.catch_up()
            store.prune_history(clock.now())
            assert store.unindexed() == 0
    store.indexer.catch_up()
    assert indexed(store, "red") == there(store, "red") != set()
    assert indexed(store, "blue") == set()


@pytest.mark.usefixtures("quiet")
def test_a_step_that_somebody_else_took_is_not_taken_again(store: SqliteStore) -> None:
    fill(store, ["v1", "v2"])
    reader = store.database.reader()
    mine, theirs = text_index.next_step(reader), text_index.next_step(reader)
    assert mine is not None
    assert theirs is not None
    with store.database.write() as connection:
        assert text_index.write(connection, theirs)
        assert not text_index.write(connection, mine)
    assert text_index.next_step(reader) is None


def test_it_is_done_in_the_background_and_at_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.graph.indexer._CALM", 3600)
    store = SqliteStore(path, SystemClock())
    fill(store, [f"v{n}" for n in range(1200)], word="red")
    assert [thread.name for thread in threading.enumerate()].count("index") == 1
    store.close()
    assert "index" not in [thread.name for thread in threading.enumerate()]
    again = SqliteStore(path, SystemClock())
    assert again.unindexed() == 0
    assert len(indexed(again, "red")) == 1200
    again.close()


def test_one_process_at_a_time(path: Path, quiet: None) -> None:
    store, other = SqliteStore(path, SystemClock()), SqliteStore(path, SystemClock())
    fill(store, ["v1"], word="red")
    claim = other.indexer._claim
    assert claim.take()
    assert store.indexer.catch_up() is False
    claim.release()
    assert store.indexer.catch_up() is True
    assert other.unindexed() == 0
    store.close()
    other.close()


def test_who_writes_and_who_reads_meanwhile(path: Path) -> None:
    """Merges from two threads while the index is brought up to date: what is found is always of one state."""
    store = SqliteStore(path, SystemClock())
    stop = threading.Event()
    problems: list[str] = []

    def write(account: str) -> None:
        for generation in range(12):
            word = f"word{generation}"
            nodes = [node(f"v{n}", account=account, word=word) for n in range(60)]
            merge(store, nodes, [ScopeReport(scope(account=account), Status.OK)], account=account)

    def read() -> None:
        while not stop.is_set():
            for generation in range(12):
                if (count := len(found(store, f"word{generation}"))) not in (0, 60, 120):
                    problems.append(f"{count} of {generation}")

    def index() -> None:
        while not stop.is_set():
            store.indexer.catch_up()

    threads = [threading.Thread(target=work) for work in (read, index)]
    writers = [threading.Thread(target=write, args=(account,)) for account in ("1", "2")]
    for thread in (*threads, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []
    while not store.indexer.catch_up():  # the store's own thread may be at it, and one is at a time
        time.sleep(0.01)
    assert store.unindexed() == 0
    assert indexed(store, "word11") == there(store, "word11")
    assert len(indexed(store, "word11")) == 120
    store.close()


def test_killed_at_any_moment_it_goes_on(path: Path) -> None:
    """Processes that merge and index are killed; what they leave is right, and is completed."""
    chance = random.Random(11)
    generation = 0
    for _ in range(8):
        process = start(path, generation)
        assert process.stdout
        process.stdout.readline()
        time.sleep(chance.random() * 1.2)
        generation = max(kill(process).values(), default=generation) + 2
        store = SqliteStore(path, SystemClock())
        assert found(store, "volume") == there(store, "volume") != set()
        store.indexer.close()
        fresh = store.database.private()  # FTS5 checks by what a connection remembers
        assert fresh.execute("PRAGMA quick_check").get == "ok"
        store.close()
    store = SqliteStore(path, SystemClock())
    assert store.indexer.catch_up()
    assert indexed(store, "volume") == there(store, "volume")
    store.close()
