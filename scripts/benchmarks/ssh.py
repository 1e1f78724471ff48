"""Ten SSH sessions that search while an account is merged, against the same sessions when nothing else happens."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
from figures import Figure
from merge import merge
from world import ACCOUNT_SIZE, account

from resh.clock import SystemClock
from resh.graph.sqlite import SqliteStore

SESSIONS, SEARCHES = 10, 12
LINE = "search is(aws_ec2_volume) and volume_status = available limit 20 | list id, volume_size"


def figures(home: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, server(home, Path(folder)) as (_, port, key):
        idle = asyncio.run(_p95(port, key))
        with merging(home):
            busy = asyncio.run(_p95(port, key))
    yield Figure("10 SSH sessions searching during merges, p95", busy, idle, 2.5, "the same without a merge")


@contextmanager
def server(home: Path, folder: Path, *settings: str) -> Iterator[tuple[int, int, str]]:
    """Its process, its port, and a key that opens it."""
    key = authorize(home, folder)
    options = [word for setting in ("workflows.schedule=false", "ssh.exempt=127.0.0.0/8", *settings) for word in ("--set", setting)]
    command = [sys.executable, "-m", "resh", "--home", str(home), *options, "serve", "--listen", "127.0.0.1:0"]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    found = re.search(r"listening on [^ ]+:(\d+)", child.stderr.readline())
    assert found
    try:
        yield child.pid, int(found[1]), key
    finally:
        child.terminate()
        child.communicate()


@contextmanager
def merging(home: Path) -> Iterator[None]:
    """Another process merges an account again and again, as the one does that collects for a server."""
    child = subprocess.Popen([sys.executable, __file__, str(home)])
    try:
        yield
    finally:
        child.kill()
        child.wait()


def authorize(home: Path, folder: Path) -> str:
    """The file of a key that opens the server of that state folder, for the user `bench`."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(folder / "key")
    authorized = home / "ssh" / "authorized_keys"
    authorized.mkdir(parents=True, exist_ok=True)
    (authorized / "bench").write_bytes(key.export_public_key())
    return os.fspath(folder / "key")


async def _p95(port: int, key: str) -> float:
    async with asyncssh.connect("127.0.0.1", port, username="bench", client_keys=[key], known_hosts=None) as connection:
        times = await asyncio.gather(*(_session(connection) for _ in range(SESSIONS)))
    return statistics.quantiles([one for session in times for one in session], n=20)[-1]


async def _session(connection: asyncssh.SSHClientConnection) -> list[float]:
    times = []
    for _ in range(SEARCHES):
        start = time.perf_counter()
        await connection.run(LINE, check=True)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _merge_for_ever(home: Path) -> None:
    store = SqliteStore(home / "graph.sqlite3", SystemClock())
    for change in range(1000):
        merge(store, account(0, ACCOUNT_SIZE, 0.01 * (change % 2)))


if __name__ == "__main__":
    _merge_for_ever(Path(sys.argv[1]))
