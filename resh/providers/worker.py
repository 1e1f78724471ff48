"""The far side of a collect in another process: one account read there, everything that is found sent back, encoded already.

    executor.submit(worker.collect, Order(provider, account, selection, address))       # `away.py` does it and listens at the address

Any `concurrent.futures.Executor` may run an order, wherever the address can be reached. Messages are pairs: a name and its values.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, NamedTuple

from resh.cancel import Cancel
from resh.errors import Cancelled, ReshError
from resh.graph.base import UsageSample
from resh.graph.content import contents
from resh.model.edge import Edge
from resh.model.kinds import Kind
from resh.model.node import Node
from resh.model.scope import Scope, ScopeReport
from resh.providers.base import Account, Heard, Provider
from resh.providers.limiter import Place
from resh.providers.selection import Selection
from resh.providers.tally import Tally

Message = tuple[str, tuple[Any, ...]]

_MOST_CALLS = 200  # before they are told of, in sum


class Order(NamedTuple):
    """`provider` is pickled: equal ones are made once in a process, with their clients."""

    provider: bytes
    account: Account
    selection: Selection
    address: str


def begin() -> None:
    """At the start of a process: Ctrl-C is the parent's business, and without a parent there is nothing left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def collect(order: Order) -> None:
    """Read the account and send what is found to the address. Errors are sent, too."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(order.address)
    home = Home(Connection(line.detach()))
    try:
        _provider(order.provider).collect(order.account, home, home, home.cancel, order.selection)
        home.end("done")
    except Cancelled:
        home.end("done")
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
def _provider(pickled: bytes) -> Provider:
    provider: Provider = pickle.loads(pickled)
    return provider


class Home:
    """A sink and a watcher that tell the process that ordered it; its answers and its cancel come back the same way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending, self._asking = threading.Lock(), threading.Lock()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._tally, self._untold = Tally(), 0
        self.cancel = Cancel()
        threading.Thread(target=self._listen, name="home", daemon=True).start()

    def send(self, name: str, *values: Any) -> None:
        """Raises Cancelled when nobody listens any more."""
        self._tell(name, values)
        self.cancel.check()

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

    # -- a sink -------------------------------------------------------------------------------------------------------------------

    def knows(self, id: str) -> bool:
        return bool(self._ask("knows", id))

    def read_at(self, scope: Scope) -> float:
        return float(self._ask("read_at", scope))

    def remembers(self, ids: Iterable[str], names: Iterable[str]) -> Mapping[str, dict[str, Any]]:
        return dict(self._ask("remembers", list(ids), list(names)))

    def kinds(self, kinds: Iterable[Kind]) -> None:
        self.send("kinds", list(kinds))

    def nodes(self, nodes: Iterable[Node]) -> None:
        self.send("encoded", list(contents(nodes)))

    def amend(self, learned: Mapping[str, dict[str, Any]]) -> None:
        self.send("amend", dict(learned))

    def edges(self, edges: Iterable[Edge]) -> None:
        self.send("edges", list(edges))

    def there(self, ids: Iterable[str]) -> None:
        self.send("there", list(ids))

    def usage(self, samples: Iterable[UsageSample]) -> None:
        self.send("usage", list(samples))

    def scope(self, report: ScopeReport) -> None:
        self.send("scope", report)

    # -- a watcher ----------------------------------------------------------------------------------------------------------------

    def progress(self, region: str, done: int, total: int) -> None:
        self.send("progress", region, done, total)

    def called(self, place: Place, heard: Heard) -> None:
        self._tally.add(place, heard)
        self._untold += 1  # two threads may count as one: it is only about when to tell
        if self._untold >= _MOST_CALLS:
            self._untold = 0
            self._tell("calls", (self._tally.taken(),))

    def _ask(self, name: str, *values: Any) -> Any:
        with self._asking:
            self.send(name, *values)
            answer = self._answers.get()
        self.cancel.check()
        return answer

    def _listen(self) -> None:
        try:
            while True:
                name, values = self._connection.recv()
                if name == "cancel":
                    self.cancel.set(*values)
                elif name == "parts":
                    for part, reason in values[0].items():
                        self.cancel.set_part(part, reason)
                else:
                    self._answers.put(*values)
        except (OSError, EOFError, TypeError):  # TypeError: closed in the middle of it
            self.cancel.set("nobody listens")
            self._answers.put(None)
