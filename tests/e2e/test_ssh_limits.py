"""What a server that is short of patience and of room does with those who stay, and those who come after."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import asyncssh
import pytest
from asyncssh.channel import SSHClientChannel

from tests.e2e.conftest import bare_environment
from tests.e2e.screen import Screen
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("limits")
    world = World(folder / "home", folder / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    world.user("bob")
    with world.serving("ssh.exempt=127.0.0.0/8", "ssh.idle_timeout=1s", "ssh.max_sessions=2", "ssh.max_connections=6"):
        yield world


def test_an_idle_prompt_ends(world: World) -> None:
    with Screen({"PATH": os.environ["PATH"]}, command=world.command("ada", options=("-tt",))) as shell:
        shell.until("idle for too long")
        assert shell.exit_status() == 124


@pytest.mark.parametrize(("line", "asked"), [("user delete bob", "Delete bob"), ("kinds | format {name}", "-- more")])
def test_so_does_a_question_that_nobody_answers(world: World, line: str, asked: str) -> None:
    with Screen({"PATH": os.environ["PATH"]}, command=world.command("ada", options=("-tt",))) as shell:
        shell.type(f"{line}\r")  # ahead of the prompt, which does not wait long
        shell.until("idle for too long")
        assert shell.exit_status() == 124
        assert asked.encode() in shell.raw
    assert (world.authorized / "bob").exists()


@pytest.mark.parametrize("options", [("-T",), ("-N",), ("-s",)])
def test_so_does_whoever_sends_nothing(world: World, options: tuple[str, ...]) -> None:
    words = ("sftp",) if options == ("-s",) else ()
    with subprocess.Popen(
        world.command("ada", *words, options=options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as client:
        assert client.wait(timeout=30) == (255 if options == ("-N",) else 124)


def test_so_does_a_channel_for_which_nothing_is_asked(world: World) -> None:
    async def attempt() -> None:
        keys = [os.fspath(world.keys / "ada")]
        async with asyncssh.connect("127.0.0.1", world.port, username="ada", client_keys=keys, known_hosts=None, config=None) as connection:
            channel = SSHClientChannel[str](connection, asyncio.get_running_loop(), "strict", "utf-8", "strict", 1 << 16, 1 << 15)
            channel._session = asyncssh.SSHClientSession()
            await channel._open(b"session")  # and no further: asyncssh's own sessions ask for a shell at once
            await asyncio.wait_for(connection.wait_closed(), 30)

    asyncio.run(attempt())


def test_what_works_is_not_idle(world: World) -> None:
    assert world.run("ada", "sleep 2; echo done").stdout == "done\n"


def test_all_sessions_together(world: World) -> None:
    command = world.command("ada", "echo begun; sleep 600")
    busy = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        assert [one.stdout and one.stdout.readline() for one in busy] == ["begun\n"] * 2
        assert world.run("bob", "echo in").returncode == 255
        assert world.record("refused")[-1]["reason"] == "there are 2 sessions already"
    finally:
        for one in busy:
            one.kill()
            one.communicate()


def test_all_connections_together(world: World) -> None:
    """Those that have not logged in count, too, and are given longer than those that have and do nothing."""
    with ExitStack() as stack:
        for _ in range(6):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", world.port), timeout=30))
            assert connection.recv(8) == b"SSH-2.0-"
        assert world.run("bob", "echo in").returncode == 255
    assert "too many connections" in {line.get("reason") for line in world.record("refused", "strangers.jsonl")}
