"""Properties that nothing has: no mistake, but worth a word when nothing comes of them."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Shell

SISE = "no kind has a property volume_sise (did you mean volume_size?)"


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume) and volume_sise > 3",
        "search is(volume) and volume_sise > 3 | count",
        "search is(volume) and volume_sise > 3 | count volume_type",
        "search is(volume) and volume_sise > 3 | aggregate kind: sum(1)",
        "search is(volume) and volume_sise > 3 | head 3",
        "search is(volume) and volume_sise > 3 | tail 3",
        "search is(volume) and volume_sise > 3 | list id",
        "search is(volume) and volume_sise > 3 | format {id}",
        "search is(volume) and volume_sise > 3 | uniq",
        "search is(volume) | search volume_sise > 3 | sort name",
        "search is(volume) and volume_sise > 3 <-- is(instance)",
        "search is(volume) and (not (volume_size > 0 or volume_sise > 3))",
        "search aggregate(volume_sise: sum(1)): is(volume) and volume_size > 3000",
        "search is(volume) and /reported.volume_sise > 3",
        "search is(instance) with(any, <-- volume_sise > 3)",
        "search is(volume) and volume_size > 3000 sort volume_sise",
    ],
)
def test_an_empty_result_names_the_property_that_nothing_has(shell: Shell, terminal: Shell, line: str) -> None:
    shell(line)
    assert (shell.status, shell.notes) == (0, [f"resh: nothing found: {SISE}"])
    terminal(line)
    assert (terminal.status, terminal.notes) == (0, [f"nothing found: {SISE}"])


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume) | count volume_sise",
        "search is(volume) | aggregate volume_sise: sum(1)",
        "search is(volume) | aggregate kind: sum(volume_sise)",
        "search is(volume) | list id, volume_sise",
        "search is(volume) sort volume_sise",
        "search is(volume) | sort name, volume_sise desc | head 2",
    ],
)
def test_so_does_a_column_without_values_and_an_order_by_nothing(shell: Shell, line: str) -> None:
    assert shell(line)
    assert (shell.status, shell.notes) == (0, [f"resh: {SISE}"])


@pytest.mark.parametrize(
    "line",
    [
        "search is(volume) and volume_size > 3000",
        "search is(volume) and tags.nothing = 3 | count",
        "search is(volume) and nested.nothing = 3 and list[*].nothing = 3",
        "search is(volume) and list[*].{nothing = 3}",
        "search is(volume) and age > 1000d and region = x and kind = y and account = z",
        "search is(volume) and last_access > 1000d | count",
        "search is(volume) | list id, tags.nothing",
        "search is(volume) sort volume_size, name desc | count volume_type",
        "search aggregate(kind as k: sum(volume_size) as s): is(volume) and volume_size > 3000 sort s, k",
    ],
)
def test_free_and_known_properties_are_nobodys_fault(shell: Shell, line: str) -> None:
    shell(line)
    assert (shell.status, shell.notes) == (0, [])


def test_a_property_that_is_not_declared_and_there_nevertheless(shell: Shell) -> None:
    shell("search is(volume) and name != x sort id")
    assert shell.notes == []


def test_a_prompt_says_that_nothing_was_found_and_a_script_does_not(shell: Shell, terminal: Shell) -> None:
    assert (terminal("search is(volume) and volume_size > 3000"), terminal.notes) == ([], ["nothing found"])
    assert (shell("search is(volume) and volume_size > 3000"), shell.notes) == ([], [])


def test_a_property_without_a_likeness_has_no_suggestion(shell: Shell) -> None:
    shell("search is(volume) and qqqqq > 3")
    assert shell.notes == ["resh: nothing found: no kind has a property qqqqq"]
