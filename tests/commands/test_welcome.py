"""The first words that a new user reads, and a tip for each day: whatever they say to type works."""

from __future__ import annotations

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.commands.line import split
from resh.commands.pipeline import resolve, rows
from resh.commands.tips import TIPS
from tests.commands.conftest import Shell


def lines(text: list[str]) -> list[str]:
    return [line.split("   ")[0].strip() for line in text if line.startswith("  ")]


def check(shell: Shell, line: str) -> None:
    """Its commands, arguments and searches are right; nothing runs."""
    for pipeline in split(line):
        given = {name: value for name, value in pipeline.env.items() if name != "graph"}
        context = shell.session.context(Cancel(), given)
        rows(resolve(pipeline.stages, context, line), context, line)


def test_a_new_user_reads_what_to_do(app: App) -> None:
    text = Shell(app)("welcome")
    assert "Nothing has been collected yet" in text[1]
    assert "help" in "\n".join(text)


def test_it_says_what_is_here(shell: Shell) -> None:
    text = shell("welcome")
    assert text[1] == "8 resources in 1 account: demo"
    for line in lines(text):
        if not line.startswith("help,"):
            check(shell, line)


@pytest.mark.parametrize("line", [line for line, _ in TIPS])
def test_every_tip_works(shell: Shell, line: str) -> None:
    check(shell, line)


def test_each_day_has_its_tip(shell: Shell, clock: FakeClock) -> None:
    seen = []
    for _ in TIPS:
        assert shell("totd") == shell("totd")
        seen.append(shell("totd")[1].strip())
        clock.advance(86400)
    assert sorted(seen) == sorted(line for line, _ in TIPS)
