"""`$1`, `$2` and `$_`: what the last result showed."""

from __future__ import annotations

import pytest

from resh.commands.remembered import MOST, Remembered
from resh.errors import SyntaxProblem
from tests.commands.conftest import Shell


def remembered(*ids: str) -> Remembered:
    kept = Remembered()
    kept.begin()
    for id in ids:
        kept.note(id)
    kept.end()
    return kept


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("why $1", "why vol-1"),
        ("why $2", 'why "a \\"b\\""'),
        ("search id in $_ | count", 'search id in ["vol-1", "a \\"b\\""] | count'),
        ("search id=$1", "search id=vol-1"),
        ("search (id = $1)", "search (id = vol-1)"),
        ("echo \"$1\" '$2' $1", "echo \"$1\" '$2' vol-1"),
        ("echo it's $1", "echo it's vol-1"),
        ("echo \\$1 x$1 $$1 $1x $name ${1}", "echo \\$1 x$1 $$1 $1x $name ${1}"),
        ("costs 5$", "costs 5$"),
    ],
)
def test_words_of_their_own_are_filled(text: str, filled: str) -> None:
    assert remembered("vol-1", 'a "b"').filled(text) == filled


@pytest.mark.parametrize("text", ["echo $3", "echo $0"])
def test_a_row_that_is_not_there_is_named_with_its_place(text: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        remembered("a", "b").filled(text)
    assert caught.value.position == 5
    assert "2 rows" in caught.value.message


def test_before_any_result_they_stand_for_nothing() -> None:
    with pytest.raises(SyntaxProblem, match=r"\$1 stands for nothing yet"):
        Remembered().filled("echo $1")


def test_a_long_result_is_remembered_in_part() -> None:
    kept = remembered(*map(str, range(5000)))
    assert kept.filled(f"echo ${MOST}") == f"echo {MOST - 1}"
    for text in ("echo $_", f"echo ${MOST + 1}"):
        with pytest.raises(SyntaxProblem, match=r"1,?000"):
            kept.filled(text)
    assert kept.count == 5000


@pytest.mark.parametrize("columns", [None, 100])
@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("search is(volume)", ("vol-1", "vol-2", "vol-3", "vol-4")),
        ("search is(volume) | list name", ("vol-1", "vol-2", "vol-3", "vol-4")),
        ("search is(volume) sort volume_size desc | head 2 | list volume_size", ("vol-3", "vol-2")),
        ("search is(volume) | uniq | list name", ("vol-1", "vol-2", "vol-3", "vol-4")),
        ("search is(volume) | aggregate volume_status: sum(1) as n | sort volume_status", ("available", "error", "in-use")),
        ("jobs list", ("nag",)),
        ('json [{"a": 1}, {"name": "x", "a": 2}]', ("1", "x")),
    ],
)
def test_what_a_line_shows_is_remembered(shell: Shell, columns: int | None, line: str, ids: tuple[str, ...]) -> None:
    shell.sink.columns = columns
    shell(line)
    assert shell.session.remembered.ids == ids


def test_the_next_line_may_use_it(shell: Shell) -> None:
    shell("search is(volume) and volume_status = available")
    assert shell("search id in $_ | count")[0] == "total matched: 2"
    assert shell("search id = $2 | format {id}") == ["vol-3"]
    shell("search id = $7")
    assert shell.status == 2
    assert "there is no $7" in shell.notes[0]


def test_a_line_without_rows_leaves_it_as_it_is(shell: Shell) -> None:
    shell("search is(volume)")
    shell("echo a")
    shell("search is(volume) and name = nobody")
    shell("serach x")
    assert shell("search id = $1 | count")[0] == "total matched: 1"
