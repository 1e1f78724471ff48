"""Several processes on one file, and processes that die in the middle."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from resh.clock import SystemClock
from resh.graph import adjacency
from resh.graph.base import CompiledQuery
from resh.graph.sqlite import SqliteStore
from resh.model.scope import ScopeReport, Status
from tests.graph.graph_process import size
from tests.graph.small_graph import id_of, scope

HERE = Path(__file__).parent


def start(path: Path, first: int, account: str = "1") -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(HERE), str(HERE.parent.parent)))}
    command = [sys.executable, str(HERE / "graph_process.py"), str(path), str(first), account]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> dict[str, int]:
    """The last generation that it merged and marked."""
    process.kill()
    assert process.stdout
    said = [line.split() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    return {what: int(generation) for what, generation in said}


def query(store: SqliteStore, sql: str) -> list[tuple[object, ...]]:
    return list(store.fetch(CompiledQuery(sql, (), "values")))


def whole_generation(store: SqliteStore, gid: int = 1) -> int:
    """The generation that the account is of; fails when it is not whole."""
    sql = f"SELECT d.reported ->> 'generation', count(*) FROM node n JOIN doc d USING (nid) WHERE n.gid = {gid} GROUP BY 1"
    [(generation, nodes)] = query(store, sql)
    assert isinstance(generation, int)
    assert nodes == size(generation)
    return generation


def test_kill_loses_nothing_that_was_committed(path: Path) -> None:
    chance = random.Random(7)
    next_generation, last = 0, {"merged": -1, "marked": -1}
    for _ in range(20):
        process = start(path, next_generation)
        assert process.stdout
        first = process.stdout.readline().split()
        last["merged"] = int(first[1])
        time.sleep(chance.random() * 0.1)
        last |= kill(process)
        check(path, last)
        next_generation = last["merged"] + 1


def check(path: Path, last: dict[str, int]) -> None:
    store = SqliteStore(path, SystemClock())
    assert store.database.reader().execute("PRAGMA integrity_check").get == "ok"
    generation = whole_generation(store)
    assert generation in (last["merged"], last["merged"] + 1)
    first = store.node(id_of("v0"))
    assert first is not None
    assert last["marked"] <= first["metadata"].get("mark", -1) <= generation
    packed = list(adjacency.read(store.database.reader(), 1))
    assert {edge[:3] for edge in packed} == set(query(store, "SELECT src, dst, et FROM edge WHERE gid = 1"))
    assert len(packed) == size(generation) - 1
    store.close()


def test_two_processes_merge_while_a_third_reads(path: Path) -> None:
    store = SqliteStore(path, SystemClock())
    writers = [start(path, 0, account) for account in ("1", "2")]
    for _ in range(20):
        for writer in writers:
            assert writer.stdout
            assert writer.stdout.readline()
        for gid in (1, 2):
            whole_generation(store, gid)
    for writer in writers:
        kill(writer)
    assert {account.id for account in store.accounts()} == {"1", "2"}
    store.close()


def test_a_merge_here_waits_for_one_there(path: Path) -> None:
    store = SqliteStore(path, SystemClock())
    process = start(path, 0)
    assert process.stdout
    process.stdout.readline()
    for _ in range(10):
        with store.merge("aws", "3", "third") as merging:
            merging.scope(ScopeReport(scope(account="3"), Status.OK))
    kill(process)
    assert "3" in {account.id for account in store.accounts()}
    store.close()
