"""Keeps the index of words up to date, in a thread: while there is something to do, and no other process does it.

    indexer.changed()           after a commit: begins when no other commit has followed for a moment
    indexer.search(…)           runs a search for words, and begins at once if the index lags behind
    indexer.close()             after changes of its own it goes on a little, so that processes that end soon do their share

It works in short transactions, so that nobody who writes waits for it noticeably, and rests between them. Whatever happens to it, searches
are right; the next process goes on where it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from resh.errors import ReshError
from resh.graph import text_index
from resh.graph.database import Database
from resh.lock import Claim

if TYPE_CHECKING:
    import apsw

    from resh.graph.base import CompiledQuery

_CALM = 0.5
_AGAIN = 0.5
"""Seconds until it looks again whether the process that had the claim has done everything."""
_REST = 0.5
"""Of the time that a step took."""
_LAST = 2.0
"""Seconds that it may go on after changes when the store is closed."""


class Indexer:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._claim = Claim(database.path.parent / "locks" / "index.lock")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = False
        self._ready = False
        self._changed = False
        self._begin = 0.0
        self._end = float("inf")
        self._closing = threading.Event()

    def changed(self) -> None:
        """Documents have changed."""
        self._changed = True
        self._wake(_CALM)

    def search(self, connection: apsw.Connection, query: CompiledQuery) -> Iterator[tuple[Any, ...]]:
        self._prepare()
        found, behind = text_index.search(connection, query)
        if behind:
            self._wake(0)
        yield from found

    def close(self) -> None:
        with self._lock:
            self._end = time.monotonic() + (_LAST if self._changed else 0)
            thread = self._thread
        self._closing.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LAST + 1)

    def catch_up(self) -> bool:
        """Do all there is to do, here and now; False when another process is at it."""
        self._prepare()
        if not self._claim.take():
            return False
        try:
            while self._step():
                pass
        finally:
            self._claim.release()
        self._database.checkpoint()
        return True

    def _wake(self, calm: float) -> None:
        with self._lock:
            self._begin = time.monotonic() + calm
            self._asked = True
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="index", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._is_asked():
            self._wait(self._begin - time.monotonic())
            with suppress(ReshError):  # no disk, no lock, closed: whoever searches next sees to it
                while not self.catch_up() and not self._closing.is_set():
                    self._wait(_AGAIN)

    def _is_asked(self) -> bool:
        """Whether anybody has asked since it last looked; if not, this thread is not the one to be asked any more."""
        with self._lock:
            asked, self._asked = self._asked and time.monotonic() < self._end, False
            if not asked:
                self._thread = None
            return asked

    def _step(self) -> bool:
        """False when nothing is left to do, or no time."""
        began = time.monotonic()
        if began >= self._end:
            return False
        reader = self._database.reader()
        with self._database.faults():
            reader.execute("BEGIN")
            try:
                step = text_index.next_step(reader)
            finally:
                reader.execute("COMMIT")
        if step is None:
            return False
        with self._database.write() as connection:
            text_index.write(connection, step)
        self._wait(_REST * (time.monotonic() - began))
        return True

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._closing.wait(seconds)

    def _prepare(self) -> None:
        """A graph that was made without the index gets an empty one."""
        if not self._ready:
            with self._database.faults():
                there = text_index.exists(self._database.reader())
            if not there:
                with self._database.write() as connection:
                    text_index.create(connection)
            self._ready = True
