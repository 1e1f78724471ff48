"""What is offered to clients, as ssh-audit judges it, and which clients it lets in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resh.frontends.ssh import sntrup
from tests.e2e.conftest import bare_environment
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
AUDIT = Path(sys.executable).with_name("ssh-audit")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "home", tmp_path / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    return world


def known_to_ssh(*names: str) -> bool:
    found = subprocess.run(["ssh", "-Q", "kex"], capture_output=True, text=True, check=True).stdout.split()
    return any(name in found for name in names)


@pytest.mark.skipif(not AUDIT.exists(), reason="needs ssh-audit")
def test_ssh_audit_has_nothing_to_say_of_the_defaults(world: World) -> None:
    with world.serving():
        told = subprocess.run([AUDIT, "--json", "-p", str(world.port), "127.0.0.1"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    found = json.loads(told.stdout)
    kinds = {kind: [one["algorithm"] for one in found[kind]] for kind in ("kex", "key", "enc", "mac")}
    assert kinds["kex"][:1] == ["mlkem768x25519-sha256"]
    assert kinds["key"] == ["ssh-ed25519"]
    assert not [one for kind in kinds for one in found[kind] if {"fail", "warn"} & set(one["notes"])]
    assert not {"critical", "warning"} & set(found["recommendations"])
    assert not found["cves"]


@pytest.mark.skipif(not sntrup.register(), reason="needs pqcrypto or liboqs")
@pytest.mark.parametrize("name", sntrup.NAMES)
def test_older_clients_that_resist_quantum_computers_come_in(world: World, name: str) -> None:
    if not known_to_ssh(name):
        pytest.skip(f"this client knows no {name}")
    with world.serving():
        assert world.run("ada", "echo in", options=("-o", f"KexAlgorithms={name}")).stdout == "in\n"


@pytest.mark.parametrize(("setting", "expected"), [("post-quantum", 255), ("compatible", 0)])
def test_the_oldest_come_in_only_where_they_may(world: World, setting: str, expected: int) -> None:
    with world.serving(f"ssh.key_exchange={setting}"):
        command = world.command("ada", "echo in", options=("-o", "KexAlgorithms=curve25519-sha256"))
        command[command.index("LogLevel=ERROR")] = "LogLevel=INFO"
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == expected
    assert ("no matching key exchange method" in done.stderr) == bool(expected)
