"""The project's folder holds what belongs there, and nothing that a program left."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.conftest import ROOT

KNOWN = {
    ".ci",
    ".dockerignore",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "completions",
    "docs",
    "pyproject.toml",
    "resh",
    "scripts",
    "tests",
}
LEFT = (".tar.gz", ".sqlite3", ".jsonl", ".log", ".orig", ".rej")


def files() -> list[str]:
    """What git keeps; in a copy without git nobody can tell."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a working copy of git")
    done = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_only_what_belongs_there_is_kept() -> None:
    assert {file.partition("/")[0] for file in files()} <= KNOWN


def test_nothing_that_a_program_wrote_is_kept() -> None:
    assert not [file for file in files() if file.endswith(LEFT)]
