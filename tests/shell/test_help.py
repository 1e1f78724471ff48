from __future__ import annotations

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.commands.repertoire import Repertoire
from resh.shell.complete import complete
from resh.shell.help import help_at
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
    assert help_at(text, Repertoire())[0] == first


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
