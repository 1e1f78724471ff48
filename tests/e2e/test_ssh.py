"""The shell through the real OpenSSH client: a command, a script, a terminal; roles, exit statuses, rude clients."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import run_resh
from tests.e2e.screen import Screen

pytestmark = pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
Ssh = Callable[..., list[str]]
PROMPT = r"^> *$"


@pytest.fixture(scope="module")
def server(collected: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """A running `resh serve`; gives a function that makes ssh command lines."""
    home, folder = Path(collected["RESH_HOME"]), tmp_path_factory.mktemp("client")
    authorized = home / "ssh" / "authorized_keys"
    authorized.mkdir(parents=True, exist_ok=True)
    for user, role in (("ada", 'role="admin" '), ("victor", 'role="viewer" '), ("nemo", "")):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / user)], check=True)
        (authorized / user).write_text(role + (folder / f"{user}.pub").read_text())
    process = subprocess.Popen(
        [sys.executable, "-m", "resh", "--set", "workflows.schedule=false", "serve", "--listen", "127.0.0.1:0"],
        env=collected, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    first = process.stderr.readline()
    found = re.search(r"listening on 127\.0\.0\.1:(\d+)", first)
    assert found, first

    def command(user: str, *words: str, key: str = "") -> list[str]:
        options = ["-F", "/dev/null", "-i", str(folder / (key or user)), "-p", found[1], "-o", "StrictHostKeyChecking=no",
                   "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes"]  # fmt: skip
        return ["ssh", *options, *words[:-1], f"{user}@127.0.0.1", *words[-1:]]

    yield command
    process.send_signal(signal.SIGTERM)
    with process:
        assert process.wait(timeout=20) == 0


def run(command: list[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)


def test_one_command(server: Ssh) -> None:
    done = run(server("ada", "search is(instance) | count"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("total matched: ")


def test_coming_and_going_are_events(server: Ssh, collected: dict[str, str]) -> None:
    assert run(server("victor", "echo here")).returncode == 0
    lines = run_resh(collected, "-c", "events last 200").stdout.splitlines()
    assert any("login" in line and "victor (viewer), ssh from 127.0.0.1" in line for line in lines)


@pytest.mark.parametrize(("line", "status"), [("serach", 127), ("search is(", 2), ("echo fine", 0)])
def test_the_exit_status_is_that_of_the_line(server: Ssh, line: str, status: int) -> None:
    assert run(server("ada", line)).returncode == status


def test_a_script_on_standard_input(server: Ssh) -> None:
    done = run(server("ada", "-T", "")[:-1], stdin="echo one\nsearch is(volume) | count\necho three")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "one"
    assert done.stdout.splitlines()[-1] == "three"


def test_a_script_stops_at_its_first_failure(server: Ssh) -> None:
    done = run(server("ada", "-T", "")[:-1], stdin="echo one\nnonsense\necho three\n")
    assert (done.returncode, done.stdout) == (127, "one\n")
    assert "nonsense" in done.stderr


def test_the_role_comes_from_the_key(server: Ssh) -> None:
    assert run(server("victor", "search is(volume) | count")).returncode == 0
    denied = run(server("victor", "config set cleanup.enabled true"))
    assert denied.returncode == 126
    assert "viewer" in denied.stderr
    assert run(server("nemo", "config set cleanup.enabled true")).returncode == 126


def test_a_key_opens_only_its_own_user(server: Ssh) -> None:
    assert run(server("ada", "echo in", key="victor")).returncode == 255
    assert run(server("../../victor", "echo in", key="victor")).returncode == 255


def test_a_terminal(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.until(PROMPT)
        shell.type("search is(instance) | count\r")
        shell.until(r"total matched: \d+")
        shell.type("exit\r")
        assert shell.exit_status() == 0


def test_names_link_to_the_console(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.until(PROMPT)
        shell.type("search is(aws_ec2_instance) | head 1 | list id\r")
        shell.until(r"^i-\w+$")
        assert b"\x1b]8;;https://console.aws.amazon.com/ec2/home?region=" in shell.raw
    assert "\x1b" not in run(server("ada", "search is(aws_ec2_instance) | list id")).stdout


def test_control_c_ends_the_command_and_not_the_shell(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.until(PROMPT)
        shell.type("sleep 60\r")
        shell.settle()
        shell.type("\x03")
        shell.until("cancelled")
        shell.type("echo still here\r")
        shell.until("^still here")
        shell.type("\x04")
        assert shell.exit_status() == 0


def test_control_c_at_the_prompt_is_one_session_s_own(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.until(PROMPT)
        shell.type("half a line")
        shell.settle()
        shell.type("\x03")
        shell.settle()
        assert shell.prompt == ">"
        assert run(server("ada", "echo well")).stdout == "well\n"
        shell.type("exit\r")
        assert shell.exit_status() == 0


def test_typing_ahead_a_large_paste_and_bytes_that_are_no_text(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.type("echo early\r")
        shell.until("^early")
        shell.type("sleep 1\r")
        shell.type("\x1b[200~" + "x" * 300_000 + "\x1b[201~")
        shell.type("\x03")
        shell.until("cancelled")
        shell.type(b"echo \xff\xfe good\r")
        shell.until("^.. good")
        shell.type("exit\r")
        assert shell.exit_status() == 0


def test_completion_and_resize(server: Ssh) -> None:
    with terminal(server) as shell:
        shell.until(PROMPT)
        shell.type("search is(aws_ec2_vol")
        shell.until(r"aws_ec2_volume\s")
        shell.resize(70, 20)
        shell.type("\t) | count\r")
        shell.until(r"total matched: \d+")


def test_nothing_is_forwarded(server: Ssh) -> None:
    done = run(server("ada", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:9", "echo forwarded"))
    assert done.returncode == 255


def test_a_killed_client_leaves_the_server_well(server: Ssh) -> None:
    client = subprocess.Popen(server("ada", "-tt", "sleep 60"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    client.kill()
    client.communicate()
    assert run(server("ada", "echo well")).stdout == "well\n"


def terminal(server: Ssh) -> Screen:
    return Screen({"PATH": os.environ["PATH"]}, command=server("ada", "-tt", "")[:-1])


def test_the_same_answer_as_a_local_line(server: Ssh, collected: dict[str, str]) -> None:
    line = "search is(aws_ec2_volume) | list id, volume_size, volume_status"
    assert run(server("ada", line)).stdout == run_resh(collected, "-c", line).stdout


def test_results_are_paged_copied_and_watched_over_ssh_and_touch_no_file(server: Ssh, tmp_path: Path) -> None:
    with terminal(server) as screen:
        screen.until(r"^> *$")
        screen.type("search all | format {id}\r")
        screen.until("-- more: Space a page")
        screen.type(" q")
        screen.until_prompt(">")
        screen.type("echo over ssh | copy\r")
        screen.until("1 line copied")
        assert b"\x1b]52;c;b3ZlciBzc2g=\x07" in screen.raw
        screen.type("watch --times 2 0.1 echo again\r")
        screen.until("^again")
        for line in (f"echo a > {tmp_path / 'file'}", f"echo a | !touch {tmp_path / 'file'}", "edit", f"record {tmp_path / 'file'}"):
            screen.type(f"{line}\r")
            screen.until("only in a local session|only for local sessions|leads out of your")
            screen.type("\x0c")
        assert not (tmp_path / "file").exists()
