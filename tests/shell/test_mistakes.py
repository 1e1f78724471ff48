"""What is said of a line while it is typed."""

from __future__ import annotations

import pytest

from resh.shell.mistakes import mistake
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("serch is(volume)", "there is no command 'serch'"),
        ("search is(volumee) and name = x ", "there is no kind 'volumee'"),
        ("search is(volumee) | count", "there is no kind 'volumee'"),
        ("search is(volume) bla x", "'bla' does not fit"),
        ("search is(volume) %% ", "'%' does not fit"),
        ("search name = | count", "ends too early"),
        ('search name = "a | count" | cou', ""),
        ("search is(volume) and volume_size > abc | count", "volume_size is a number"),
        ("search is(volume) and volume_size > abc ", "volume_size is a number"),
        ("search (is(volume)\n  bla x", "'bla' does not fit"),
        ("a=x search is(volumee) | count", "there is no kind 'volumee'"),
        ("echo a; search x y z", "'y' does not fit"),
    ],
)
def test_a_mistake_is_told_as_the_evaluator_tells_it(terminal: Shell, line: str, words: str) -> None:
    said = mistake(line, terminal.session.vocabulary)
    assert words in said
    if said:
        terminal(line)
        assert terminal.notes[-1] == said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ser",
        "search",
        "search ",
        "search | count",
        "search is(vol",
        "search is(volume) an",
        "search is(volume) and volume_size > ab",
        'search name = "web s',
        "search is(volume) and ctime < @TODAY@ and ",
        "search is(volume) and (volume_size > 3 ",
        "# search %%",
        "x=1 search all",
        "kind=volume search is({{kind}}) and {{what}} = 1 ",
        "sql select volume from",
        "echo 'a",
        "日本",
    ],
)
def test_nothing_is_said_of_what_may_become_right(terminal: Shell, line: str) -> None:
    assert mistake(line, terminal.session.vocabulary) == ""


@pytest.mark.parametrize("line", ["search is(volume) and volume_size >= 3 sort name | list id, name; metrics list", 'echo "a" | count'])
def test_no_beginning_of_a_good_line_is_a_mistake(terminal: Shell, line: str) -> None:
    for end in range(len(line)):
        assert mistake(line[:end], terminal.session.vocabulary) == "", line[:end]
