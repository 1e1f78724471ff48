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
    assert (values["query"], values["limit"]) == (NODE, 5)


def test_what_is_neither_option_nor_id_is_refused() -> None:
    with pytest.raises(UsageError, match="-d"):
        bound("why -diWL")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("search is(volume) --explain", {"query": "is(volume)", "explain": True}),
        ("search is(volume) limit 3 --at 1d --explain", {"query": "is(volume) limit 3", "explain": True, "at": "1d"}),
        ('search is(volume) --at "1 day 2h"', {"query": "is(volume)", "at": "1 day 2h"}),
        ("search --explain is(volume) --at=1d", {"query": "is(volume)", "explain": True, "at": "1d"}),
        ('search name = "a --explain"', {"query": 'name = "a --explain"', "explain": False}),
        ('search "x --at 1d"', {"query": '"x --at 1d"', "at": None}),
        ("search is(volume) --nothing", {"query": "is(volume) --nothing"}),
        ("search is(volume) --at", {"query": "is(volume) --at", "at": None}),
        ("history --change created is(volume) --change deleted", {"query": "is(volume)", "change": ("created", "deleted")}),
    ],
)
def test_options_may_stand_behind_a_search(line: str, expected: dict[str, object]) -> None:
    values = bound(line)
    assert {name: values[name] for name in expected} == expected
