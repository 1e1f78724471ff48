from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Shell


@pytest.fixture
def coloured(terminal: Shell) -> Shell:
    terminal.sink.colour = True
    return terminal


LINE = "search is(volume) | list id, volume_status"


def test_states_have_colours_and_stay_in_their_columns(coloured: Shell) -> None:
    head, first, *_, last = coloured(LINE)
    assert head == "id     volume_status"
    assert (first, last) == ("vol-1  \x1b[32min-use\x1b[0m", "vol-4  \x1b[31merror\x1b[0m")


def test_what_is_new_stands_out_and_what_is_old_steps_back(coloured: Shell) -> None:
    assert coloured("search is(instance) | list id, age")[1] == "i-1  \x1b[32m1 h\x1b[0m"
    assert coloured("search id = vol-3 | list id, age")[1] == "vol-3  3 d"


@pytest.mark.parametrize(
    "line", [f"{LINE} | head 9 | count", "search is(volume) | list --csv id, volume_status", "search is(volume) | format {volume_status}"]
)
def test_only_tables_have_them(coloured: Shell, line: str) -> None:
    assert "\x1b" not in "\n".join(coloured(line))


def test_nothing_that_goes_elsewhere_has_them(coloured: Shell, tmp_path: Path) -> None:
    coloured(f"{LINE} > {tmp_path / 'out'}")
    assert "\x1b" not in (tmp_path / "out").read_text()
    coloured(f"watch --times 1 1 {LINE}")
    assert "\x1b" not in coloured.sink.out


def test_a_setting_takes_them_away(coloured: Shell) -> None:
    coloured("config set shell.highlight false")
    assert "\x1b" not in "\n".join(coloured(LINE))


def test_without_colours_there_are_none(terminal: Shell) -> None:
    assert "\x1b" not in "\n".join(terminal(LINE))
