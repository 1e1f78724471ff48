"""Merging an account: first, unchanged, 1 % changed; nodes a second, against a bare executemany of ready rows."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import apsw
from figures import Figure
from world import ACCOUNT_SIZE, AccountWorld, account, kinds, world

from resh.clock import SystemClock
from resh.graph.sqlite import SqliteStore

ROUNDS = 5
RAW_TABLE = "CREATE TABLE raw (nid INTEGER PRIMARY KEY, id TEXT, kind TEXT, doc BLOB)"


def build(home: Path, nodes: int) -> None:
    """The state folder with a graph of about that many nodes, made unless it is there."""
    if (home / "complete").exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(home / "graph.sqlite3", SystemClock())
    for made in world(nodes):
        merge(store, made)
    store.close()
    (home / "complete").touch()


def merge(store: SqliteStore, made: AccountWorld) -> None:
    with store.merge("aws", made.id, f"account {made.id}") as sink:
        sink.kinds(kinds())
        sink.nodes(made.nodes)
        sink.edges(made.edges)
        for report in made.reports:
            sink.scope(report)


def figures(home: Path) -> Iterator[Figure]:
    """The best of some rounds, in which all of it is done in turn."""
    made, again, changed = account(0, ACCOUNT_SIZE), account(0, ACCOUNT_SIZE), account(0, ACCOUNT_SIZE, 0.01)
    rows = [(number, node.id, node.kind, json.dumps(node.reported)) for number, node in enumerate(made.nodes)]
    rates: dict[str, float] = {}

    def measure(what: str, work: Callable[[], None]) -> None:
        rates[what] = max(_rate(work), rates.get(what, 0.0))

    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            measure("raw", partial(_raw, Path(folder) / "raw.sqlite3", rows))
            store = SqliteStore(Path(folder) / "graph.sqlite3", SystemClock())
            for what, found in (("first", made), ("unchanged", again), ("1 % changed", changed)):
                measure(what, partial(merge, store, found))
            store.close()
    for what, budget in (("unchanged", 0.6), ("1 % changed", 0.4), ("first", 0.15)):
        yield Figure(f"merge, {what}", rates[what], rates["raw"], budget, "executemany of ready rows", "nodes/s", at_least=True)


def _rate(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return ACCOUNT_SIZE / (time.perf_counter() - start)


def _raw(file: Path, rows: list[tuple[int, str, str, str]]) -> None:
    connection = apsw.Connection(str(file))
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", RAW_TABLE):
        connection.execute(statement).fetchall()
    with connection:
        connection.executemany("INSERT INTO raw VALUES (?, ?, ?, jsonb(?))", rows)
    connection.close()
