"""The file that holds the graph: opened and checked, read by a connection for each thread, written by one writer at a time.

    database = Database(home / "graph.sqlite3")
    database.reader().execute("SELECT count(*) FROM node")
    with database.write() as connection:                    # BEGIN IMMEDIATE … COMMIT, ROLLBACK on any error
        connection.execute("DELETE FROM hist WHERE at < ?", (before,))

Several processes may work on the same file. Nothing is written by opening a file that is current. What SQLite finds wrong becomes a
StateError that names the file and the remedy; a file that is damaged, newer or not ours is never touched.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from resh.cancel import Cancel
from resh.errors import Cancelled, GraphError, StateError, UsageError
from resh.graph.regex import FUNCTIONS, regex_function
from resh.graph.subnet import subnet_function
from resh.graph.words import rank_function, text_function

VERSION = 4
APPLICATION = 0x72657368  # "resh", in the file's header
OLDEST_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL that several connections share
BUSY_MS = 60_000
PAGE = 16_384  # documents of a few KB fit in one; scans read four times fewer than with SQLite's own size

_READER = "PRAGMA cache_size = -2048; PRAGMA temp_store = memory; PRAGMA query_only = 1"  # more would not stay in the processor's own
_PRIVATE = "PRAGMA cache_size = -32768"  # what it sorts may go to a file
_SCRATCH = "PRAGMA cache_size = -8192; PRAGMA temp_store = file; PRAGMA temp.cache_size = -32768"
_WRITER = (
    "PRAGMA cache_size = -65536; PRAGMA temp_store = memory; "
    "PRAGMA journal_mode = wal; PRAGMA synchronous = full"  # a graph restored from VACUUM INTO is in another mode
)
_START_AGAIN = "move it away and start again: the next collect rebuilds the graph, its history and marks are in the file you moved"
_LOOK = "look at the disk's free space and the permissions of the folder"

_PAGES_AT_ONCE = 1000
_FREE = 2
"""Connections with temporary tables that a thread keeps."""


class Database:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._writing = threading.RLock()
        self._writer: apsw.Connection | None = None
        self._open: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        self._opening = threading.Lock()
        self._closed = False
        _require_sqlite(apsw.sqlite_lib_version())
        try:
            with self.faults():
                if not path.exists():
                    _create(path)
                self.reader()
        except OSError as error:
            raise StateError(f"{path}: {error.strerror}", _LOOK) from error

    def reader(self) -> apsw.Connection:
        """This thread's connection; it cannot write."""
        connection: apsw.Connection | None = getattr(self._local, "reader", None)
        if connection is None or self._closed:
            connection = self._local.reader = self._connect(_READER)
        return connection

    @contextmanager
    def scratch(self) -> Iterator[apsw.Connection]:
        """One for temporary tables of any size, which lie in a file. Nobody else has it meanwhile: who makes a temporary table breaks off
        what is being read on the same connection. A thread gets it again, with its tables."""
        if not hasattr(self._local, "scratch"):
            self._local.scratch = []
        free = self._local.scratch
        connection = free.pop() if free and not self._closed else self._connect(_SCRATCH, apsw.SQLITE_OPEN_READONLY)
        try:
            yield connection
        finally:
            if len(free) < _FREE:
                free.append(connection)
            else:
                connection.close()

    def private(self) -> apsw.Connection:
        """One for the caller alone, who closes it; it cannot write to the file."""
        return self._connect(_PRIVATE, apsw.SQLITE_OPEN_READONLY)

    @contextmanager
    def write(self) -> Iterator[apsw.Connection]:
        """One transaction; waits for other threads and processes, up to a minute."""
        with self._writing, self.faults():
            if self._writer is None or self._closed:
                self._writer = self._connect(_WRITER)
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def replace(self, source: Path, cancel: Cancel) -> None:
        """All content by that of another graph, in one transaction; caches of every process learn of it."""
        with self._writing, self.faults():
            with self.write() as connection:
                generation = connection.execute("SELECT max(coalesce((SELECT max(gen) FROM kind), 0), (SELECT max(gen) FROM account))").get
            other = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READWRITE)
            try:
                for table in ("account", "kind"):
                    other.execute(f"UPDATE {table} SET gen = gen + ?", (generation + 1,))
                with connection.backup("main", other, "main") as copying:
                    while not copying.done:
                        cancel.check()
                        copying.step(_PAGES_AT_ONCE)
            finally:
                other.close()
        self.checkpoint()

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and cut it, unless someone is reading: then the next one does it."""
        with self._writing, self.faults():
            if self._writer is None or self._closed:
                return
            self._writer.set_busy_timeout(0)
            try:
                with suppress(apsw.BusyError):
                    self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            finally:
                self._writer.set_busy_timeout(BUSY_MS)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            yield
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise StateError(f"{self.path} is damaged or not a graph of resh ({error})", _START_AGAIN) from error
        except apsw.BusyError as error:
            raise StateError(f"{self.path} has been busy for {BUSY_MS // 1000} s", "another resh is writing; try again") from error
        except apsw.InterruptError as error:
            raise Cancelled from error
        except (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as error:
            raise StateError(f"{self.path}: {error}", _LOOK) from error
        except apsw.Error as error:
            if "nested too deep" in str(error):  # a common table counts once for each place that names it
                hint = "split it, or give fewer of its parts a tag (#), a merge or a period"
                raise UsageError("this search has too many parts and conditions for one statement", hint) from error
            raise GraphError(f"the graph cannot answer: {error}") from error

    def close(self) -> None:
        """End all connections, also those of other threads; what they are doing is interrupted."""
        self._closed = True
        with self._opening:
            connections = list(self._open)
        for connection in connections:
            with suppress(apsw.Error):
                connection.interrupt()
                connection.close()

    def _connect(self, pragmas: str, mode: int = apsw.SQLITE_OPEN_READWRITE) -> apsw.Connection:
        with self._opening, self.faults():
            if self._closed:
                raise GraphError("the graph is closed")
            connection = apsw.Connection(str(self.path), flags=mode)
            connection.set_busy_timeout(BUSY_MS)
            connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)  # else statements are planned anew for each value: ten times the work
            require_ours(self.path, connection)
            connection.execute(pragmas).fetchall()  # each pragma answers a row, and the next runs when that is read
            for name, flags in FUNCTIONS.items():
                connection.create_scalar_function(name, regex_function(flags), 2, deterministic=True)
            connection.create_scalar_function("resh_in_subnet", subnet_function(), 2, deterministic=True)
            connection.create_scalar_function("resh_text", text_function(), 2, deterministic=True)
            connection.create_scalar_function("resh_rank", rank_function(), 3, deterministic=True)
            self._open.add(connection)
            return connection


def _require_sqlite(version: str) -> None:
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StateError(f"SQLite {version} is too old to keep a graph safe, resh needs {needed}", "pip install --upgrade apsw")


def require_ours(path: Path, connection: apsw.Connection) -> None:
    application, version = connection.pragma("application_id"), connection.pragma("user_version")
    if application != APPLICATION:
        raise StateError(f"{path} is not a graph of resh", _START_AGAIN)
    if version > VERSION:
        raise StateError(f"{path} was written by a newer resh (format {version}, this one knows {VERSION})", "upgrade resh")
    if version < VERSION:
        raise StateError(f"{path} was written by an older resh (format {version}, this one knows {VERSION})", _START_AGAIN)


def _create(path: Path) -> None:
    """Build it beside its place and link it there whole: no one ever sees half a file, and who comes second uses the first one's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        build(draft)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def build(draft: Path, index: bool = True) -> None:
    """An empty graph; without the index of words it is to be made when the graph is filled."""
    os.close(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
    connection = apsw.Connection(str(draft), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE}; PRAGMA journal_mode = wal").fetchall()
        with connection:
            connection.execute(Path(__file__).with_name("schema.sql").read_text("utf-8"))
            if index:
                connection.execute(Path(__file__).with_name("text_index.sql").read_text("utf-8"))
            connection.execute(f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}")
    finally:
        connection.close()
