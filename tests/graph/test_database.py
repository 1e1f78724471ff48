from __future__ import annotations

import gc
import os
import stat
import threading
import weakref
from pathlib import Path

import apsw
import pytest

from resh.clock import FakeClock
from resh.errors import GraphError, StateError
from resh.graph import database
from resh.graph.database import Database
from resh.graph.sqlite import SqliteStore
from tests.graph.small_graph import merge, volume


def test_the_files_are_the_owners_alone(path: Path, store: SqliteStore) -> None:
    merge(store, [volume("v1")])
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["graph.sqlite3", "graph.sqlite3-shm", "graph.sqlite3-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_settings_of_the_connections(path: Path) -> None:
    opened = Database(path)
    assert opened.reader().pragma("journal_mode") == "wal"
    assert opened.reader().pragma("page_size") == database.PAGE
    with opened.write() as connection:
        assert connection.pragma("synchronous") == 2  # full
        assert connection.pragma("temp_store") == 2  # memory
    assert opened.reader().pragma("query_only") == 1
    with pytest.raises(StateError, match="readonly"), opened.faults():
        opened.reader().execute("DELETE FROM hist")
    opened.close()


def test_opening_a_current_file_writes_nothing(path: Path) -> None:
    Database(path).close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    Database(path).close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(StateError, match=r"SQLite 3\.51\.2 is too old .* needs 3\.51\.3"):
        Database(path)
    assert not path.exists()


def test_an_older_file_is_named_and_left_alone(path: Path) -> None:
    Database(path).close()
    other = apsw.Connection(str(path))
    other.execute("PRAGMA user_version = 1")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StateError, match=r"older resh \(format 1, this one knows \d+\)") as raised:
        Database(path)
    assert "the next collect rebuilds the graph" in raised.value.hint
    assert path.read_bytes() == before


def test_a_newer_file_is_named_and_left_alone(path: Path) -> None:
    Database(path).close()
    other = apsw.Connection(str(path))
    other.execute(f"PRAGMA user_version = {database.VERSION + 1}")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StateError, match="newer resh") as raised:
        Database(path)
    assert str(path) in raised.value.message
    assert raised.value.hint == "upgrade resh"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000, os.urandom(8192)])
def test_what_is_no_database_is_named_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StateError) as raised:
        Database(path)
    assert str(path) in raised.value.message
    assert "move it away" in raised.value.hint
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE theirs(x)")
    other.close()
    with pytest.raises(StateError, match="not a graph of resh"):
        Database(path)


def test_damage_inside_the_file_is_told_when_it_is_met(path: Path, clock: FakeClock) -> None:
    store = SqliteStore(path, clock)
    merge(store, [volume(f"v{i}", text="x" * 500) for i in range(200)])
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: database.PAGE] + b"\xff" * (len(whole) - database.PAGE))
    with pytest.raises(StateError, match="damaged"):
        SqliteStore(path, clock).node(volume("v1").id)


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StateError) as raised:
        Database(path)
    assert str(path) in raised.value.message


def test_a_parent_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StateError, match="home"):
        Database(tmp_path / "home" / "graph.sqlite3")


def test_an_error_rolls_back(path: Path) -> None:
    opened = Database(path)
    with pytest.raises(GraphError, match="UNIQUE"), opened.write() as connection:
        connection.execute("INSERT INTO kind(name, gen) VALUES ('x', 1), ('x', 1)")
    assert opened.reader().execute("SELECT count(*) FROM kind").get == 0
    opened.close()


def test_writers_wait_for_each_other(path: Path) -> None:
    opened, second = Database(path), Database(path)

    def write(through: Database) -> None:
        for _ in range(20):
            with through.write() as connection:
                number = connection.execute("SELECT count(*) FROM kind").get
                connection.execute("INSERT INTO kind(name, gen) VALUES (?, 1)", (f"k{number}",))

    threads = [threading.Thread(target=write, args=(through,)) for through in (opened, opened, second, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened.reader().execute("SELECT count(*) FROM kind").get == 80
    opened.close()
    second.close()


def test_each_thread_reads_through_its_own_connection(path: Path) -> None:
    opened = Database(path)
    seen: list[weakref.ref[apsw.Connection]] = []
    thread = threading.Thread(target=lambda: seen.append(weakref.ref(opened.reader())))
    thread.start()
    thread.join()
    gc.collect()
    assert seen[0]() is None  # gone with its thread
    assert opened.reader() is opened.reader()
    opened.close()


def test_a_closed_database_says_so(path: Path) -> None:
    opened = Database(path)
    opened.close()
    with pytest.raises(GraphError, match="closed"):
        opened.reader()
    with pytest.raises(GraphError, match="closed"), opened.write():
        pass


def test_threads_that_create_the_same_file_agree(path: Path) -> None:
    opened: list[Database] = []
    threads = [threading.Thread(target=lambda: opened.append(Database(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    for each in opened:
        each.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_restored_copy_is_in_wal_mode_again(path: Path) -> None:
    Database(path).close()
    copy = path.with_name("copy.sqlite3")
    original = apsw.Connection(str(path))
    original.execute("VACUUM INTO ?", (str(copy),))
    original.close()
    restored = Database(copy)
    with restored.write() as connection:
        assert connection.pragma("journal_mode") == "wal"
    restored.close()
