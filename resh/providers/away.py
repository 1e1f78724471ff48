"""Accounts that other processes collect and merge, so that this one can search and answer without waiting for its turn.

    with Away(processes(2)) as away:
        account, result = away.collect(provider, graph, account, watcher, cancel, selection)      # from several threads

One interpreter uses one core, and its threads wait for each other. It takes any `concurrent.futures.Executor` whose workers reach a socket
of this machine and the graph; the other side is `worker.py`.
"""

from __future__ import annotations

import pickle
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from resh.graph.base import GraphStore, MergeResult
from resh.providers import worker
from resh.providers.base import Account, Provider, Watcher
from resh.providers.limiter import Place
from resh.providers.selection import Selection
from resh.providers.worker import Order
from resh.state.calls import CallCount

_LOOK = 0.2  # seconds between two looks whether the worker is still there
_FAREWELL = 1.0  # seconds for one that is to end


class CountingWatcher(Watcher, Protocol):
    def counted(self, counts: Iterable[CallCount]) -> None:
        """Hears of calls in sum that `called` did not hear of one by one."""
        ...


def processes(count: int) -> list[Executor]:
    """They begin anew and not as copies of this process: its threads may hold locks. A process is made when it gets something to do."""
    return [ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=worker.begin) for _ in range(count)]


class Away:
    """Each account goes to the executor that has the least to do."""

    def __init__(self, executors: Sequence[Executor]) -> None:
        self._busy = dict.fromkeys(executors, 0)
        self._lock = threading.Lock()
        self._oldest: dict[str, tuple[Place, float]] = {}
        self._providers: dict[str, bytes] = {}

    def __enter__(self) -> Away:
        return self

    def __exit__(self, *exc: object) -> None:
        for executor in self._busy:
            executor.shutdown(wait=False, cancel_futures=True)

    def collect(
        self, provider: Provider, graph: GraphStore, account: Account, watcher: CountingWatcher, cancel: Cancel, selection: Selection
    ) -> tuple[Account, MergeResult]:
        """As `merging.merged`. Raises Cancelled, and ProviderError with what went wrong over there."""
        work = pickle.dumps((self._packed(provider), graph.elsewhere()))
        with tempfile.TemporaryDirectory(prefix="resh-") as folder, _listening(Path(folder) / "home") as line, self._chosen() as executor:
            order = Order(work, account, selection, line.getsockname())
            try:
                future = executor.submit(worker.collect, order)
            except BrokenProcessPool:
                raise ProviderError("the process that collects has ended", "collect.executor=threads does without") from None
            with _answered(line, future, cancel) as connection:
                there = _There(connection)
                with cancel.interrupting(lambda: there.tell("cancel", cancel.reason)):
                    try:
                        found = there.serve(self._handlers(watcher, line.getsockname()), cancel)
                    except Cancelled:
                        watcher.counted(there.last_calls())
                        raise
                    finally:
                        self._oldest.pop(line.getsockname(), None)
        if found[1].any_change:
            graph.changed_elsewhere()
        return found

    def takes(self, provider: Provider) -> bool:
        """Whether it can go there: one of a plugin may have what stays where it is."""
        try:
            self._packed(provider)
        except Exception:  # whatever its parts raise
            return False
        return True

    def oldest_call(self) -> tuple[Place, float] | None:
        """The call that somebody over there has waited for longest, and since how many seconds; as a provider's."""
        return max(self._oldest.copy().values(), key=lambda call: call[1], default=None)

    def _packed(self, provider: Provider) -> bytes:
        """Once: whoever gets the same again has it already."""
        with self._lock:
            if provider.name not in self._providers:
                self._providers[provider.name] = pickle.dumps(provider)
            return self._providers[provider.name]

    @contextmanager
    def _chosen(self) -> Iterator[Executor]:
        with self._lock:
            executor = min(self._busy, key=self._busy.__getitem__)
            self._busy[executor] += 1
        try:
            yield executor
        finally:
            with self._lock:
                self._busy[executor] -= 1

    def _handlers(self, watcher: CountingWatcher, who: str) -> dict[str, Callable[..., Any]]:
        def oldest(call: tuple[Place, float] | None) -> None:
            if call:
                self._oldest[who] = call
            else:
                self._oldest.pop(who, None)

        return {"progress": watcher.progress, "calls": watcher.counted, "oldest": oldest}


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
            if future.done() and future.exception():
                raise _ended(future) from None


class _There:
    """The worker, as long as it lives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._telling = threading.Lock()

    def serve(self, handlers: dict[str, Callable[..., Any]], cancel: Cancel) -> tuple[Account, MergeResult]:
        """Do what its messages say, until it is done."""
        told = 0
        while True:
            cancel.check()
            told = self._tell_parts(cancel, told)
            name, values = self._message()
            match name:
                case "done":
                    account, result = values
                    return account, result
                case "failed":
                    raise ProviderError(*values)
                case "stopped":
                    cancel.check()
                    raise Cancelled("nobody listened any more")
                case "":
                    self.tell("oldest", None)
                case _:
                    handlers[name](*values)

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
            while name not in ("done", "failed", "stopped") and self._connection.poll(max(until - monotonic(), 0)):
                name, values = self._connection.recv()
                if name == "calls":
                    yield from values[0]

    def tell(self, name: str, value: Any) -> None:
        with self._telling, suppress(OSError):  # when it has ended, whoever serves it finds out
            self._connection.send((name, (value,)))

    def _message(self) -> tuple[str, tuple[Any, ...]]:
        """The next one; one without a name when it takes long."""
        try:
            if not self._connection.poll(_LOOK):
                return "", ()
            message: tuple[str, tuple[Any, ...]] = self._connection.recv()
        except (EOFError, OSError):
            raise _ended() from None
        return message


def _ended(future: Future[None] | None = None) -> ProviderError:
    error = future.exception() if future else None
    why = f": {type(error).__name__}: {error}" if error else ""
    return ProviderError(f"the process that collected it has ended{why}", "was it killed, or out of memory?")
