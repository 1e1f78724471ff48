"""The server is told to stop, and its host key changes: what people at it see."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import bare_environment
from tests.e2e.screen import Screen
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
PROMPT = r"^> *$"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "home", tmp_path / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    return world


@pytest.fixture
def background() -> Iterator[Callable[[list[str]], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(command: list[str]) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def screen(world: World) -> Screen:
    return Screen({"PATH": os.environ["PATH"]}, command=world.command("ada", options=("-tt",)))


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_prompts_are_told_and_end_with_their_last_status(world: World) -> None:
    with world.serving() as server, screen(world) as shell:
        shell.until(PROMPT)
        shell.type("search )\r")
        shell.until("expected")
        shell.type("half a line")
        shell.settle()
        world.stop(server)
        shell.until("resh is stopping")
        assert shell.exit_status() == 2


def test_what_runs_comes_to_its_end_and_no_further_line_is_taken(
    world: World, background: Callable[[list[str]], subprocess.Popen[str]]
) -> None:
    with world.serving() as server:
        one = background(world.command("ada", "echo begun; sleep 2; echo done"))
        script = background(world.command("ada", options=("-T",)))
        assert script.stdin is not None
        script.stdin.write("echo begun; sleep 2; echo done\necho never\n")
        script.stdin.flush()
        assert [first_line(one), first_line(script)] == ["begun\n", "begun\n"]
        world.stop(server)
        for process in (one, script):
            assert process.communicate(timeout=20)[0] == "done\n"
            assert process.returncode == 0
    assert {line["status"] for line in world.record("exit")} == {0}


def test_what_takes_too_long_is_cancelled(world: World, background: Callable[[list[str]], subprocess.Popen[str]]) -> None:
    with world.serving("ssh.stop_timeout=1s") as server:
        one = background(world.command("ada", "echo begun; sleep 600"))
        assert first_line(one) == "begun\n"
        world.stop(server)
        one.communicate(timeout=20)
        assert one.returncode == 130


def test_a_second_signal_does_not_wait(world: World, background: Callable[[list[str]], subprocess.Popen[str]]) -> None:
    with world.serving("ssh.stop_timeout=10m") as server:
        one = background(world.command("ada", "echo begun; sleep 600"))
        assert first_line(one) == "begun\n"
        world.stop(server)
        world.logged("stopping", server)
        world.stop(server)
        one.communicate(timeout=20)
        assert one.returncode == 130


SLOW = "{description: Two steps., steps: [{run: echo first, name: one}, {run: sleep 600, name: two}, {run: echo never, name: three}]}"


def history(world: World) -> list[str]:
    return world.run("ada", "workflows history | format {workflow} {run} {status}; workflows running | count").stdout.splitlines()


@pytest.mark.parametrize(("how", "status"), [("stop", "cancelled"), ("kill", "interrupted")])
@pytest.mark.parametrize("line", ["workflows run slow --wait", "workflows run slow; workflows log 0001 --follow"])
def test_a_workflow_is_over_at_the_next_start(
    world: World, background: Callable[[list[str]], subprocess.Popen[str]], how: str, status: str, line: str
) -> None:
    with world.serving("ssh.stop_timeout=0s") as server:
        assert world.run("ada", f"workflows add slow '{SLOW}'").returncode == 0
        run = background(world.command("ada", line))
        while "sleep" not in (said := world.run("ada", "workflows running").stdout) and "two" not in said:
            assert run.poll() is None
        getattr(world, how)(server)
        run.communicate(timeout=30)
        assert run.returncode == (130 if how == "stop" else 255)
    with world.serving():
        assert history(world) == [f"slow 0001 {status}", "total matched: 0", "total unmatched: 0"]
        assert "never" not in world.run("ada", "workflows log 0001").stdout


def test_a_client_learns_the_new_host_key_before_the_old_one_goes(world: World) -> None:
    learning = ("-o", "UpdateHostKeys=yes", "-o", "StrictHostKeyChecking=yes", "-o", "HostKeyAlias=resh", "-o", "LogLevel=INFO")
    with world.serving():
        assert world.run("ada", "echo first", options=("-o", "HostKeyAlias=resh")).returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "resh", "serve", "--rotate-host-key"], env=world.environment, capture_output=True, text=True, check=True
    )
    old, new = (line.split()[-1] for line in done.stdout.splitlines()[:2])
    assert old != new
    with world.serving():
        assert world.run("ada", "echo second", options=learning).stdout == "second\n"
    (world.home / "ssh" / "host_key.old").unlink()
    with world.serving():
        met = world.run("ada", "echo third", options=learning)
        assert met.stdout == "third\n", met.stderr
        shown = subprocess.run(["ssh-keygen", "-lf", world.keys / "known_hosts"], capture_output=True, text=True, check=True)
        assert new in shown.stdout
        assert old not in shown.stdout
