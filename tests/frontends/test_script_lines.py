"""Lines of a script that arrives over SSH."""

from __future__ import annotations

import pytest

from resh.commands import continuation
from resh.errors import TimedOut, UsageError
from resh.frontends.ssh import stdin
from resh.frontends.ssh.stdin import MOST_WAITING, ScriptLines


def lines(*pieces: str) -> list[str]:
    script = ScriptLines(lambda pause: None)
    for piece in pieces:
        script.feed(piece)
    script.end()
    return list(script)


@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_lines_are_whole_however_they_are_cut(step: int) -> None:
    text = "one\n\ntwo two\nthree"
    assert lines(*(text[at : at + step] for at in range(0, len(text), step))) == ["one", "", "two two", "three"]


def test_the_client_pauses_while_too_much_waits() -> None:
    flow: list[bool] = []
    script = ScriptLines(flow.append)
    script.feed(f"{'x' * MOST_WAITING}\ny\n")
    script.end()
    assert flow == [True]
    assert [len(line) for line in script] == [MOST_WAITING, 1]
    assert flow == [True, False]


def test_a_line_without_an_end_is_told_of_before_it_ends_and_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdin, "LONGEST", 1000)
    script = ScriptLines(lambda pause: None, idle_seconds=10)
    for _ in range(100):
        script.feed("x" * 100)
    with pytest.raises(UsageError, match="an input has more than"):
        next(iter(script))
    assert script._length <= 1100


def test_many_pieces_of_a_line_are_put_together_once() -> None:
    """Twice as many take twice as long, not four times: nobody else has a turn meanwhile."""
    script = ScriptLines(lambda pause: None)
    for _ in range(100_000):
        script.feed("x")
    assert all(len(piece) == 1 for piece in script._rest)
    assert continuation.LONGEST > 100_000


def test_nothing_for_too_long() -> None:
    with pytest.raises(TimedOut):
        next(iter(ScriptLines(lambda pause: None, idle_seconds=0.01)))
