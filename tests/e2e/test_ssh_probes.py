"""What broke other shells behind SSH: slow readers, many channels, terminals that ask first, killed clients, both client libraries."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
import termios
import threading
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import asyncssh
import pytest

from tests.e2e.conftest import bare_environment
from tests.e2e.screen import Screen
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
PROMPT = r"^> *$"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("probes")
    world = World(folder / "home", folder / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    return world


@pytest.fixture(scope="module", autouse=True)
def pid(world: World) -> Iterator[int]:
    with world.serving("ssh.exempt=127.0.0.0/8") as server:
        yield server.pid


def memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def feed(stream: IO[bytes], data: bytes) -> None:
    with stream:
        stream.write(data)


def paused(descriptor: int) -> bool:
    """Whether the pipe is full: ssh takes nothing more from the server until somebody reads."""
    waiting = array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, waiting)
    return waiting[0] >= 1 << 16


def test_a_slow_reader_holds_up_nobody_and_loses_nothing(world: World, pid: int) -> None:
    lines, length = 200, 100_000
    script = f"echo {'x' * length}\n" * lines
    assert world.run("ada", "echo warm").returncode == 0
    before = memory(pid)
    with subprocess.Popen(world.command("ada", options=("-T",)), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as slow:
        assert slow.stdin is not None
        assert slow.stdout is not None
        feeding = threading.Thread(target=feed, args=(slow.stdin, script.encode()))
        feeding.start()
        while memory(pid) < before + 20 * MEGABYTE and not paused(slow.stdout.fileno()):
            pass
        assert world.run("ada", "echo well").stdout == "well\n"
        assert memory(pid) < before + 20 * MEGABYTE
        count = 0
        while piece := os.read(slow.stdout.fileno(), 1 << 16):
            count += len(piece)
        feeding.join()
    assert (count, slow.returncode) == (lines * (length + 1), 0)


def test_many_channels_of_one_connection(world: World) -> None:
    master = ("-o", "ControlMaster=auto", "-o", "ControlPersist=20", "-o", f"ControlPath={world.keys}/master")
    assert world.run("ada", "echo first", options=master).stdout == "first\n"
    logins = len(world.record("login"))
    started = [subprocess.Popen(world.command("ada", f"sleep 0.2; echo {n}", options=master), stdout=subprocess.PIPE) for n in range(8)]
    assert [process.communicate(timeout=30)[0] for process in started] == [f"{n}\n".encode() for n in range(8)]
    assert world.run("ada", "search is(", options=master).returncode == 2
    assert world.run("ada", "exit 7", options=master).returncode == 7
    assert len(world.record("login")) == logins


@pytest.mark.parametrize("line", ["infocmp -x xterm-ghostty", "tic -x -", "scp -t /tmp", "/bin/sh", "uname -a"])
def test_what_is_no_command_of_ours_is_told_at_once(world: World, line: str) -> None:
    done = world.run("ada", line, stdin="xterm-ghostty|ghostty,\n")
    assert done.returncode == 127
    assert done.stdout == ""


def test_what_a_killed_client_ran_is_cancelled(world: World) -> None:
    client = subprocess.Popen(world.command("ada", "echo begun; sleep 600"), stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    assert client.stdout.readline() == "begun\n"
    session = next(line["session"] for line in reversed(world.record("command")) if line["line"].startswith("echo begun"))
    client.kill()
    client.communicate()
    for _ in range(100):
        if any(line["session"] == session and line["status"] == 130 for line in world.record("ended")):
            return
        assert world.run("ada", "echo well").returncode == 0
    pytest.fail("it still runs")


def test_a_window_that_changes_its_size(world: World) -> None:
    with Screen({"PATH": os.environ["PATH"]}, command=world.command("ada", options=("-tt",))) as shell:
        shell.until(PROMPT)
        shell.resize(50, 12)
        shell.settle()
        shell.type("kinds | head 1\r")
        shell.settle()
        assert all(len(line) <= 50 for line in shell.text.splitlines())
        shell.type("exit 3\r")
        assert shell.exit_status() == 3


@pytest.mark.parametrize("size", [(1, 1), (2**31 - 1, 2**31 - 1), (2**32 - 1, 3)])
def test_a_window_of_a_size_that_none_has(world: World, pid: int, size: tuple[int, int]) -> None:
    """Each cell of a screen is drawn, in the memory and the time of everybody."""

    async def attempt() -> None:
        keys = [os.fspath(world.keys / "ada")]
        async with asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection:
            process = await connection.create_process(term_type="xterm", term_size=(80, 24))
            await process.stdout.readuntil(">")
            process.change_terminal_size(*size)
            process.stdin.write("exit 3\r")
            assert (await asyncio.wait_for(process.wait(), 60)).exit_status == 3

    before = memory(pid)
    asyncio.run(attempt())
    assert memory(pid) < before + 100 * MEGABYTE


def test_a_paste_that_is_too_long_is_refused_and_holds_up_nobody(world: World) -> None:
    with Screen({"PATH": os.environ["PATH"]}, command=world.command("ada", options=("-tt",))) as shell:
        shell.until(PROMPT)
        shell.type("\x1b[200~echo " + "x" * 300_000 + "\x1b[201~")
        shell.until("that paste has more than 10,000 characters")
        shell.type("\x1b[200~echo " + "y" * 9000 + "\x1b[201~\r")
        shell.until("y{100}")
        shell.type("sleep 1\r\x1b[200~echo " + "x" * 300_000 + "\x1b[201~")
        shell.type("echo still\x1b[200~ here\x1b[201~\r")
        shell.until("^still here")


@pytest.mark.parametrize(("line", "status"), [("echo a", 0), ("nonsense", 127), ("search is(", 2), ("exit 9", 9)])
@pytest.mark.parametrize("terminal", [None, "xterm-256color"])
def test_the_other_client_gets_the_same_status(world: World, line: str, status: int, terminal: str | None) -> None:
    async def attempt() -> int | None:
        keys = [os.fspath(world.keys / "ada")]
        async with asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection:
            return (await connection.run(line, term_type=terminal)).exit_status

    assert asyncio.run(attempt()) == status


@pytest.mark.parametrize("option", [("-R", "0:127.0.0.1:9"), ("-A",), ("-X",), ("-w", "0:0"), ("-R", "/tmp/resh-socket:127.0.0.1:9")])
def test_nothing_is_forwarded(world: World, option: tuple[str, ...]) -> None:
    done = world.run("ada", "env", options=("-o", "ExitOnForwardFailure=yes", *option))
    assert done.returncode == 255 or ("SSH_AUTH_SOCK" not in done.stdout and "DISPLAY" not in done.stdout)


def test_a_port_behind_the_server_stays_closed(world: World) -> None:
    async def attempt() -> None:
        keys = [os.fspath(world.keys / "ada")]
        async with asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection:
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_connection("127.0.0.1", world.port)
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.open_unix_connection("/tmp/socket")

    asyncio.run(attempt())


def test_the_client_s_environment_is_read_for_colours_alone(world: World) -> None:
    done = world.run("ada", "env", options=("-o", "SetEnv=RESH_HOME=/tmp PATH=/tmp LD_PRELOAD=/tmp/x.so"))
    assert "/tmp" not in done.stdout
