"""Templates at the prompt: kept, shown, tried, and used by searches."""

from __future__ import annotations

import pytest

from resh.commands.base import Role
from resh.shell.complete import complete
from tests.commands.conftest import Shell


def test_they_are_kept_shown_changed_and_forgotten(shell: Shell) -> None:
    assert shell("templates add big is({{kind}}) and volume_size > {{size}}") == [
        '{"name":"big","template":"is({{kind}}) and volume_size > {{size}}","parameters":"kind, size"}'
    ]
    assert shell("templates show big") == ["is({{kind}}) and volume_size > {{size}}"]
    assert shell("search expand(big, kind=volume, size=99) | list --csv id") == ['"id"', '"vol-2"', '"vol-3"']
    shell("templates update big 'is({{kind}}){{#size}} and volume_size > {{size}}{{/size}}'")
    assert shell("templates list | format {name}({parameters})") == ["big(kind, [size])", "old(kind, age)"]
    assert shell("search expand(big, kind=volume) | count")[-2:] == ["total matched: 4", "total unmatched: 0"]
    shell("templates delete big")
    assert shell("template list | format {name}") == ["old"]


def test_a_long_one_is_shortened_in_the_list(shell: Shell) -> None:
    body = " and ".join(f"a{n} = 1" for n in range(20))
    shell(f"templates add long {body}")
    (shown,) = shell("templates list | format {template} | head 1")
    assert (len(shown), shown) == (70, body[:69] + "…")
    assert shell("templates show long") == [body]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("templates add bad is({{kind}}) anf a = 1", "column 32: 'anf' does not fit"),
        ("templates add old all", "templates update old"),
        ("templates add a.b all", "'a.b' is no name"),
        ("templates add new", "template is missing"),
        ("templates update odl all", "did you mean old"),
        ("templates show odl", "did you mean old"),
        ("templates delete odl", "did you mean old"),
        ("templates test a=[1 {{a}}", "column 21"),
        ("templates test {{a}}", "nothing gives {{a}} a value"),
        ("templates test old kind=volume", "nothing in 'old kind=volume' is to be filled in"),
        ("search expand(odl)", "did you mean old"),
        ("search expand(old, kind=volume)", "in the template old: nothing gives {{age}} a value"),
        ("search expand(old, kind=volume, age=soon, x=1)", "no parameter x"),
        ("search expand(old, kind=volumee, age=1d)", "no kind 'volumee'"),
        ("search is({{kind}})", "column 11: nothing gives {{kind}} a value"),
        ('search name = "{{name}}"', "nothing gives {{name}} a value"),
        ("search all | search is({{kind}})", "column 24: nothing gives {{kind}} a value"),
    ],
)
def test_mistakes_are_told(shell: Shell, line: str, words: str) -> None:
    assert shell(line) == []
    assert shell.status == 2
    assert words in shell.notes[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("templates test name=John, mood=happy Hello {{name}} - I feel {{mood}}.", ["Hello John - I feel happy."]),
        ("templates test name=false {{^name}}Hello stranger. {{/name}}Nice", ["Hello stranger. Nice"]),
        ("templates test 'a | {{#b}}c; {{/b}}d'", ["a | d"]),
        ("templates test x=3d a < {{x.ago}} and b < @TODAY@", ["a < 2023-11-11T22:13:20Z and b < 2023-11-14"]),
    ],
)
def test_trying_one(shell: Shell, line: str, expected: list[str]) -> None:
    assert shell(line) == expected


def test_placeholders_wait_until_it_is_used(shell: Shell) -> None:
    shell("templates add today ctime >= @TODAY@")
    assert shell("templates show today") == ["ctime >= @TODAY@"]
    assert shell("search expand(today) and is(instance) | list --csv id") == ['"id"', '"i-1"']


@pytest.mark.parametrize(
    ("search", "rest"),
    [
        ("expand(old, kind=volume, age=1d)", ""),
        ("expand(old, kind=volume, age=1d) and volume_size > 1", " | count"),
        ("is(volume) | search expand(old, kind=volume, age=1d)", " | list --csv id"),
        ("all | head 100 | search expand(old, kind=volume, age=1d)", " | sort volume_size | head 2 | list --csv id"),
        ("not expand(old, kind=volume, age=36h)", " | aggregate kind: sum(1) as n"),
    ],
)
def test_a_template_is_what_it_stands_for(shell: Shell, search: str, rest: str) -> None:
    """Fused with what follows, and on the whole way to the rows."""
    plain = search.replace("expand(old, kind=volume, age=", "(is(volume) and age > ")
    assert shell(f"search {search}{rest}") == shell(f"search {plain}{rest}") != []


def test_whole_searches_fuse_as_the_search_itself_would(shell: Shell) -> None:
    shell("templates add largest is(volume) sort volume_size desc limit 2")
    shell("templates add sums aggregate(volume_type: sum(volume_size) as size): is(volume)")
    assert shell("search expand(largest) | sort volume_size | list --csv id") == ['"id"', '"vol-2"', '"vol-3"']
    assert shell("search expand(largest) | count")[0] == "total matched: 2"
    assert shell("search expand(sums) | count")[0] == "total matched: 3"
    assert shell("search expand(sums) | sort size desc | head 1 | format {size}") == ["508"]


def test_variables_of_the_line_fill_its_searches(shell: Shell) -> None:
    assert shell("kind=volume size=99 search is({{kind}}) and volume_size > {{size}} | list --csv id") == ['"id"', '"vol-2"', '"vol-3"']
    assert shell('what="name of vol-2" search name = {{what}} | list --csv id') == ['"id"', '"vol-2"']
    assert shell("what='x\" or all' search name = {{what}} | count") == ["total matched: 0", "total unmatched: 0"]


def test_viewers_read_and_operators_change(shell: Shell) -> None:
    viewer, operator = Shell(shell.app, role=Role.viewer), Shell(shell.app, role=Role.operator)
    for line in ("templates list", "templates show old", "templates test {{#a}}b{{/a}}", "search expand(old, kind=volume, age=1d)"):
        viewer(line)
        assert viewer.status == 0
    for line in ("templates add new all", "templates update new is(volume)", "templates delete new"):
        assert viewer(line) == []
        assert viewer.status == 126
        operator(line)
        assert operator.status == 0


def test_who_still_expands_a_deleted_one_is_told(shell: Shell) -> None:
    shell("templates add older expand( old, kind={{kind}}, age=90d)")
    shell("templates add old-er expand(old-er2)")
    shell("templates delete old")
    assert shell.notes == ["still expanded by older"]


def test_names_are_completed(shell: Shell) -> None:
    for text in ("search expand(", "search is(volume) and not expand( o", "templates show ", "template delete o"):
        assert [found.text for found in complete(shell.session, text)] == ["old"], text


def test_a_name_is_enough_to_see_one_and_none_to_see_all(shell: Shell) -> None:
    assert shell("templates") == shell("template list") != []
    assert shell("templates old") == shell("templates show old") == ["is({{kind}}) and age > {{age}}"]
    shell("templates lst")
    assert (shell.status, "did you mean list" in shell.notes[0]) == (2, True)
