"""Ten threads that search while 200,000 nodes are merged, against the same threads when nothing else happens.

The merge is a new account in a copy of the graph, by the process that collects behind a prompt. Each thread asks again and again, among
other things, for what the merge brings: it is all there, with its edges, or nothing of it.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Figure
from world import AccountWorld, account, kinds

from resh.app import App
from resh.cancel import Cancel
from resh.model.kinds import Kind
from resh.providers.away import Away, processes
from resh.providers.base import Account, CollectSink, Watcher
from resh.providers.selection import EVERYTHING
from resh.search import parse

THREADS, IDLE_SECONDS = 10, 10.0
NEW, NODES, KIND = 9999, 200_000, "aws_bench_kind_07"
PAUSE_SECONDS = 0.02  # people do not search without a pause


@dataclass
class Made:
    """A provider, the same for each account: what there is to be merged, once it has been made."""

    name = "aws"

    def enter(self, account: Account) -> Account:
        return account

    def kinds(self) -> list[Kind]:
        return kinds()

    def collect(self, one: Account, sink: CollectSink, watcher: Watcher, cancel: Cancel, selection: object = EVERYTHING) -> None:
        made = account(NEW, NODES)
        gc.freeze()
        watcher.progress("made", 1, 1)
        sink.nodes(made.nodes)
        sink.edges(made.edges)
        for report in made.reports:
            sink.scope(report)


class Began:
    """A watcher that waits for the merge to begin."""

    def __init__(self) -> None:
        self._made = threading.Event()

    def progress(self, region: str, done: int, total: int) -> None:
        self._made.set()

    def called(self, place: object, heard: object) -> None: ...

    def counted(self, counts: object) -> None: ...

    def wait(self) -> None:
        self._made.wait()


class Readers:
    """Times of searches in ms, and how much they found of what is being merged."""

    def __init__(self, app: App, made: AccountWorld) -> None:
        one = next(iter(app.documents("is(volume) limit 1")))["id"]
        self._app, self.account = app, made.id
        self._new = parse(f"is({KIND}) and account.id = {made.id} with(any, <-- is(aws_region))").counted()
        self._others = [parse(f'id("{one}")'), parse("is(volume) and volume_size > 50 limit 20"), parse(f'id("{one}") <-[1:]- all')]
        self.times: list[float] = []
        self.found: set[int] = set()

    def run(self, work: Callable[[], object]) -> float:
        """Search while the work is done; p95."""
        self.times, done = [], threading.Event()
        threads = [threading.Thread(target=self._search, args=(done,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        work()
        done.set()
        for thread in threads:
            thread.join()
        return statistics.quantiles(self.times, n=20)[-1]

    def _search(self, done: threading.Event) -> None:
        while not done.wait(PAUSE_SECONDS):
            for query in self._others:
                start = time.perf_counter()
                list(self._app.documents(query))
                self.times.append((time.perf_counter() - start) * 1000)
            self.found.add(int(next(iter(self._app.search(self._new)[1]))[0]))


def figures(home: Path) -> Iterator[Figure]:
    made = account(NEW, NODES)
    expected = sum(node.kind == KIND for node in made.nodes)
    with tempfile.TemporaryDirectory(prefix="readers-", dir=home.parent) as folder:
        shutil.copy(home / "graph.sqlite3", folder)
        with App(Path(folder)) as app:
            app.attend()
            readers = Readers(app, made)
            gc.freeze()
            readers.run(lambda: time.sleep(3.0))  # what is read for the first time would count as idle
            idle = readers.run(lambda: time.sleep(IDLE_SECONDS))
            busy = _while_merging(app, readers)
            readers.run(lambda: time.sleep(1.0))
    yield Figure(f"{THREADS} threads searching during a merge of {NODES:,} nodes, p95", busy, idle, 2.5, "the same without a merge")
    torn = len(readers.found - {0, expected}) + (expected not in readers.found)
    yield Figure("states in between that they saw", torn + 1, 1, 1, "none", "state + 1")


def _while_merging(app: App, readers: Readers) -> float:
    provider: Any = Made()
    began = Began()
    one = Account("aws", readers.account, f"account {readers.account}")
    with Away(processes(1)) as away, ThreadPoolExecutor(1) as pool:
        merging = pool.submit(away.collect, provider, app.graph, one, began, Cancel(), EVERYTHING)
        began.wait()
        return readers.run(merging.result)
