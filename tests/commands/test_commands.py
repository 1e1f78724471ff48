"""Commands of one's own: how they are made, and that they are commands like others."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from resh.app import App
from resh.commands.base import SOURCE, Command, Role
from resh.shell.complete import complete
from resh.shell.help import command_at
from resh.shell.mistakes import mistake
from tests.commands.conftest import Shell

BIG = (
    "commands add --source --info 'volumes of a size' --parameter 'size:number=100 the smallest size' "
    "big 'search is(volume) and volume_size >= {{size}} | format {id}'"
)


@pytest.fixture
def shell(graph: App) -> Shell:
    shell = Shell(graph)
    shell(BIG)
    assert (shell.status, shell.notes) == (0, [])
    return shell


@pytest.mark.parametrize(
    ("line", "found"), [("big", 2), ("big size=500", 1), ("big --size 500", 1), ("big --size=1", 4), ('big size="8"', 3)]
)
def test_a_command_of_ones_own(shell: Shell, line: str, found: int) -> None:
    assert len(shell(line)) == found
    assert shell.status == 0


def test_it_becomes_part_of_the_search(shell: Shell) -> None:
    shell("commands add --parameter status unused 'search volume_status = {{status}} | count'")
    assert shell.status == 0
    assert shell("search is(volume) | unused status=available") == ["total matched: 2", "total unmatched: 0"]
    assert shell("search is(volume) | unused status='in-use' | head 1") == ["total matched: 1"]


def test_it_works_on_rows_of_any_sort(shell: Shell) -> None:
    shell("commands add upper 'format {name}! | uniq'")
    assert shell('json [{"name": "a"}, {"name": "a"}] | upper') == ["a!"]


def test_args_are_whatever_is_no_parameter(shell: Shell) -> None:
    shell("commands add --source --parameter n=1 look 'search {{args}} limit {{n}} | format {id}'")
    assert shell("look is(volume) and volume_size > 50") == ["vol-2"]
    assert len(shell('look n=5 is(volume) and name =~ "name of"')) == 4


def test_one_may_use_another(shell: Shell) -> None:
    shell("commands add --source biggest 'big size=500 | head 1'")
    assert shell("biggest") == ["vol-3"]
    shell("commands update biggest 'biggest'")
    assert "the template of biggest uses biggest" in shell.notes[0]


def test_a_circle_ends(shell: Shell) -> None:
    shell("commands add --source first 'big'")
    shell("commands add --source second 'first'")
    shell("commands update first 'second'")
    shell("first")
    assert shell.status == 2
    assert "uses itself" in shell.notes[0]


def test_it_needs_the_role_of_what_is_in_it(shell: Shell) -> None:
    shell("commands add marked 'clean too big | count'")
    viewer = Shell(shell.app, role=Role.viewer)
    assert len(viewer("big")) == 2
    viewer("search is(volume) | marked")
    assert viewer.status == 126
    viewer("commands add --source mine 'search all'")
    assert viewer.status == 126


def test_placeholders_are_filled_when_it_is_used(shell: Shell) -> None:
    shell("commands add --source today 'echo {{args}} @TODAY@'")
    assert shell("today it is") == ["it is 2023-11-14"]
    assert "@TODAY@" in "\n".join(shell("commands show today"))


def test_values_add_no_command(shell: Shell) -> None:
    shell("commands add --source --parameter text say 'echo {{text}}'")
    assert shell('say text="a | count; exit"') == ["a | count; exit"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("big size=many", "size: 'many' is no number"),
        ("big 500 600", "no place for '600'"),
        ("big --syze 5", "no option '--syze'"),
        ("big --size", "--size has no value"),
        ("bigg", "no command 'bigg'"),
        ("search is(volume) | need", "owner is missing"),
        ("need owner=ada", "can not start a line"),
    ],
)
def test_mistakes_in_their_use_are_named(shell: Shell, line: str, named: str) -> None:
    shell("commands add --parameter owner need 'search tags.owner = {{owner}}'")
    shell(line)
    assert shell.status in (2, 127)
    assert named in shell.notes[0]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("commands add search 'echo'", "search is a command of resh"),
        ("commands add 1st --source 'echo a'", "no name for a command"),
        ("commands add --source x 'serch all'", "no command 'serch'"),
        ("commands add --source x 'search {{kind}}'", "which is no parameter"),
        ("commands add --source x 'search {{#kind}}'", "has no end"),
        ("commands add --source x 'echo a; echo b'", "no single line"),
        ("commands add --source x 'a=b search all'", "sets variables"),
        ("commands add --source x 'count'", "can not start a line"),
        ("commands add x 'echo a'", "can only start a line"),
        ("commands add --source x '  '", "template"),
        ("commands add --source --parameter 'a:colour' x 'echo {{a}}'", "no type 'colour'"),
        ("commands add --source --parameter 'a:number=b' x 'echo {{a}}'", "its default 'b' is no number"),
        ("commands add --source --parameter '=b' x 'echo'", "is no parameter"),
        ("commands add --source --parameter a --parameter a x 'echo {{a}}'", "a is there twice"),
        ("commands add --source x 'search is(volume'", "x: "),
        ("commands add --source x 'search is(volume) and | count'", "x: "),
        ("commands add --source x 'search is(volume) | list --bogus id'", "x: list: there is no option '--bogus'"),
        ("commands add --source --parameter a:number=5 x 'search age >> {{a}}'", "x: "),
        ("commands add --source --parameter a x 'search name = {{a}} | workflows go'", "x: workflows"),
        (BIG, "a command big already"),
        ("commands update small 'echo'", "no command 'small' of your own"),
        ("commands import nowhere.yaml", "No such file"),
    ],
)
def test_mistakes_in_their_making_are_named(shell: Shell, line: str, named: str) -> None:
    shell(line)
    assert shell.status == 2
    assert named in shell.notes[0]


@pytest.mark.parametrize(
    "line",
    [
        "commands add --source --parameter a x 'search age > {{a}}'",
        "commands add --source --parameter a --parameter b x 'search is({{a}}) and age > {{b}}'",
        "commands add --source --parameter a= x 'search is(volume) {{{a}}}'",
        "commands add --source --parameter a:flag=false x 'search is(volume) {{#a}}| count{{/a}}'",
        "commands add --source x 'search is(volume) and {{{args}}}'",
        "commands add --source x 'help list'",
    ],
)
def test_what_values_may_make_right_is_taken(shell: Shell, line: str) -> None:
    shell(line)
    assert (shell.status, shell.notes) == (0, [])


def test_a_command_of_a_plugin_is_taken_by_nobody_else(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Command("racks", lambda context, rows: rows, "servers in rooms", SOURCE)
    monkeypatch.setitem(shell.app.__dict__, "plugins", SimpleNamespace(commands={"racks": command}))
    shell("commands add --source racks 'search all'")
    assert shell.status == 2
    assert "racks is a command of a plugin" in shell.notes[0]


def test_what_is_not_given_stays_in_an_update(shell: Shell) -> None:
    shell("commands update big 'search is(volume) and volume_size > {{size}} | count'")
    (row,) = (json.loads(line) for line in shell("commands list"))
    assert row == {
        "name": "big",
        "info": "volumes of a size",
        "parameters": "[size]",
        "template": "search is(volume) and volume_size > {{size}} | count",
    }


def test_deleting_says_who_used_it(shell: Shell) -> None:
    shell("commands add --source biggest 'big | head 1'")
    shell("commands delete big")
    assert shell.notes == ["still used by biggest"]
    shell("big")
    assert shell.status == 127


def test_a_line_can_be_looked_at_first(shell: Shell) -> None:
    assert shell("commands test big size=5") == ["search is(volume) and volume_size >= 5 | format {id}"]


def test_what_show_writes_import_takes(shell: Shell, tmp_path: Path) -> None:
    shell(f"commands show big | write {tmp_path / 'big.yaml'}")
    before = shell("commands show big")
    shell("commands delete big")
    shell(f"commands import {tmp_path / 'big.yaml'}")
    assert shell.status == 0
    assert shell("commands show big") == before


RESOTO = """
custom_commands:
  commands:
    - name: jira
      template: 'http {{url}}'
    - name: to_hook
      info: Send to a hook
      description: |
        Sends all.
      template: '{{#filter}}search {{{filter}}} | {{/filter}}chunk 2 | mine n={{n}}'
      parameters:
        - {name: filter, default: "", description: a search}
        - {name: n, default: 3}
    - name: mine
      template: head {{n}}
      parameters: [{name: n}]
      allowed_in_source_position: false
"""


def test_those_of_resoto_are_taken(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "commands.yaml"
    file.write_text(RESOTO)
    names = [json.loads(line)["name"] for line in shell(f"commands import {file}")]
    assert (names, shell.notes) == (["to_hook", "mine"], ["jira is a command of resh already: passed over"])
    assert len(shell("search is(volume) | to_hook filter='volume_size > 5'")) == 2
    assert len(shell("json [1, 2, 3, 4, 5] | to_hook n=1")) == 1


def test_an_import_is_whole_or_nothing(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "commands.yaml"
    file.write_text("commands: [{name: good, template: head}, {name: bad, template: haed}]")
    shell(f"commands import {file}")
    assert shell.status == 2
    assert "no command 'haed'" in shell.notes[0]
    assert len(shell("commands list")) == 1


def test_help_knows_it(shell: Shell) -> None:
    text = "\n".join(shell("help big"))
    assert text == "\n".join(shell("big --help"))
    assert text.startswith("big [--size <size>]\n  volumes of a size")
    assert "the smallest size (default 100)" in text
    assert "  big                 volumes of a size" in shell("help")
    assert command_at("big si", shell.session.vocabulary.repertoire) == text.splitlines()
    shell("help bigg")
    assert "big" in shell.notes[0]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("bi", "big"), ("big ", "--size"), ("big si", "size="), ("big --s", "--size"), ("commands delete b", "big"), ("help bi", "big")],
)
def test_completion_knows_it(shell: Shell, typed: str, offered: str) -> None:
    assert offered in [candidate.text for candidate in complete(shell.session, typed)]


def test_values_of_types_are_completed(shell: Shell) -> None:
    shell("commands add --source --parameter what:kind every 'search is({{what}})'")
    assert "aws_ec2_volume" in [candidate.text for candidate in complete(shell.session, "every what=aws_ec2_vol")]
    assert "aws_ec2_volume" in [candidate.text for candidate in complete(shell.session, "every --what aws_ec2_vol")]


def test_it_is_no_mistake_while_it_is_typed(shell: Shell) -> None:
    assert mistake("big | count", shell.session.vocabulary) == ""
    assert "no command 'bigg'" in mistake("bigg | count", shell.session.vocabulary)


def test_a_mistake_in_what_it_becomes_is_told(shell: Shell) -> None:
    shell("commands add --source --parameter text find 'search {{{text}}}'")
    shell("find text='a = = b'")
    assert shell.status == 2
    assert shell.notes
