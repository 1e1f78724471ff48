from __future__ import annotations

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.shell.complete import complete
from tests.commands.conftest import Shell


def test_what_is_typed_behind_it_goes_to_the_end_of_its_line(shell: Shell) -> None:
    shell("alias add vols search is(volume)")
    assert shell("vols | count")[0] == "total matched: 4"
    assert shell("vols and volume_size > 50 | count")[0] == "total matched: 2"


def test_a_line_that_is_none_by_itself_says_where_the_rest_goes(shell: Shell) -> None:
    shell("alias add larger search is(volume) and volume_size {{args}}")
    assert shell("larger > 50 | count")[0] == "total matched: 2"


def test_parameters_are_given_in_order_or_by_name(shell: Shell) -> None:
    shell("alias add largest 'search is({{kind}}) sort volume_size desc limit {{n}} | format {id}'")
    assert shell("largest volume 2") == ["vol-3", "vol-2"]
    assert shell("largest n=1 volume") == ["vol-3"]
    shell("largest volume")
    assert shell.status == 2
    assert "n is missing" in shell.notes[0]
    shell("largest volume 1 more")
    assert "no place for 'more'" in shell.notes[0]


def test_one_for_rows_cannot_start_a_line(shell: Shell) -> None:
    shell("alias add ids list id")
    assert shell("search is(volume) | ids | head 2") == ["id", "vol-1"]
    shell("ids")
    assert shell.status == 2


def test_it_is_listed_completed_explained_and_forgotten(shell: Shell) -> None:
    shell("alias add vols search is(volume)")
    assert shell("alias list | format '{name}: {line}'") == ["vols: search is(volume)"]
    assert "vols" in [candidate.text for candidate in complete(shell.session, "vol")]
    assert "alias of search is(volume)" in "\n".join(shell("help"))
    assert "alias of search is(volume)" in "\n".join(shell("help vols"))
    shell("alias delete vols")
    assert shell("alias list") == []
    shell("alias delete vols")
    assert "there is no alias 'vols'" in shell.notes[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("alias add search echo a", "search is a command of resh"),
        ("alias add x serch all", "there is no command 'serch'"),
        ("alias add x 'echo \"a'", "not closed"),
        ("alias add 1 echo a", "no name for a command"),
        ("alias add x", "line is missing"),
        ("alias add x search is(volume", "x: "),
    ],
)
def test_what_could_never_be_used_is_refused(shell: Shell, line: str, words: str) -> None:
    shell(line)
    assert shell.status in (2, 127)
    assert words in shell.notes[0]


def test_one_of_ones_own_is_nobody_elses(graph: App) -> None:
    viewer, other = Shell(graph, role=Role.viewer), Shell(graph)
    viewer.session.user, other.session.user = "ada", "bob"
    viewer("alias add vols search is(volume)")
    assert viewer("vols | count")[0] == "total matched: 4"
    assert viewer("alias | format '{name} {for}'") == ["vols you"]
    other("vols | count")
    assert other.status == 127
    other("alias add vols search is(instance)")
    other("alias add --own mine vols")
    assert viewer("vols | count")[0] == "total matched: 4"  # one's own comes first
    assert viewer("alias list | format '{name} {for}'") == ["vols you", "vols everybody"]
    viewer("alias delete vols")
    viewer("alias delete vols")
    assert (viewer.status, "everybody's" in viewer.notes[0]) == (126, True)
    other("alias add shared mine")  # what is everybody's can not use it
    assert "there is no command 'mine'" in other.notes[0]


def test_ones_own_do_not_fill_the_disk(graph: App, monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = Shell(graph, role=Role.viewer)
    monkeypatch.setattr("resh.commands.alias._MOST", 1)
    viewer(f"alias add long echo {'x' * 10_000}")
    assert "may have 10,000" in viewer.notes[0]
    viewer("alias add one echo 1")
    viewer("alias add two echo 2")
    assert "you have 1 aliases" in viewer.notes[0]
