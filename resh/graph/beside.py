"""Graphs beside the one that is collected into: copies and exports of it, by name, to look at. Each is a file of its own.

    beside = Beside(home / FOLDER, lambda: app.graph, clock)
    beside.copy("main", "before-the-move", cancel)
    beside.store("before-the-move").count()

A file takes its place whole: others see the graph that was there, or the new one.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from resh.cancel import Cancel
from resh.clock import Clock
from resh.errors import ReshError, StateError, UsageError
from resh.graph.base import MAIN
from resh.graph.sqlite import SqliteStore
from resh.text import did_you_mean

FOLDER, SUFFIX = "graphs", ".sqlite3"
_NAME = re.compile(r"[A-Za-z0-9][\w.:-]{0,99}", re.ASCII)
_BESIDE = ("", "-wal", "-shm")


class Beside:
    def __init__(self, folder: Path, main: Callable[[], SqliteStore], clock: Clock) -> None:
        self._folder, self._main, self._clock = folder, main, clock
        self._lock = Lock()
        self._open: dict[str, tuple[int, SqliteStore]] = {}

    def names(self) -> list[str]:
        return [MAIN, *sorted(path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}"))]

    def existing(self, name: str) -> str:
        """The name itself; UsageError with the nearest ones when there is no such graph."""
        names = self.names()
        if name not in names:
            raise UsageError(f"there is no graph '{name}'", did_you_mean(name, names) or "graph list shows all")
        return name

    def store(self, name: str) -> SqliteStore:
        if self.existing(name) == MAIN:
            return self._main()
        path = self.path(name)
        with self._lock:
            inode, store = self._open.get(name, (0, None))
            if store is None or inode != path.stat().st_ino:  # another process may have deleted it and made one of that name
                if store:
                    store.close()
                store = SqliteStore(path, self._clock, kept=name)
                self._open[name] = path.stat().st_ino, store
            return store

    def path(self, name: str) -> Path:
        return self._main().database.path if name == MAIN else self._folder / f"{name}{SUFFIX}"

    def refuse(self, name: str, replace: bool) -> None:
        """Raises UsageError where no graph of that name may be made."""
        if not _NAME.fullmatch(name):
            raise UsageError(f"'{name}' is no name for a graph", "a name has letters, digits, _, -, . and :")
        if not replace and name in self.names():
            raise UsageError(f"there is a graph {name} already", "take another name, or --force to replace it")

    def copy(self, source: str, target: str, cancel: Cancel, replace: bool = False) -> None:
        """As it is at one moment, with its history."""
        self.refuse(target, replace)
        database = self.store(source).database
        with self.draft() as draft:
            connection = database.private()
            try:
                with database.faults(), cancel.interrupting(connection.interrupt):
                    cancel.check()
                    connection.execute("VACUUM INTO ?", (str(draft),))
            finally:
                connection.close()
            self.take(draft, target, cancel, replace)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A path on the way to a graph; what is still there at the end goes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
        os.close(descriptor)
        os.unlink(name)
        try:
            yield Path(name)
        except OSError as error:
            raise StateError(f"{self._folder}: {error.strerror or error}", "look at the disk's free space") from None
        finally:
            for end in _BESIDE:
                Path(f"{name}{end}").unlink(missing_ok=True)

    def take(self, draft: Path, name: str, cancel: Cancel, replace: bool = False) -> None:
        """The file becomes the graph of that name. One that is there gets its content, for everybody who has it open."""
        os.chmod(draft, 0o600)
        if name == MAIN or (replace and self.path(name).exists()):
            store = self.store(name)
            store.database.replace(draft, cancel)
            store.indexer.changed()
            return
        try:
            os.link(draft, self.path(name))
        except FileExistsError:
            raise ReshError(f"a graph {name} has just been made by somebody else", "take another name") from None

    def delete(self, name: str) -> None:
        if self.existing(name) == MAIN:
            raise UsageError("the graph that is collected into cannot be deleted", "graph list shows those beside it")
        with self._lock:
            _, store = self._open.pop(name, (0, None))
            if store:
                store.close()
            for end in _BESIDE:
                with suppress(FileNotFoundError):
                    os.unlink(f"{self.path(name)}{end}")

    def close(self) -> None:
        with self._lock:
            for _, store in self._open.values():
                store.close()
            self._open.clear()
