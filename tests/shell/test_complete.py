from __future__ import annotations

import time

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.commands.table import TABLE, load
from resh.placeholders import value
from resh.shell.complete import complete
from tests.commands.conftest import Shell
from tests.commands.test_table import leaves


def words(shell: Shell, text: str) -> list[str]:
    return [candidate.text for candidate in complete(shell.session, text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sea", "search"),
        ("que", "query"),
        ("echo a; sea", "search"),
        ("x=1 sea", "search"),
        ("sect", "section="),
        ("x=1 graph", "graph"),
        ("search is(volume) | co", "count"),
        ("search is(volume) | lis", "list"),
        ("workflows r", "run"),
        ("echo a | slack tit", "title="),
        ("echo a | slack --tit", "--title"),
        ("notify add team disc", "discord"),
        ("workflows run coll", "collect"),
        ("workflows run collect --f", "--follow"),
        ("workflows history --", "--limit"),
        ("config set aws.reg", "aws.regions"),
        ("config set aws.org", "aws.organization"),
        ("aws per", "permissions"),
        ("aws permissions --m", "--missing"),
        ("metrics show volumes_t", "volumes_total"),
        ("events fol", "follow"),
        ("events last 5 scope", "scope_failed"),
        ("events mute pre_coll", "pre_collect"),
        ("events follow --severity warn", "warning"),
        ("kinds aws_ec2_vol", "aws_ec2_volume"),
        ("help conf", "config"),
        ("search is(aws_ec2_vol", "aws_ec2_volume"),
        ("search i", "is("),
        ("search is(aws_ec2_volume) a", "and"),
        ("search is(aws_ec2_volume) and volume_st", "volume_status"),
        ("search is(aws_ec2_volume) and volume_status ", "!="),
        ("search is(aws_ec2_volume) sort volume_si", "volume_size"),
        ("search is(aws_ec2_volume) | list id, volume_si", "volume_size"),
        ("search is(aws_ec2_volume) | count volume_t", "volume_type"),
        ("search is(aws_ec2_volume) | format {volume_t", "volume_type"),
        ("search is(aws_ec2_volume) | list --c", "--csv"),
        ("echo @TOD", "@TODAY@"),
        ("search is(aws_ec2_volume) | sort volume_si", "volume_size"),
        ("search is(aws_ec2_volume) | sort volume_size d", "desc"),
        ("search is(aws_ec2_volume) | aggregate volume_t", "volume_type"),
        ("search is(aws_ec2_volume) | aggregate volume_type: s", "sum("),
        ("search is(aws_ec2_volume) | aggregate volume_type as t: sum(1) | sort ", "t"),
        ("search is(aws_ec2_volume) | search volume_st", "volume_status"),
        ("search ctime < @TODAY@ and volume_st", "volume_status"),
        ("search (is(aws_ec2_volume)\n  and volume_st", "volume_status"),
    ],
)
def test_first_candidate(shell: Shell, text: str, first: str) -> None:
    candidates = complete(shell.session, text)
    assert candidates
    assert first in [candidate.text for candidate in candidates][:3]


def test_what_is_replaced_is_what_was_typed(shell: Shell) -> None:
    for text, typed in (
        ("workflows run coll", "coll"),
        ("search is(vol", "vol"),
        ("search is(volume) | list id,na", "na"),
        ("search ", ""),
    ):
        assert {candidate.start for candidate in complete(shell.session, text)} == {-len(typed)}


def eventually(shell: Shell, text: str, word: str) -> list[tuple[str, str]]:
    """What is offered as soon as the word is: values are counted in the background."""
    deadline = time.monotonic() + 20
    while word not in words(shell, text):
        assert time.monotonic() < deadline, words(shell, text)
    return [(candidate.text, candidate.description) for candidate in complete(shell.session, text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "search is(aws_ec2_volume) and volume_status = ",
            [("available", "2 resources"), ("error", "1 resource"), ("in-use", "1 resource"), ("null", "not set")],
        ),
        ("search is(aws_ec2_volume) | search volume_status = av", [("available", "2 resources")]),
        ("search is(aws_ec2_volume) and volume_size in [1, ", [(size, "1 resource") for size in ("1", "8", "100", "500")]),
        ("search is(aws_ec2_volume) and zones = a", [("a", "3 resources")]),
        ("search is(aws_ec2_volume) | list tags.", [("tags.owner", "2 resources")]),
        ("search is(aws_ec2_volume) | aggregate tags.", [("tags.owner", "2 resources")]),
        ("search is(aws_ec2_volume) | format {tags.", [("tags.owner", "2 resources")]),
        ("search is(aws_ec2_volume) | tag delete ow", [("owner", "2 resources")]),
        ("search is(aws_ec2_volume) | tag update owner a", [("ada", "2 resources")]),
    ],
)
def test_what_the_graph_has_is_offered_with_counts(shell: Shell, text: str, values: list[tuple[str, str]]) -> None:
    assert eventually(shell, text, values[0][0]) == values


def test_the_console_is_offered_where_it_can_be_shown(shell: Shell) -> None:
    for text in ("search is(volume) | list id, /con", "search is(volume) | format {id} {/con"):
        (candidate,) = complete(shell.session, text)
        assert (candidate.text, candidate.start) == ("/console", -4)
    assert words(shell, "search is(volume) and /con") == words(shell, "search is(volume) | count /con") == []


def test_placeholders_say_what_they_stand_for(shell: Shell) -> None:
    (candidate,) = complete(shell.session, "echo @TODA")
    assert candidate.description == f"now {value('TODAY', shell.app.clock.now())}"


def test_runs_are_offered_for_their_calls(shell: Shell) -> None:
    record = shell.app.tables.runs.open("collect", by="ada", at=1.0)
    assert record.id in words(shell, "calls ")
    assert "--prices" in words(shell, "calls --p")
    assert "123456789012" in words(shell, "calls --account ")


def test_only_stages_of_the_same_line_tell_the_kinds(shell: Shell) -> None:
    assert "volume_size" not in words(shell, "search is(aws_ec2_instance) | list vol")
    assert "volume_size" in words(shell, "search is(aws_ec2_instance); search all | list vol")
    assert "volume_size" in words(shell, "search is(aws_ec2_instance) --> all | list vol")


def test_position_in_the_pipe_decides(shell: Shell) -> None:
    assert "kinds" in words(shell, "")
    assert "head" not in words(shell, "")
    assert "kinds" not in words(shell, "search all | ")
    assert "head" in words(shell, "search all | ")


def test_every_candidate_of_a_command_is_described(shell: Shell) -> None:
    for text in ("", "workflows ", "workflows run ", "config show ", "metrics show ", "search all | "):
        assert all(candidate.description for candidate in complete(shell.session, text))


def test_a_role_sees_what_it_may_do(graph: App) -> None:
    viewer = Shell(graph, role=Role.viewer)
    assert "run" not in words(viewer, "workflows ")
    assert "list" in words(viewer, "workflows ")


def test_files_only_for_local_sessions(graph: App, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "report.csv").touch()
    line = f"search all | write {folder}/rep"
    assert words(Shell(graph), line) == [f"{folder}/report.csv"]
    assert words(Shell(graph, local=False), line) == []


def test_every_sub_command_and_option_completes(shell: Shell) -> None:
    for entry in TABLE.values():
        for label, command in leaves(load(entry), entry.name):
            before = "" if entry.position.value != "flow" else "search all | "
            assert label.split()[-1] in words(shell, before + label)
            offered = words(shell, f"{before}{label} --")
            assert {f"--{option.name}" for option in command.options} <= set(offered)


@pytest.mark.parametrize(
    "text", ["'", '"', "|", ";;", "search is((((", "list [", 'search a = "', "\\", "workflows run x y z ", "日本 日本", "@", "x="]
)
def test_it_never_fails(shell: Shell, text: str) -> None:
    for end in range(len(text) + 1):
        complete(shell.session, text[:end])
