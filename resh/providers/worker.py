"""The far side of a collect in another process: accounts are read and merged here; how it goes is told to the process that asked for it.

    executor.submit(worker.collect, Order(work, account, selection, address)).result()       # `away.py` does it and listens at the address

Any `concurrent.futures.Executor` may run an order, wherever the address and the graph can be reached. Messages are pairs: a name and its
values.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from resh.cancel import Cancel
from resh.errors import Cancelled, ReshError
from resh.graph.base import GraphStore
from resh.providers.base import Account, Calling, Heard, Provider
from resh.providers.limiter import Place
from resh.providers.merging import merged
from resh.providers.selection import Selection
from resh.providers.tally import Tally

Message = tuple[str, tuple[Any, ...]]

_MOST_CALLS = 200  # before they are told of, in sum


class Order(NamedTuple):
    """`work` is a provider and what opens the graph, pickled: both are made once in a process, for all orders that bring the same."""

    work: bytes
    account: Account
    selection: Selection
    address: str


def begin() -> None:
    """At the start of a process: those who type come first, Ctrl-C is the parent's business, and without a parent nothing is left to do."""
    os.nice(5)
    logging.getLogger().addHandler(logging.NullHandler())  # libraries would write into somebody's prompt
    gc.set_threshold(20_000, 20, 20)  # as `__main__.py` does
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def collect(order: Order) -> None:
    """Begin to read the account, in a thread, so that several orders go on side by side. Errors are sent, too."""
    provider, graph = _opened(order.work)  # before anybody waits for a message
    line = socket.socket(socket.AF_UNIX)
    line.connect(order.address)
    home = Home(Connection(line.detach()))
    threading.Thread(target=_carry_out, args=(order, home, provider, graph), name=f"collect {order.account.id}", daemon=True).start()


def _carry_out(order: Order, home: Home, provider: Provider, graph: GraphStore) -> None:
    if isinstance(provider, Calling):
        home.oldest = provider.oldest_call
    try:
        home.end("done", *merged(graph, provider, order.account, home, home.cancel, order.selection))
    except Cancelled:
        home.end("stopped")
    except ReshError as error:
        home.end("failed", error.message, error.hint)
    except Exception as error:
        home.end("failed", f"{type(error).__name__}: {error}", "")
    finally:
        home.close()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


@lru_cache(maxsize=1)
def _opened(work: bytes) -> tuple[Provider, GraphStore]:
    provider, graph = pickle.loads(work)
    return pickle.loads(provider), graph()


class Home:
    """A watcher that tells the process that ordered it; its questions and its cancel come back the same way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._tally, self._untold = Tally(), 0
        self.oldest: Callable[[], tuple[Place, float] | None] = lambda: None
        self.cancel = Cancel()
        threading.Thread(target=self._listen, name="home", daemon=True).start()

    def end(self, name: str, *values: Any) -> None:
        """The last message, after the calls that were not told of yet."""
        self._tell("calls", (self._tally.taken(),))
        self._tell(name, values)

    def _tell(self, name: str, values: tuple[Any, ...]) -> None:
        with self._sending:
            try:
                self._connection.send((name, values))
            except OSError:
                self.cancel.set("nobody listens")

    def close(self) -> None:
        with self._sending:
            self._connection.close()

    def progress(self, region: str, done: int, total: int) -> None:
        self._tell("progress", (region, done, total))
        self.cancel.check()  # nobody may listen any more

    def called(self, place: Place, heard: Heard) -> None:
        self._tally.add(place, heard)
        self._untold += 1  # two threads may count as one: it is only about when to tell
        if self._untold >= _MOST_CALLS:
            self._untold = 0
            self._tell("calls", (self._tally.taken(),))

    def _listen(self) -> None:
        try:
            while True:
                name, values = self._connection.recv()
                match name:
                    case "cancel":
                        self.cancel.set(*values)
                    case "parts":
                        for part, reason in values[0].items():
                            self.cancel.set_part(part, reason)
                    case "oldest":
                        self._tell(name, (self.oldest(),))
        except (OSError, EOFError, TypeError):  # TypeError: closed in the middle of it
            self.cancel.set("nobody listens")
