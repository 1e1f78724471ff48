"""The files of `completions/`, in the shells that they are for: what Tab shows and writes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import ROOT

FILES = ROOT / "completions"
DONE = "it-is-done"
Tab = Callable[[str], str]


class Interactive:
    """A shell with nobody's configuration, in a folder with two files; good for one time: `tab(text)` is what two times Tab show."""

    def __init__(self, folder: Path, name: str, options: list[str], *prepare: str) -> None:
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb", "HOME": str(folder), "PS1": "$ ", "LC_ALL": "C.UTF-8"}
        self._child = pexpect.spawn(name, options, encoding="utf-8", dimensions=(60, 200), env=environment, cwd=str(folder), timeout=30)
        self._child.delaybeforesend = 0
        for line in prepare:
            self._child.sendline(line)
        self._say("prepared")

    def _say(self, word: str) -> None:
        """The shell has read everything when it has said this; not the echo of the line, which has it in two parts."""
        self._child.sendline(f"echo {word[:2]}''{word[2:]}")
        self._child.expect(rf"[\r\n]{word}[\r\n]")

    def __call__(self, text: str) -> str:
        """What is typed behind the Tabs is echoed when they have had their effect."""
        self._child.send(f"{text}\t\t")
        self._child.send(f" {DONE}")
        self._child.expect(DONE)
        self._child.close()
        return re.sub(r"\x1b\[[\d;?]*[A-Za-z]|[\x07\x08]", "", str(self._child.before))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a script.resh").write_text("echo a\n")
    (tmp_path / "settings.yaml").write_text("")
    return tmp_path


@pytest.fixture
def bash(folder: Path) -> Tab:
    prepare = ("bind 'set enable-bracketed-paste off'", "resh() { :; }", f"source {FILES / 'resh.bash'}")
    return Interactive(folder, "bash", ["--norc", "--noprofile", "-i"], *prepare)


@pytest.fixture
def zsh(folder: Path) -> Tab:
    prepare = ("setopt interactivecomments", f"fpath=({FILES} $fpath)", "autoload -Uz compinit", "compinit -D -u", "resh() { : }")
    return Interactive(folder, "zsh", ["-f", "-i"], *prepare)


@pytest.fixture
def fish(folder: Path) -> Tab:
    """fish draws on the screen as it likes; it tells what it would offer when it is asked."""
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")

    def tab(text: str) -> str:
        command = f"source {FILES / 'resh.fish'}; complete -C '{text}'"
        child = pexpect.spawn("fish", ["--no-config", "-c", command], encoding="utf-8", cwd=str(folder), timeout=30)
        child.expect(pexpect.EOF)
        return str(child.before)

    return tab


CASES = [
    ("resh --out", ["--output"]),
    ("resh --output ", ["jsonl", "csv", "markdown"]),
    ("resh --output mark", ["markdown"]),
    ("resh completion ", ["bash", "zsh", "fish"]),
    ("resh ser", ["serve"]),
    ("resh serve --l", ["--listen"]),
    ("resh -f a", ["script.resh"]),
    ("resh --config set", ["settings.yaml"]),
    ("resh --keep-going --y", ["--yes"]),
]


@pytest.mark.parametrize(("text", "offered"), CASES)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_tab_offers_what_may_follow(request: pytest.FixtureRequest, shell: str, text: str, offered: list[str]) -> None:
    shown = request.getfixturevalue(shell)(text)
    missing = [word for word in offered if word not in shown]
    assert not missing, shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_nothing_is_offered_where_anything_may_stand(request: pytest.FixtureRequest, shell: str) -> None:
    shown = request.getfixturevalue(shell)("resh --timeout ")
    assert "settings.yaml" not in shown
    assert "serve" not in shown
