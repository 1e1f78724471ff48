"""Prompts over SSH: what fifty idle ones cost, and how soon a key is echoed while ten sessions search during merges."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncssh
from figures import Figure
from ssh import LINE, SESSIONS, merging, server

IDLE, SETTLE_SECONDS, IDLE_SECONDS = 50, 8.0, 20.0
KEYS, PAUSE_SECONDS = 100, 0.05
READING_SECONDS = 0.5  # people look at what they found
Process = asyncssh.SSHClientProcess[str]


def figures(home: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, server(home, Path(folder), "ssh.user_sessions=100") as (pid, port, key):
        megabytes, percent = asyncio.run(_idle(port, key, pid))
        yield Figure("memory of an idle session", megabytes, 1, 2, "1 MB", "MB")
        yield Figure("processor of an idle session", percent, 1, 0.5, "1 %", "%")
        quiet = asyncio.run(_echoes(port, key, searching=0))
        yield Figure("echo of a key, p95", quiet, 1, 50, "1 ms; nothing else happens")
        with merging(home):
            busy = asyncio.run(_echoes(port, key, searching=SESSIONS))
        yield Figure(f"echo of a key while {SESSIONS} sessions search during merges, p95", busy, 1, 50, "1 ms")


async def _idle(port: int, key: str, pid: int) -> tuple[float, float]:
    """Megabytes, and percent of a processor, of each of the sessions."""
    async with AsyncExitStack() as stack:
        first = await _prompt(stack, port, key)
        await asyncio.sleep(SETTLE_SECONDS)
        memory, before = _memory(pid), await _used(pid)
        prompts = [first, *[await _prompt(stack, port, key) for _ in range(IDLE)]]
        readers = [asyncio.create_task(_drain(prompt)) for prompt in prompts]
        await asyncio.sleep(SETTLE_SECONDS)
        after = await _used(pid)
        grown = _memory(pid) - memory
        for reader in readers:
            reader.cancel()
    return grown / IDLE / 1e6, max(0.0, after - before) / IDLE * 100


async def _used(pid: int) -> float:
    """Share of a processor that it takes."""
    before = _ticks(pid)
    await asyncio.sleep(IDLE_SECONDS)
    return (_ticks(pid) - before) / os.sysconf("SC_CLK_TCK") / IDLE_SECONDS


def _ticks(pid: int) -> int:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


def _memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _prompt(stack: AsyncExitStack, port: int, key: str) -> Process:
    connection = await stack.enter_async_context(
        asyncssh.connect("127.0.0.1", port, username="bench", client_keys=[key], known_hosts=None, config=None)
    )
    prompt: Process = await stack.enter_async_context(connection.create_process(term_type="xterm-256color", term_size=(120, 40)))
    await prompt.stdout.readuntil(">\x1b[0m")
    return prompt


async def _drain(prompt: Process) -> None:
    while await prompt.stdout.read(1 << 16):
        pass


async def _echoes(port: int, key: str, searching: int) -> float:
    """p95 of the milliseconds from a key to its echo."""
    async with AsyncExitStack() as stack:
        prompt = await _prompt(stack, port, key)
        connection = await stack.enter_async_context(
            asyncssh.connect("127.0.0.1", port, username="bench", client_keys=[key], known_hosts=None, config=None)
        )
        await asyncio.sleep(SETTLE_SECONDS)
        searches = [asyncio.create_task(_search(connection)) for _ in range(searching)]
        times = [await _echo(prompt, "qz"[number % 2]) for number in range(KEYS)]
        for search in searches:
            search.cancel()
    return statistics.quantiles(times, n=20)[-1]


async def _echo(prompt: Process, key: str) -> float:
    await asyncio.sleep(PAUSE_SECONDS)
    start = time.perf_counter()
    prompt.stdin.write(key)
    while key not in _PLAIN.sub("", await prompt.stdout.read(1 << 16)):
        pass
    return (time.perf_counter() - start) * 1000


_PLAIN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


async def _search(connection: asyncssh.SSHClientConnection) -> None:
    while True:
        await connection.run(LINE, check=True)
        await asyncio.sleep(READING_SECONDS)
