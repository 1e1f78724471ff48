from __future__ import annotations

import pytest

from resh.commands.repertoire import Repertoire
from resh.shell.help import help_at


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
