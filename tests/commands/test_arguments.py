"""Words behind a command's name, as typed values."""

from __future__ import annotations

import pytest

from resh.commands.arguments import bind
from resh.commands.line import split
from resh.commands.table import find, load
from resh.errors import UsageError

NODE = "-diWL0BoqhGVENG6i1wiCw"


def bound(line: str) -> dict[str, object]:
    stage = split(line)[0].stages[0]
    return bind(load(find(stage.name)), stage, 0.0)[1]


@pytest.mark.parametrize("line", [f"history {NODE} --limit 5", f"history --limit 5 {NODE}", f"history --limit 5 -- {NODE}"])
def test_a_node_id_that_starts_with_a_dash_is_no_option(line: str) -> None:
    values = bound(line)
    assert (values["resource"], values["limit"]) == (NODE, 5)


def test_what_is_neither_option_nor_id_is_refused() -> None:
    with pytest.raises(UsageError, match="-d"):
        bound("history -diWL")
