"""Who gets in, with which key, and as what: through the real OpenSSH client."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import bare_environment
from tests.e2e.screen import Screen
from tests.e2e.ssh_world import World

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("keys")
    world = World(folder / "home", folder / "keys", bare_environment())
    world.user("ada", 'role="admin"')
    with world.serving("ssh.exempt=127.0.0.0/8"):
        yield world


def role(world: World, user: str, key: str = "") -> str:
    """By what the user may do; nothing when nobody gets in."""
    for line, name in (("config set shell.events true", "admin"), ("workflows stop nothing", "operator"), ("echo in", "viewer")):
        status = world.run(user, line, key=key).returncode
        if status not in (126, 255):
            return name
    return ""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ('role="admin"', "admin"),
        ('role="operator"', "operator"),
        ("", "viewer"),
        ('role="emperor"', "viewer"),
        ('role="Admin"', "viewer"),
        ('from="127.0.0.0/8",role="operator"', "operator"),
        ('from="192.0.2.0/24",role="operator"', ""),
        ('from="!127.0.0.1,*",role="operator"', ""),
        ('expiry-time="20200101",role="admin"', ""),
        ('expiry-time="29990101",role="operator"', "operator"),
        ('role="admin",unheard-of', ""),
        ('role="admin",verify-required', ""),
        ('role="admin",role="viewer"', ""),
        ('environment="role=admin"', "viewer"),
    ],
)
def test_what_an_option_means(world: World, options: str, expected: str) -> None:
    world.user("nina", options)
    assert role(world, "nina") == expected


@pytest.mark.parametrize("options", ["no-pty", "restrict"])
def test_no_terminal(world: World, options: str) -> None:
    world.user("nina", options)
    assert world.run("nina", "echo in").stdout == "in\n"
    refused = world.run("nina", "echo in", options=("-tt",))
    assert "PTY allocation request failed" in refused.stderr + refused.stdout


def test_a_key_that_may_do_one_thing(world: World) -> None:
    world.user("nina", 'role="admin",command="echo forced"')
    assert world.run("nina", "config set shell.events false").stdout == "forced\n"
    assert "forced" in world.run("nina", stdin="config set shell.events false\n", options=("-T",)).stdout


def test_a_certificate_names_its_user(world: World) -> None:
    world.user("carol", 'cert-authority,role="operator"', key="authority")
    world.certificate("authority", "carol", "-n", "carol")
    assert role(world, "carol") == "operator"
    world.certificate("authority", "named", "-n", "victor")
    assert role(world, "carol", key="named") == ""
    world.certificate("authority", "nameless")
    assert role(world, "carol", key="nameless") == ""
    world.certificate("other", "foreign", "-n", "carol")
    assert role(world, "carol", key="foreign") == ""


@pytest.mark.parametrize("options", [("-V", "20200101:20200102"), ("-O", "source-address=192.0.2.1/32"), ("-h",)])
def test_a_certificate_that_does_not_hold(world: World, options: tuple[str, ...]) -> None:
    world.user("carol", 'cert-authority,role="operator"', key="authority")
    world.certificate("authority", "weak", "-n", "carol", *options)
    assert role(world, "carol", key="weak") == ""


def test_a_certificate_without_a_terminal(world: World) -> None:
    world.user("carol", "cert-authority", key="authority")
    world.certificate("authority", "carol", "-n", "carol", "-O", "no-pty")
    refused = world.run("carol", "echo in", options=("-tt",))
    assert "PTY allocation request failed" in refused.stderr + refused.stdout


@pytest.mark.parametrize(
    "name", ["../ada", "../../ada", "ada/", "/ada", "ADA", "ada ", "", ".", "..", "ada\n", "%u", "${HOME}", "~ada", "-oada"]
)
def test_a_name_never_becomes_a_path(world: World, name: str) -> None:
    done = world.run("ada", "echo in", options=("-l", name))
    assert done.returncode == 255 or not name  # the client itself takes no empty name
    assert done.stdout != "in\n" or not name


def test_a_link_is_no_file_of_keys(world: World) -> None:
    (world.authorized / "linked").unlink(missing_ok=True)
    (world.authorized / "linked").symlink_to(world.authorized / "ada")
    assert world.run("linked", "echo in", key="ada").returncode == 255


def test_what_a_client_says_about_itself_gives_no_rights(world: World, tmp_path: Path) -> None:
    world.user("nina")
    denied = world.run("nina", "config set shell.events false", options=("-o", "SetEnv=role=admin RESH_ROLE=admin USER=ada"))
    assert denied.returncode == 126


def test_a_new_file_counts_at_the_next_login(world: World) -> None:
    (world.authorized / "late").unlink(missing_ok=True)
    world.key("late")
    assert world.run("late", "echo in").returncode == 255
    world.user("late")
    assert world.run("late", "echo in").stdout == "in\n"


def test_the_record_has_the_key_and_never_a_secret(world: World) -> None:

    shown = subprocess.run(["ssh-keygen", "-lf", world.keys / "ada.pub"], capture_output=True, text=True, check=True).stdout
    world.run("ada", "echo hello; config set aws.secret_access_key hunter2")
    assert world.record("login")[-1]["key"] in shown
    assert (world.record("login")[-1]["user"], world.record("login")[-1]["role"]) == ("ada", "admin")
    assert world.record("command")[-1]["line"] == "echo (hidden) ; config (hidden)"
    ended = world.record("ended")[-1]
    assert ended["status"] == 2
    left = world.awaited("exit", ended["session"])
    assert left["status"] == 2
    assert left["sent"] > 0
    assert "hunter2" not in (world.home / "ssh" / "audit.jsonl").read_text()


def test_a_revoked_certificate_opens_nothing_and_ends_its_session(world: World) -> None:
    world.user("carol", 'cert-authority,role="operator"', key="authority")
    for name, serial in (("first", "17"), ("second", "18"), ("third", "19")):
        world.certificate("authority", name, "-n", "carol", "-z", serial)
    with Screen({"PATH": os.environ["PATH"]}, command=world.command("carol", key="first", options=("-tt",))) as shell:
        shell.until(r"^> *$")
        assert world.record("login")[-1]["certificate"] == "first-certificate (serial 17)"
        assert world.run("ada", "user revoke serial: 17").returncode == 0
        assert shell.exit_status() == 255
    assert role(world, "carol", key="first") == ""
    assert world.record("refused", "strangers.jsonl")[-1]["reason"] == "the certificate first-certificate (serial 17) is revoked"
    assert role(world, "carol", key="second") == "operator"
    world.run("ada", "user revoke id: second-certificate")
    assert role(world, "carol", key="second") == ""
    world.run("ada", f"user revoke {world.key('third')}")
    assert role(world, "carol", key="third") == ""


def test_a_revoked_key_opens_nothing_whoever_has_it(world: World) -> None:
    world.user("nina", 'role="operator"', key="lost")
    world.user("carol", 'cert-authority,role="operator"', key="lost")
    world.certificate("lost", "carol", "-n", "carol")
    assert [role(world, "nina", key="lost"), role(world, "carol")] == ["operator", "operator"]
    world.run("ada", f"user revoke {world.key('lost')}")
    assert [role(world, "nina", key="lost"), role(world, "carol")] == ["", ""]


def test_what_is_revoked_is_a_list_for_sshd_too(world: World, tmp_path: Path) -> None:
    world.run("ada", f"user revoke {world.key('lost-too')}")
    lists, made = world.home / "ssh" / "revoked_keys", tmp_path / "list"
    subprocess.run(["ssh-keygen", "-k", "-s", world.keys / "ada.pub", "-f", made, lists], check=True, capture_output=True)
    asked = subprocess.run(["ssh-keygen", "-Q", "-f", made, world.keys / "lost-too.pub"], capture_output=True, text=True, check=False)
    assert "REVOKED" in asked.stdout


def test_nobody_comes_in_while_it_is_not_known_what_is_revoked(world: World) -> None:
    file = world.home / "ssh" / "revoked_keys"
    before = file.read_text() if file.exists() else ""
    file.write_text(f"{before}surely not this\n")
    assert role(world, "ada") == ""
    file.write_text(before)
    assert role(world, "ada") == "admin"
