"""Accounts collected by other processes, each by one; the graph is merged here.

    with Away(processes(4)) as away:
        away.collect(provider, account, merge, watcher, cancel, selection)      # from several threads

One interpreter uses one core. What comes back are documents that are encoded already, so that little is left to do here. It takes any
`concurrent.futures.Executor` whose workers reach a socket of this machine; the other side is `worker.py`.
"""

from __future__ import annotations

import pickle
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from resh.cancel import Cancel
from resh.errors import Cancelled, ProviderError
from resh.graph.content import Content
from resh.providers import worker
from resh.providers.base import Account, CollectSink, Provider, Watcher
from resh.providers.selection import Selection
from resh.providers.worker import Order
from resh.state.calls import CallCount

_LOOK = 0.2  # seconds between two looks whether the worker is still there
_FAREWELL = 1.0  # seconds for one that is to end
_ASKED = ("knows", "read_at", "remembers")
_TOLD = ("kinds", "encoded", "amend", "edges", "there", "usage", "scope")
"""What the worker wants of the sink: answers, and that it takes something."""


class EncodedSink(CollectSink, Protocol):
    def encoded(self, contents: Iterable[tuple[str, Content]]) -> None:
        """Nodes by their ids, as the graph keeps them."""
        ...


class CountingWatcher(Watcher, Protocol):
    def counted(self, counts: Iterable[CallCount]) -> None:
        """Hears of calls in sum that `called` did not hear of one by one."""
        ...


def processes(count: int) -> ProcessPoolExecutor:
    """They begin anew and not as copies of this process: its threads may hold locks."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=worker.begin)


class Away:
    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def __enter__(self) -> Away:
        return self

    def __exit__(self, *exc: object) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def collect(
        self, provider: Provider, account: Account, sink: EncodedSink, watcher: CountingWatcher, cancel: Cancel, selection: Selection
    ) -> None:
        """As `Provider.collect`. Raises Cancelled, and ProviderError with what went wrong over there."""
        with tempfile.TemporaryDirectory(prefix="resh-") as folder, _listening(Path(folder) / "home") as line:
            order = Order(pickle.dumps(provider), account, selection, line.getsockname())
            try:
                future = self._executor.submit(worker.collect, order)
            except BrokenProcessPool:
                raise ProviderError("the processes that collect have ended", "collect.executor=threads does without") from None
            with _answered(line, future, cancel) as connection:
                there = _There(connection, future)
                with cancel.interrupting(lambda: there.tell("cancel", cancel.reason)):
                    try:
                        there.serve(_handlers(sink, watcher), cancel)
                    except Cancelled:
                        watcher.counted(there.last_calls())
                        raise


@contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(path))
        line.listen(1)
        line.settimeout(_LOOK)
        yield line


def _answered(line: socket.socket, future: Future[None], cancel: Cancel) -> Connection:
    while True:
        try:
            return Connection(line.accept()[0].detach())
        except TimeoutError:
            cancel.check()
            if future.done():
                raise _ended(future) from None


class _There:
    """The worker, as long as it lives."""

    def __init__(self, connection: Connection, future: Future[None]) -> None:
        self._connection, self._future = connection, future
        self._telling = threading.Lock()

    def serve(self, handlers: dict[str, Callable[..., Any]], cancel: Cancel) -> None:
        """Do what its messages say, until it is done."""
        told = 0
        while True:
            cancel.check()
            told = self._tell_parts(cancel, told)
            name, values = self._message()
            if name == "done":
                cancel.check()  # it may be done because of that
                return
            if name == "failed":
                raise ProviderError(*values)
            answer = handlers[name](*values) if name else None
            if name in _ASKED:
                self.tell("answer", answer)

    def _tell_parts(self, cancel: Cancel, told: int) -> int:
        """How many parts that are to end alone it knows of."""
        parts = cancel.parts
        if len(parts) > told:
            self.tell("parts", dict(parts))
        return len(parts)

    def last_calls(self) -> Iterator[CallCount]:
        """What it still tells of its calls once it is to end, if it does so soon."""
        until = monotonic() + _FAREWELL
        name = ""
        with suppress(EOFError, OSError):
            while name not in ("done", "failed") and self._connection.poll(max(until - monotonic(), 0)):
                name, values = self._connection.recv()
                if name == "calls":
                    yield from values[0]
                elif name in _ASKED:
                    self.tell("answer", None)

    def tell(self, name: str, value: Any) -> None:
        with self._telling, suppress(OSError):  # when it has ended, whoever serves it finds out
            self._connection.send((name, (value,)))

    def _message(self) -> tuple[str, tuple[Any, ...]]:
        """The next one; one without a name when it takes long."""
        if not self._connection.poll(_LOOK):
            if self._future.done() and not self._connection.poll():
                raise _ended(self._future)
            return "", ()
        try:
            message: tuple[str, tuple[Any, ...]] = self._connection.recv()
        except (EOFError, OSError):
            raise _ended(self._future) from None
        return message


def _handlers(sink: EncodedSink, watcher: CountingWatcher) -> dict[str, Callable[..., Any]]:
    of_sink = {name: getattr(sink, name) for name in (*_ASKED, *_TOLD)}
    return {**of_sink, "progress": watcher.progress, "calls": watcher.counted}


def _ended(future: Future[None]) -> ProviderError:
    error = future.exception() if future.done() and not future.cancelled() else None
    why = f": {type(error).__name__}: {error}" if error else ""
    return ProviderError(f"the process that collected it has ended{why}", "was it killed, or out of memory?")
