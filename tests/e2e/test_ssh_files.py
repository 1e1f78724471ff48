"""The export folder over SFTP: to read, and nothing beside it, through the real client and asyncssh's."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import struct
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

from resh.frontends.ssh.serve import DESCRIPTORS
from resh.frontends.ssh.sftp import MOST_OPEN
from tests.e2e.conftest import bare_environment
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("sftp"), reason="needs the OpenSSH client")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("files")
    world = World(folder / "home", folder / "keys", bare_environment())
    for user in ("ada", "bob"):
        world.user(user)
        mine = world.home / "exports" / user
        (mine / "deep").mkdir(parents=True)
        (mine / "report.csv").write_text(f"of {user}\n")
        (mine / "deep" / "big.bin").write_bytes(os.urandom(3_000_000))
    ada = world.home / "exports" / "ada"
    (ada / "link").symlink_to(world.home / "exports" / "bob" / "report.csv")
    (ada / "passwd").symlink_to("/etc/passwd")
    (ada / "out").symlink_to(world.home)
    (ada / "home").symlink_to("../bob")
    os.mkfifo(ada / "pipe")
    with world.serving("ssh.exempt=127.0.0.0/8"):
        yield world


def test_reading(world: World) -> None:
    done = world.sftp("ada", "ls -l\nget report.csv got.csv\nget deep/big.bin got.bin\n")
    assert done.returncode == 0, done.stderr
    assert "report.csv" in done.stdout
    assert (world.keys / "got.csv").read_text() == "of ada\n"
    assert (world.keys / "got.bin").read_bytes() == (world.home / "exports" / "ada" / "deep" / "big.bin").read_bytes()
    session = world.record("session")[-1]
    assert session["kind"] == "sftp"
    assert world.awaited("exit", session["session"])["sent"] > 3_000_000


@pytest.mark.parametrize(
    "line",
    [
        "put report.csv new.csv", "put report.csv report.csv", "rm report.csv", "mkdir new", "rmdir deep", "rename report.csv other.csv",
        "ln -s report.csv other", "ln report.csv other", "chmod 777 report.csv", "get link", "get passwd", "get out/settings.json",
        "get home/report.csv", "get /etc/passwd", "get ../bob/report.csv", "get ../../ssh/host_key", "get pipe", "cd out", "ls home/deep",
        "df",
    ],
)  # fmt: skip
def test_nothing_else(world: World, line: str) -> None:
    (world.keys / "report.csv").write_text("from the client\n")
    before = sorted(world.home.joinpath("exports").rglob("*"))
    assert world.sftp("ada", f"{line}\n").returncode != 0
    assert sorted(world.home.joinpath("exports").rglob("*")) == before
    assert (world.home / "exports" / "ada" / "report.csv").read_text() == "of ada\n"


@pytest.mark.parametrize(
    ("options", "words", "status"),
    [
        ((), ("ada@127.0.0.1:report.csv", "copied.csv"), 0),
        (("-r",), ("ada@127.0.0.1:deep", "copied"), 0),
        ((), ("ada@127.0.0.1:/etc/passwd", "copied.csv"), 1),
        ((), ("report.csv", "ada@127.0.0.1:new.csv"), 1),
        (("-O",), ("ada@127.0.0.1:report.csv", "copied.csv"), 1),
    ],
)
def test_scp(world: World, tmp_path: Path, options: tuple[str, ...], words: tuple[str, str], status: int) -> None:
    (tmp_path / "report.csv").write_text("from the client\n")
    command = ["scp", *world.options("ada"), "-P", str(world.port), *options, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert ("scp without -O" in done.stderr) == ("-O" in options)
    if status == 0:
        assert next(tmp_path.rglob("copied*")).exists()
    assert world.awaited("exit", world.record("session")[-1]["session"])["status"] == (127 if "-O" in options else 0)


def test_legacy_scp_is_refused(world: World) -> None:
    assert world.run("ada", "scp -f /etc/passwd").returncode == 127


Steps = Callable[[asyncssh.SFTPClient], Awaitable[object]]


@pytest.mark.parametrize(
    "steps",
    [
        lambda client: client.open("report.csv", "w"),
        lambda client: client.open("report.csv", "a"),
        lambda client: client.open("fresh", "x"),
        lambda client: client.truncate("report.csv", 0),
        lambda client: client.readlink("link"),
        lambda client: client.open("\x00"),
        lambda client: client.open("a/" * 2000),
        lambda client: client.stat("passwd"),
        lambda client: client.symlink("/etc/passwd", "mine"),
        lambda client: client.posix_rename("report.csv", "other"),
        lambda client: client.utime("report.csv", (1, 1)),
    ],
)
@pytest.mark.parametrize("version", [3, 6])
def test_a_client_that_does_as_it_likes(world: World, steps: Steps, version: int) -> None:
    async def attempt() -> None:
        keys = [os.fspath(world.keys / "ada")]
        async with (
            asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection,
            connection.start_sftp_client(sftp_version=version) as client,
        ):
            with pytest.raises((asyncssh.SFTPError, ValueError)):
                await steps(client)
            assert await client.realpath("../../..") == "/"

    before = _tree(world.home / "exports")
    asyncio.run(attempt())
    assert _tree(world.home / "exports") == before


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(file): (file.lstat().st_size, file.lstat().st_mtime_ns) for file in folder.rglob("*") if not file.is_dir()}


def _steps(world: World, steps: Callable[[asyncssh.SSHClientConnection], Awaitable[None]]) -> None:
    async def attempt() -> None:
        keys = [os.fspath(world.keys / "ada")]
        async with asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection:
            await steps(connection)

    asyncio.run(attempt())


def test_so_many_files_are_open_and_no_more(world: World) -> None:
    """Whoever opens more would take the descriptors that log-ins of others need, of which there are as many as there can be."""
    soft, hard = resource.prlimit(world.pid, resource.RLIMIT_NOFILE)
    assert soft >= min(hard, DESCRIPTORS)

    async def steps(connection: asyncssh.SSHClientConnection) -> None:
        async with connection.start_sftp_client() as client:
            files = [await client.open("report.csv") for _ in range(MOST_OPEN)]
            with pytest.raises(asyncssh.SFTPFailure, match="close some"):
                await client.open("report.csv")
            with pytest.raises(asyncssh.SFTPFailure, match="close some"):
                await client.listdir(".")
            await files[0].close()
            assert await (await client.open("report.csv")).read() == "of ada\n"

    _steps(world, steps)


def test_a_client_that_asks_for_much_and_takes_nothing_costs_nothing(world: World) -> None:
    """Ten thousand reads (5) of 256 KB, after a hello (1) and an open (3): 2.6 GB, if they were all answered."""
    length = 1 << 18

    def packet(kind: int, body: bytes) -> bytes:
        return struct.pack(">IB", len(body) + 1, kind) + body

    async def steps(connection: asyncssh.SSHClientConnection) -> None:
        channel, _ = await connection.create_session(asyncssh.SSHClientSession, subsystem="sftp", encoding=None)
        channel.pause_reading()
        name = b"deep/big.bin"
        channel.write(packet(1, struct.pack(">I", 3)))
        channel.write(packet(3, struct.pack(">II", 1, len(name)) + name + struct.pack(">II", asyncssh.FXF_READ, 0)))
        for number in range(10_000):
            channel.write(packet(5, struct.pack(">II", number, 4) + bytes(4) + struct.pack(">QI", 0, length)))
        for _ in range(3):  # each a whole log-in, for which the server has to get to it
            assert (await asyncio.to_thread(world.run, "bob", "echo well")).stdout == "well\n"

    _steps(world, steps)
    session = next(line["session"] for line in reversed(world.record("session")) if line["kind"] == "sftp")
    assert 0 < world.awaited("exit", session)["sent"] < 100 * length


def test_a_folder_that_becomes_a_link_leads_nowhere(world: World) -> None:
    """While it is open, and between two requests."""
    folder = world.home / "exports" / "ada" / "moving"
    folder.mkdir()
    (folder / "file").write_text("inside\n")

    async def steps(connection: asyncssh.SSHClientConnection) -> None:
        async with connection.start_sftp_client() as client:
            before = await client.open("moving/file")
            folder.rename(folder.with_name("moved"))
            folder.symlink_to(world.home / "exports" / "bob")
            assert await before.read() == "inside\n"
            for path in ("moving/report.csv", "moving/../moving/report.csv", "/moving/deep/big.bin"):
                with pytest.raises(asyncssh.SFTPError):
                    await client.open(path)
            assert sorted(await client.listdir("moved")) == ["file"]

    try:
        _steps(world, steps)
    finally:
        folder.unlink()
        shutil.rmtree(folder.with_name("moved"))
