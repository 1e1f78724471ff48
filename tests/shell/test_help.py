from __future__ import annotations

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.commands.repertoire import Repertoire
from resh.shell.complete import complete
from resh.shell.help import command_at, help_at
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("search is(volume) | count vol", "count [path]"),
        ("search is(volume) | cou", "count [path]"),
        ("workflows run col", "workflows run [--wait] [--follow] [--step <step>] <name>"),
        ("a=1 kin", "kinds [--property <property>] [--all] [name]"),
        ("", "search"),
        ("search all | ", "search"),
        ("zzz", "search"),
        ("'", "search"),
    ],
)
def test_help_follows_the_cursor(text: str, first: str) -> None:
    assert command_at(text, Repertoire())[0] == first


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("search is(aws_ec2_volume) | count", 12, "aws_ec2_volume: A block storage volume."),
        ("search is(aws_ec2_volume) | count", 10, "aws_ec2_volume: A block storage volume."),
        ("search is(aws_ec2_volume) and volume_size > 5", 35, "volume_size: int64 · GB · its size"),
        ("search --with-edges all", 10, "--with-edges: the edges between what is found too, as rows behind it"),
        ("search is(aws_ec2_volume) sort name", 28, "sort: order by properties"),
        ("workflows run collect", 18, "collect: "),
        ("watch 5 search is(aws_ec2_volume)", 25, "aws_ec2_volume: A block storage volume."),
    ],
)
def test_the_word_under_the_cursor_is_explained_first(shell: Shell, text: str, position: int, words: str) -> None:
    lines = help_at(shell.session, text, position)
    assert lines[0].startswith(words)
    assert lines[1] == ""
    assert lines[2].split()[0] in ("search", "count", "workflows")


@pytest.mark.parametrize("text", ["", "zzz", "'", "search is(nothing", "|", "echo \x1b[2J"])
def test_a_word_that_means_nothing_is_no_error(shell: Shell, text: str) -> None:
    assert help_at(shell.session, text, len(text)) == command_at(text, shell.session.vocabulary.repertoire)


def test_help_and_completion_leave_out_what_the_role_may_not(app: App) -> None:
    viewer, operator = Shell(app, role=Role.viewer), Shell(app, role=Role.operator)

    def known(shell: Shell) -> set[str]:
        helped = {line.split()[0] for line in shell("help") if line.startswith("  ")}
        offered = {candidate.text for text in ("", "search all | ") for candidate in complete(shell.session, text)}
        assert helped <= offered
        return helped

    assert {"search", "count", "who", "workflows"} <= known(viewer) < known(operator)
    assert not {"user", "wall", "clean", "tag", "protect"} & known(viewer)
    assert {"wall", "clean", "tag"} <= known(operator)
    assert "user" not in known(operator)
