from __future__ import annotations

import threading

import pytest

from resh.cancel import Cancel
from resh.commands.watch import changes
from resh.shell.evaluate import evaluate
from tests.commands.conftest import Shell


def test_the_whole_line_is_run_again(shell: Shell) -> None:
    assert shell("watch --times 2 0.1 search is(volume) | count | head 1; echo after") == ["total matched: 4", "total matched: 4", "after"]


def test_a_line_may_stand_in_quotes_and_have_placeholders(shell: Shell) -> None:
    assert shell("watch --times 1 1s 'echo @TODAY@ \\| x | count'")[0] == "total matched: 1"


def test_on_a_terminal_each_takes_the_place_of_the_one_before(terminal: Shell) -> None:
    assert terminal("watch --times 2 0.1 search is(volume) | count | head 1") == ["total matched: 4"]
    assert [frame[1:] for frame in terminal.sink.drawn] == [["total matched: 4"]] * 2
    assert terminal.sink.drawn[0][0].startswith("every 0.1 s: search is(volume) | count | head 1 · ")


def test_it_ends_with_the_status_of_the_last_one(shell: Shell) -> None:
    shell("watch --times 1 1 serach all")
    assert shell.status == 127


def test_what_was_seen_last_stays_when_it_is_cancelled(terminal: Shell) -> None:
    cancel = Cancel()
    ended: list[int] = []
    work = threading.Thread(target=lambda: ended.append(evaluate(terminal.session, "watch 60 echo here", cancel)))
    work.start()
    while not terminal.sink.drawn:
        pass
    cancel.set()
    work.join(20)
    assert ended == [130]
    assert "here" in terminal.sink.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("watch 0 echo a", "'0' is too short"),
        ("watch echo a", "'echo'"),
        ("watch 5 watch 5 echo a", "one of watch itself"),
        ("watch 5", "line is missing"),
        ("watch", "seconds is missing"),
    ],
)
def test_what_cannot_be_watched_is_refused(shell: Shell, line: str, words: str) -> None:
    shell(line)
    assert shell.status == 2
    assert words in shell.notes[0]


def test_words_that_changed_are_in_reverse() -> None:
    assert changes(["a: 1", "b: 2"], ["a: 1", "b: 3"], colour=True) == ["a: 1", "b: \x1b[7m3\x1b[0m"]
    assert changes(["a: 1"], ["a: 1", "new"], colour=False) == ["a: 1", "* new"]


def test_a_line_that_only_moved_has_not_changed() -> None:
    assert changes(["b", "c"], ["a", "b", "c"], colour=True) == ["\x1b[7ma\x1b[0m", "b", "c"]
