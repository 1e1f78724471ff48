"""Many people at one server: what each sees of the others, what goes on without them, and who may do what in which way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from resh.commands.base import SOURCE, Command, Role
from resh.commands.table import TABLE, load
from tests.commands.test_table import leaves
from tests.e2e.conftest import bare_environment
from tests.e2e.screen import Screen
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
PROMPT = r"^> *$"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("team")
    world = World(folder / "home", folder / "keys", bare_environment())
    for role in Role:
        world.user(f"{role.name}s", f'role="{role.name}"')
    world.user("ada", 'role="admin"')
    world.user("bob", 'role="operator"')
    with world.serving("ssh.exempt=127.0.0.0/8", "ssh.user_sessions=4", "ssh.idle_timeout=10m"):
        yield world


def screen(world: World, user: str) -> Screen:
    return Screen({"PATH": os.environ["PATH"]}, command=world.command(user, options=("-tt",)))


def test_who_and_wall(world: World) -> None:
    with screen(world, "bob") as shell:
        shell.until(PROMPT)
        here = world.run("ada", "who | list --csv user, role, via, address").stdout.splitlines()
        assert '"bob","operator","ssh","127.0.0.1"' in here
        shell.type("half a line")
        shell.settle()
        assert world.run("ada", "wall lunch at noon").returncode == 0
        shell.until("ada: lunch at noon")
        shell.until_prompt("> half a line")


def test_one_s_work_is_not_another_s(world: World) -> None:
    with screen(world, "bob") as busy, screen(world, "ada") as shell:
        busy.until(PROMPT)
        shell.until(PROMPT)
        busy.type("sleep 60\r")
        busy.settle()
        shell.type("mine=1 env | list name\r")
        shell.until("mine")
        shell.type("echo only ada\r")
        shell.until("^only ada")
        busy.type("\x03")
        busy.until("cancelled")
        busy.type("env\r")
        busy.settle()
        assert "only ada" not in busy.raw.decode()
        assert "mine" not in busy.raw.decode()
    assert "only ada" in (world.home / "history" / "ada").read_text()
    assert "only ada" not in (world.home / "history" / "bob").read_text()


def test_what_was_started_with_an_ampersand_goes_on(world: World) -> None:
    started = world.run("ada", "sleep 1; echo after all &")
    assert started.returncode == 0
    assert "& 1: sleep 1; echo after all" in started.stderr
    assert world.run("ada", "sleep 2").returncode == 0
    assert world.sftp("ada", "get background-1.txt\n").returncode == 0
    assert (world.keys / "background-1.txt").read_text() == "after all\n"
    assert "& 1 of ada ended with 0" in world.run("ada", "events last 20 background_ended").stdout


def test_sessions_of_one_user(world: World) -> None:
    shells = [screen(world, "bob") for _ in range(4)]
    try:
        for shell in shells:
            shell.until(PROMPT)
        assert world.run("bob", "echo in").returncode == 255
        assert world.run("ada", "echo in").returncode == 0
    finally:
        for shell in shells:
            shell.__exit__(None, None, None)
    assert world.record("refused")[-1]["reason"] == "bob has 4 sessions already"


def test_who_is_deleted_is_out_at_once(world: World) -> None:
    world.user("carol", 'role="operator"')
    with screen(world, "carol") as shell:
        shell.until(PROMPT)
        assert world.run("ada", "user role carol viewer").returncode == 0
        assert shell.exit_status() == 255
    with screen(world, "carol") as shell:
        shell.until(PROMPT)
        assert world.run("ada", "yes=true user delete carol").returncode == 0
        assert shell.exit_status() == 255
    assert world.run("carol", "echo in").returncode == 255


COMMANDS = [pair for entry in TABLE.values() for pair in leaves(load(entry), entry.name)]
WAYS = ("exec", "stdin", "pty")
MASTER = ("-o", "ControlMaster=auto", "-o", "ControlPersist=30")


@pytest.fixture(scope="module")
def masters(world: World) -> dict[str, tuple[str, ...]]:
    """One connection a role, whose channels each line gets one of."""
    return {role.name: (*MASTER, "-o", f"ControlPath={world.keys}/{role.name}") for role in Role}


def harmless(label: str, command: Command) -> str:
    """A line that gets as far as the role is asked for, and ends there: the one behind it is no command, so nothing ever runs."""
    words = {int: "1"}
    arguments = [words.get(argument.type, "all") for argument in command.arguments if argument.required]
    rows = "" if command.position is SOURCE else "json [] | "
    return f"{rows}{label} {' '.join(arguments)}; nosuchcommand"


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize(("label", "command"), COMMANDS, ids=[label for label, _ in COMMANDS])
def test_who_may_do_what_is_the_same_in_every_way(
    world: World, masters: dict[str, tuple[str, ...]], label: str, command: Command, role: Role
) -> None:
    line, user, options = harmless(label, command), f"{role.name}s", masters[role.name]
    statuses = {
        "exec": world.run(user, line, options=options).returncode,
        "stdin": world.run(user, options=(*options, "-T"), stdin=f"{line}\n").returncode,
        "pty": world.run(user, line, options=(*options, "-tt")).returncode,
    }
    assert set(statuses) == set(WAYS)
    assert len(set(statuses.values())) == 1, statuses
    assert (statuses["exec"] == 126) == (role < command.role), statuses
