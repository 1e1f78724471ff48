"""Commands on rows that no search made."""

from __future__ import annotations

from pathlib import Path

import pytest

from resh.app import App
from resh.commands.base import Role
from tests.commands.conftest import Shell

ROWS = 'json [{"a": 2, "b": "x"}, {"a": 1}, {"a": 3, "b": "x"}]'


@pytest.fixture
def plain(app: App) -> Shell:
    return Shell(app)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo hello | head 1", ["hello"]),
        ('echo "a | b"', ["a | b"]),
        ("echo @TODAY@", ["2023-11-14"]),
        ("json [1, 2, 2] | uniq", ["1", "2"]),
        ('json [{"a": 1, "b": 2}, {"b": 2, "a": 1}] | uniq', ['{"a":1,"b":2}']),
        ("json [[1, 2], [3]] | flatten", ["1", "2", "3"]),
        ("json [1, 2, 3] | chunk 2", ["[1,2]", "[3]"]),
        ("json [1, 2, 3] | tail -2", ["2", "3"]),
        ("json [1, 2, 3] | limit 1, 1", ["2"]),
        (f"{ROWS} | count", ["total matched: 3", "total unmatched: 0"]),
        (f"{ROWS} | count b", ["x: 2", "total matched: 2", "total unmatched: 1"]),
        (f"{ROWS} | sort a desc | format {{a}}{{{{{{b}}}}}}", ["3{x}", "2{x}", "1{null}"]),
        (f"{ROWS} | sort b, a | format {{a}}", ["1", "2", "3"]),
        (
            f"{ROWS} | aggregate b: sum(a) as s, avg(a * 2) as m",
            ['{"group":{"b":null},"s":1,"m":2.0}', '{"group":{"b":"x"},"s":5,"m":5.0}'],
        ),
        (f"{ROWS} | list a, b as letter", ["a  letter", "2  x", "1", "3  x"]),
        (f"{ROWS} | list", ["a  b", "2  x", "1", "3  x"]),
        ('json [1, "a", null] | list', ["1", "a", "null"]),
        (f"{ROWS} | list 'a, b as letter' | head 2", ["a  letter", "2  x"]),
        (f'{ROWS} | sort "a desc" | count "b"', ["x: 2", "total matched: 2", "total unmatched: 1"]),
        (f"{ROWS} | aggregate 'sum(a) as s'", ['{"s":6}']),
        ("echo a b | list", ["a b"]),
        ("echo a | list --csv", ['"value"', '"a"']),
        ('json [1, {"a": 2}] | list', ["a  value", "       1", "2"]),
        (
            "json [1] | list --json-table",
            ['{"columns":[{"name":"value","path":"/","kind":"any","display":"Value"}]}', '{"id":null,"row":{"value":1}}'],
        ),
        ('json [{"age": 5}, {"age": 3}] | sort age | list', ["age", "  3", "  5"]),
        ('json [{"age": 5}, {"age": 3}] | aggregate max(age), sum(age) as s', ['{"max_of_age":5,"s":8}']),
        ('json [{"age": 5}] | tree --by age', ["5 (1)", '└── {"age":5}']),
        (
            'json [{"a": [{"b": 1}, {"b": 2}]}, {"a": []}, {}] | aggregate a[*].b as b: sum(a[*].b) as s',
            [
                '{"group":{"b":1},"s":1}',
                '{"group":{"b":2},"s":2}',
            ],
        ),
        ('json [{"a": 0.1}, {"a": 0.2}, {"a": 0.3}] | aggregate sum(a), stddev(a) as d', ['{"sum_of_a":0.6,"d":0.08164965809277258}']),
        ('json [{"a": 1e308}, {"a": 1e308}] | aggregate max(a * 10 % 3) as m, sum(a / 0) as d', ['{"m":null,"d":null}']),
        (f"{ROWS} | aggregate b: sum(1) as n | aggregate_to_count", ["x: 2", "total matched: 2", "total unmatched: 1"]),
        (f"{ROWS} | aggregate sum(a) | aggregate_to_count", ["total matched: 6", "total unmatched: 0"]),
        (r"""json '["it\'s | a", "b\\\\"]'""", ["it's | a", "b\\\\"]),
        (f"{ROWS} | list --csv", ['"a","b"', '2,"x"', "1,", '3,"x"']),
        (f"{ROWS} | head 1 | format --json", ['[{"a":2,"b":"x"}', "]"]),
        ("json [] | format --json", ["[]"]),
        (f"{ROWS} | tail 1 | dump", ["---", "a: 3", "b: x"]),
        (f"{ROWS} | head 1 | format --text", ["a=2, b=x"]),
        ("x=1 env", ["x=1"]),
        ("echo a; echo b", ["a", "b"]),
        ("sleep 0", []),
    ],
)
def test_lines(plain: Shell, line: str, expected: list[str]) -> None:
    assert plain(line) == expected
    assert (plain.status, plain.notes) == (0, [])


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("ekko a", 127, "echo"),
        ("count", 2, "count can not start a line"),
        ("echo a | kinds", 2, "kinds can only start a line"),
        ("echo 'a", 2, "column 6"),
        ("json {", 2, "column 7"),
        ("json [1] | head x", 2, "'x' is not a number of rows"),
        ("json [1] | format {a", 2, "holds no path"),
        ("json [1] | format", 2, "template"),
        ("json [1] | list --cvs", 2, "--csv"),
        ("kinds --al", 2, "--all"),
        ("workflows", 2, "list"),
        ("workflows rnu x", 2, "run"),
        ("workflows run collekt", 2, "collect"),
        ("events last many", 2, "many"),
        ("config set aws.regoins x", 2, "aws.regions"),
        ("config set aws.concurrency x", 2, "whole number"),
        ("help serch", 127, "search"),
        ("json [1] | list [", 2, "is not a column"),
        ("json [1] | aggregate_to_count", 2, "none of an aggregate"),
        ("json [1, 2] | chunk -1", 2, "-1 is no size"),
        ("sleep \u00b2", 2, "\u00b2"),
        ("search_timeout=\u00b2 echo a", 2, "\u00b2"),
        ("exit -1", 2, "-1 is no exit status"),
        ("config set collect.accounts -1", 2, "-1 is negative"),
        ("config set collect.accounts 9999999999999999999", 2, "too large"),
        ("section=reportd search all", 2, "reported"),
        ("json [1] | count a, b", 2, "'a, b' is not one property"),
        ("json [1] | count a b", 2, "'a b' is not one property"),
        ("json [1] | flatten tags", 2, "no place for 'tags'"),
        ("echo a\udcff", 2, "column 7: the byte 0xff is no UTF-8"),
    ],
)
def test_a_mistake_names_the_right_thing_in_one_line_and_shows_its_place(plain: Shell, line: str, status: int, words: str) -> None:
    assert plain(line) == []
    assert plain.status == status
    assert len(plain.notes) == 1
    assert words in plain.notes[0]


def test_nothing_runs_when_a_later_stage_is_wrong(plain: Shell) -> None:
    assert plain("echo a; ekko b") == []
    assert plain.status == 127


def test_text_from_outside_is_sanitised(plain: Shell) -> None:
    assert plain(r'json ["a\u001b[31m\u009bb"]') == ["a�[31m�b"]
    assert plain(r'json [{"a": "\u009b"}]') == [r'{"a":"\u009b"}']


def test_roles(app: App) -> None:
    viewer = Shell(app, role=Role.viewer)
    assert viewer("workflows run collect") == []
    assert viewer.status == 126
    assert "workflows run needs the role operator" in viewer.notes[0]
    viewer("config set aws.regions x")
    assert viewer.status == 126
    assert "admin" in viewer.notes[0]


def test_write_replaces_the_file_whole(plain: Shell, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    assert plain(f"json [1, 2] | write {file}") == []
    assert file.read_text() == "1\n2\n"
    plain(f"json [1] | format {{a}}{{b | write {file}")
    assert (plain.status, file.read_text()) == (2, "1\n2\n")
    plain(f"echo a | write {tmp_path}/none/out.txt")
    assert plain.status == 1
    assert list(tmp_path.glob(".out*")) == []


def test_write_is_for_local_sessions(app: App, tmp_path: Path) -> None:
    remote = Shell(app, local=False)
    remote(f"echo a | write {tmp_path}/x")
    assert remote.status == 126
    assert not (tmp_path / "x").exists()


def test_a_file_gets_the_table_whole_whatever_the_terminal(app: App, tmp_path: Path) -> None:
    narrow = Shell(app, columns=10)
    narrow(f'json [{{"a": "{"x" * 50}"}}] | list | write {tmp_path}/x')
    assert "x" * 50 in (tmp_path / "x").read_text()


def test_a_file_gets_the_tree_of_a_terminal_whole(app: App, tmp_path: Path) -> None:
    narrow = Shell(app, columns=10)
    narrow(f'json [{{"id": "{"x" * 50}"}}] | tree > {tmp_path}/x')
    assert (narrow.status, "x" * 50 in (tmp_path / "x").read_text()) == (0, True)


def test_a_terminal_shows_tables(app: App) -> None:
    assert Shell(app, columns=80)(ROWS) == ["a  b", "2  x", "1", "3  x"]


def test_exit_ends_the_session(plain: Shell) -> None:
    assert plain("exit 3; echo a") == []
    assert (plain.status, plain.session.ended) == (3, True)


def test_words_find_commands_that_tell_of_them(plain: Shell) -> None:
    found = plain("help graphml")
    assert (found[0].split()[0], found[-1]) == ("format", "help <command> tells more")
    assert [line.split("  ")[0] for line in plain("help markdown table")][:-1] == ["list"]
    assert plain("help cleanup volumes")[0].startswith("config show cleanup.rules.volumes.enabled")
    plain("help nothing-like-it")
    assert (plain.status, len(plain.notes)) == (127, 1)


def test_a_viewer_finds_what_a_viewer_may_use(app: App) -> None:
    assert any("keys and role" in line for line in Shell(app)("help log in over SSH"))
    assert not any(line.startswith("user add") for line in Shell(app, role=Role.viewer)("help SSH"))


def test_help_of_a_stage(plain: Shell) -> None:
    assert plain("count --help")[0] == "count [path]"
    assert plain("help workflows run")[0] == "workflows run [--wait] [--follow] [--step <step>] <name>"


def test_config(plain: Shell) -> None:
    assert plain("config set aws.regions eu-west-1,us-east-1 | format {value}") == ['["eu-west-1","us-east-1"]']
    assert plain("config show aws.regions | format {source}") == ["state"]
    assert plain.app.tables.settings.stored() == {"aws.regions": ["eu-west-1", "us-east-1"]}
    assert len(plain("config show cleanup | format {path}")) >= 5


def test_a_stored_setting_can_be_forgotten(plain: Shell) -> None:
    plain("config set aws.regions eu-west-1")
    assert plain("config reset aws.regions | format {value} {source}") == ["[] default"]
    assert plain.app.tables.settings.stored() == {}
    assert [event.text for event in plain.app.log.last()] == ["aws.regions set by ada", "aws.regions unset by ada"]
    plain("config reset aws.regions")
    assert (plain.status, "nothing is stored for aws.regions" in plain.notes[0]) == (1, True)
    plain("config reset aws.regoins")
    assert (plain.status, "aws.regions" in plain.notes[0]) == (2, True)


def test_forgetting_does_not_touch_what_counts_from_elsewhere(home: Path) -> None:
    with App(home, overrides=["aws.regions=us-east-1"]) as app:
        plain = Shell(app)
        plain("config set aws.regions eu-west-1")
        assert plain("config reset aws.regions | format {value} {source}") == ['["us-east-1"] option']
