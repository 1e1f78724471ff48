"""Rude clients: connections dropped at every stage, bytes that are no SSH, many keys. The server stays well, and nothing is left."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncssh
import pytest

from tests.e2e.conftest import bare_environment
from tests.e2e.ssh_world import World

pytestmark = [
    pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client"),
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc"),
]
FLOODS = int(os.environ.get("RESH_FLOOD", "300"))
"""Connections of each flood; RESH_FLOOD=10000 is the long run."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("rude")
    world = World(folder / "home", folder / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    return world


@pytest.fixture(scope="module")
def pid(world: World) -> Iterator[int]:
    with world.serving("ssh.exempt=127.0.0.0/8") as server:
        assert world.run("ada", "echo warm").stdout == "warm\n"
        yield server.pid
    log = (world.keys / "log").read_text()
    assert "Traceback" not in log
    assert "rror" not in log


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory(pid: int) -> int:
    """Bytes that belong to the process alone, or nearly."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def dropped(port: int, sent: bytes, *, reset: bool) -> None:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(sent)


def rest(world: World) -> None:
    """Until the server has dealt with all that came before: then a log-in goes through again."""
    assert "well\n" in (world.run("ada", "echo well").stdout for _ in range(20))


def leaves_nothing(world: World, pid: int, before: int) -> bool:
    for _ in range(20):
        rest(world)
        if descriptors(pid) <= before + 1:
            return True
    return False


def test_dropped_before_any_key_exchange(world: World, pid: int) -> None:
    hello = b"SSH-2.0-OpenSSH_9.9\r\n"
    start = os.urandom(16).join((hello + b"\x00\x00\x01\x00\x04\x14", b"\x00" * 40))

    def flood(connections: int) -> None:
        for number in range(connections):
            dropped(world.port, (b"", b"SSH-", hello, start)[number % 4], reset=number % 3 == 0)
        rest(world)

    before = descriptors(pid)
    flood(FLOODS // 2 + 50)  # what the allocator keeps at hand from then on is none of the connections'
    size = memory(pid)
    flood(FLOODS // 2)
    assert leaves_nothing(world, pid, before)
    assert memory(pid) < size + 8_000_000 + FLOODS * 1000  # one that stayed would be fifty times as large


def test_bytes_that_are_no_ssh(world: World, pid: int) -> None:
    rest(world)
    chance, before = random.Random(7), descriptors(pid)
    for _ in range(FLOODS):
        start = chance.choice([b"", b"SSH-2.0-x\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01"])
        dropped(world.port, start + chance.randbytes(chance.randrange(2000)), reset=False)
    rest(world)
    assert leaves_nothing(world, pid, before)


@pytest.mark.parametrize("stage", ["kex", "auth", "login", "channel", "command"])
def test_dropped_at_a_later_stage(world: World, pid: int, stage: str) -> None:
    rest(world)
    before = descriptors(pid)

    class Client(asyncssh.SSHClient):
        def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
            self.connection = conn

        def validate_host_public_key(self, *_: object) -> bool:
            if stage == "kex":
                self.connection.abort()
            return True

        def public_key_auth_requested(self) -> None:
            if stage == "auth":
                self.connection.abort()

    async def one(key: asyncssh.SSHKey) -> None:
        keys = None if stage == "auth" else [key]
        with suppress(asyncssh.Error, OSError):
            connection, _ = await asyncssh.create_connection(
                Client, "127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=([], [], []), config=None, agent_path=None
            )
            if stage in ("channel", "command"):
                await connection.create_process("sleep 60" if stage == "command" else "")
            connection.abort()

    async def all_of_them() -> None:
        key = asyncssh.read_private_key(world.keys / "ada")
        for _ in range(max(5, FLOODS // 30)):
            await asyncio.gather(*(one(key) for _ in range(3)))

    asyncio.run(all_of_them())
    rest(world)
    assert leaves_nothing(world, pid, before)


def test_so_many_keys_and_no_more(world: World, pid: int) -> None:
    keys = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(20)]
    tried: list[asyncssh.SSHKey] = []

    class Client(asyncssh.SSHClient):
        def public_key_auth_requested(self) -> asyncssh.SSHKey | None:
            tried.append(keys[len(tried)])
            return tried[-1]

    async def attempt() -> None:
        await asyncssh.create_connection(
            Client, "127.0.0.1", world.port, username="ada", known_hosts=None, config=None, agent_path=None, client_keys=None
        )

    with pytest.raises((asyncssh.Error, OSError)):
        asyncio.run(attempt())
    assert 6 <= len(tried) <= 7
    assert world.told("disconnect", "strangers.jsonl", attempts=7)


def test_who_floods_the_port_leaves_the_record_of_the_others_alone(world: World, pid: int) -> None:
    before = (world.home / "ssh" / "audit.jsonl").read_bytes()
    for _ in range(20):
        dropped(world.port, b"SSH-2.0-x\r\n", reset=False)
    rest(world)
    world.until_all_left()
    added = (world.home / "ssh" / "audit.jsonl").read_bytes().removeprefix(before).decode()
    assert {line["event"] for line in map(json.loads, added.splitlines())} == {"login", "session", "command", "ended", "exit", "disconnect"}
    everything = before.decode() + added  # somebody who left just before is written down a moment later
    assert everything.count('"event": "disconnect"') <= everything.count('"event": "login"')
    assert len(world.record("connect", "strangers.jsonl")) >= 20
