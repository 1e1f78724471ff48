from __future__ import annotations

import threading

import pytest

from resh.cancel import Cancel
from resh.commands.base import Role
from resh.shell.counting import Counting, matching
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("search is(volume)", 4),
        ("search is(volume) and volume_size > 50 ", 2),
        ("search is(volume) | count", 4),
        ("search is(volume) | cou", 4),
        ("search is(volume) | head 3 | lis", 3),
        ("search is(volume) | search volume_size > 50", 2),
        ("echo a; search is(instance)", 1),
        ("x=1 watch 5 search is(volume)", 4),
        ("search is({{kind}})", None),
        ("search is(volume) and ", None),
        ("search is(volume) and volume_si", None),
        ("search aggregate(kind: sum(1)): all", None),
        ("search is(volumee)", 0),
        ("echo a", None),
        ("", None),
        ("search 'a", None),
        ("search is(volume) | clean", 4),
    ],
)
def test_what_a_line_so_far_finds(shell: Shell, text: str, count: int | None) -> None:
    try:
        found = matching(shell.session, text, Cancel())
    except Exception:
        found = None  # as whoever asks sees it
    assert found == (count or None if count == 0 else count)
    assert shell.sink.out == ""
    assert shell.notes == []


def test_it_is_known_a_moment_after_the_last_key(terminal: Shell) -> None:
    changed = threading.Event()
    counting = Counting(terminal.session, changed.set, pause=0.01)
    for text in ("search is(vol", "search is(volume", "search is(volume)"):
        assert counting(text) == ""
    assert changed.wait(20)
    assert counting("search is(volume)") == "4 matches"
    assert counting("search is(volume) a") == "", "what is known is about another text"
    counting.close()


def test_a_key_interrupts_a_count_that_takes_long(terminal: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def forever(session: object, text: str, cancel: Cancel) -> int:
        begun.set()
        cancel.wait(60)
        ended.set()
        cancel.check()
        return 0

    monkeypatch.setattr("resh.shell.counting.matching", forever)
    counting = Counting(terminal.session, lambda: None, pause=0.01)
    counting("search is(volume)")
    assert begun.wait(20)
    counting("search is(volume) and")
    assert ended.wait(20)
    counting.close()


def test_a_viewer_counts_too(terminal: Shell) -> None:
    terminal.session.role = Role.viewer
    assert matching(terminal.session, "search is(volume)", Cancel()) == 4
