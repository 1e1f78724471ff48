"""What a person at a terminal gets beyond lines that run: a real pty, keys, a screen."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.screen import Screen

PROMPT = r"^> *$"
VOLUMES = "search is(aws_ec2_volume)"


@pytest.fixture
def screen(collected: dict[str, str], tmp_path: Path) -> Iterator[Screen]:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho 'echo from the editor' > \"$1\"\n")
    editor.chmod(0o700)
    with Screen({**collected, "EDITOR": str(editor)}, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        yield screen


def test_matches_are_counted_while_a_search_is_typed(screen: Screen) -> None:
    screen.type(VOLUMES)
    screen.until(r"^ \d+ matches · aws: ")
    screen.type(" and name = nobody_has_this_name")
    screen.until(r"^ 0 matches · aws: ")
    screen.until_prompt(f"> {VOLUMES} and name = nobody_has_this_name")


def test_keys_put_parts_of_the_toolbar_on_and_off(screen: Screen) -> None:
    screen.until(r"^ aws: .* · role admin$")
    screen.type("\x1bOS")
    screen.until(r"^ aws: [^\n]* old$")
    screen.type("\x1b[19~")
    screen.settle()
    assert not re.search(r"^ aws: ", screen.text, re.MULTILINE)
    screen.type("\x1b[19~\x1bOS")
    screen.until(r"^ aws: .* · role admin$")


def test_f1_explains_the_word_under_the_cursor(screen: Screen) -> None:
    screen.type(f"{VOLUMES} and volume_size\x1bOP")
    screen.until(r"^volume_size: ")
    screen.until(r"^search \[--at")
    screen.until_prompt(f"> {VOLUMES} and volume_size")


def test_what_is_chosen_in_the_menu_is_explained_below(screen: Screen) -> None:
    screen.type("search is(aws_ec2_vol")
    screen.until(r"aws_ec2_volume_type\s")
    screen.type("\x1b[B")
    screen.until(r"^ aws_ec2_volume: \w+")


def test_a_long_result_is_paged(screen: Screen) -> None:
    screen.type("config set shell.pager built-in\r")
    screen.until(r"shell\.pager")
    screen.type("search all | format {id}\r")
    screen.until("-- more: Space a page")
    screen.type(" ")
    screen.settle()
    screen.type("q")
    screen.settle()
    screen.until_prompt(">")
    assert "-- more" not in screen.text
    screen.type("echo after\r")
    screen.until("^after")


def test_a_program_may_show_it(screen: Screen) -> None:
    screen.type("config set shell.pager cat\r")
    screen.until(r"shell\.pager")
    screen.type("kinds | count\r")
    screen.until("total matched")
    screen.type("search all | format {id}\r")
    screen.settle()
    screen.until_prompt(">")
    screen.type(f"{VOLUMES} | format {{id}} | !cat -n\r")
    screen.until(r"^ +1\s+vol-")


def test_a_line_goes_on_while_something_is_open(screen: Screen) -> None:
    screen.type("echo (one\r")
    screen.settle()
    assert screen.prompt == ""
    screen.type("two)\r")
    screen.until(r"^two\)")
    screen.type(f"{VOLUMES} |\rcount\r")
    screen.until(r"total matched: \d+")


def test_a_line_that_stays_open_can_be_ended(screen: Screen) -> None:
    screen.type("echo (one\r\r")
    screen.until(r"^\(one$")


def test_the_last_result_can_be_named(screen: Screen) -> None:
    screen.type(f"{VOLUMES} sort name | list id\r")
    first = re.search(r"^vol-\w+", screen.until(r"^vol-\w+"), re.MULTILINE)
    assert first
    screen.type("search id = $1 | format 'it is {id}'\r")
    screen.until(f"^it is {first[0]}")


def test_watch_draws_over_itself_until_control_c(screen: Screen) -> None:
    screen.type(f"watch 0.2 {VOLUMES} | count\r")
    screen.until("^every 0.2 s: search")
    for _ in range(20):
        screen._read()
    assert screen.text.count("every 0.2 s: search") == 1
    screen.type("\x03")
    screen.until("cancelled")
    assert len(re.findall(r"^total matched: \d+", screen.text, re.MULTILINE)) == 1
    screen.type("echo still here\r")
    screen.until("^still here")


def test_copy_reaches_the_terminal(screen: Screen) -> None:
    screen.type("echo to the clipboard | copy\r")
    screen.until("1 line copied")
    found = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", screen.raw)
    assert found
    assert b64decode(found[1]) == b"to the clipboard"


def test_an_editor_writes_the_line(screen: Screen) -> None:
    screen.type("edit\r")
    screen.until_prompt("> echo from the editor")
    screen.type("\r")
    screen.until("^from the editor")
    screen.type("half a line\x18\x05")
    screen.until(r"^from the editor\n(.*\n)*^from the editor")


def test_a_session_is_recorded(screen: Screen, tmp_path: Path) -> None:
    screen.type(f"record {tmp_path / 'a.cast'}\r")
    screen.until("until record --stop")
    screen.type("echo something to see\r")
    screen.until("^something to see")
    screen.type("record --stop\r")
    screen.until("the record is in")
    head, *lines = [json.loads(line) for line in (tmp_path / "a.cast").read_text().splitlines()]
    assert (head["version"], head["width"], head["height"]) == (2, 110, 30)
    assert "something to see\r\n" in "".join(line[2] for line in lines)


def test_no_colour_means_none(collected: dict[str, str]) -> None:
    with Screen({**collected, "NO_COLOR": "1"}, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type(f"{VOLUMES} and nme = x\rserach\r")
        screen.until("no command")
        screen.settle()
        assert not re.search(rb"\x1b\[[0-9;]*(3[0-9]|9[0-7]|4[0-8])[0-9;]*m", screen.raw)


@pytest.mark.parametrize(("theme", "colour"), [("ansi", rb"\x1b\[0;35[;m]"), ("dark", rb"38;[25];"), ("light", rb"38;[25];")])
def test_themes(collected: dict[str, str], theme: str, colour: bytes) -> None:
    with Screen(collected, "--set", "workflows.schedule=false", "--set", f"shell.theme={theme}") as screen:
        screen.until(PROMPT)
        screen.type("search is(volume)")
        screen.until(r"\d+ match")
        screen.type(" | list --csv id, @TODAY@; x=1 echo {id} 5 'a' # \x1b[D")
        screen.settle()
        assert re.search(colour, screen.raw)
        assert (b"38;5;" in screen.raw or b"38;2;" in screen.raw) == (theme != "ansi"), "more than the terminal's own sixteen"


def test_vi_keys(collected: dict[str, str]) -> None:
    with Screen(collected, "--set", "workflows.schedule=false", "--set", "shell.editing=vi") as screen:
        screen.until(PROMPT)
        screen.type("echo onetwo")
        screen.settle()
        screen.type("\x1b")
        screen.settle(0.8)
        screen.type("bcwecho three\r")
        screen.until("^echo three|^three")


def test_a_terminal_without_a_size_works(collected: dict[str, str]) -> None:
    with Screen(collected, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.process.setwinsize(0, 0)
        screen.settle()
        screen.type("echo nowhere\r")
        screen.until("nowhere")
        screen.process.setwinsize(30, 110)
        screen.settle()
        screen.type("\x15echo somewhere\r")
        screen.until("somewhere")
        screen.type("exit\r")
        assert screen.exit_status() == 0


def test_resizing_with_an_open_menu_leaves_one_prompt(screen: Screen) -> None:
    screen.type("search is(aws_ec2_vol")
    screen.until(r"aws_ec2_volume\s")
    for columns, lines in ((60, 20), (100, 25), (40, 12), (110, 30)):
        screen.resize(columns, lines)
        screen.settle()
    screen.until_prompt("> search is(aws_ec2_vol")
    screen.type("ume) | count\r")
    screen.until(r"total matched: \d+")
    shown = screen.text.split("total matched")[0]
    assert len(re.findall(r"^> search is\(aws_ec2_volume\) \| count", shown, re.MULTILINE)) == 1


def test_hostile_text_leaves_the_terminal_as_it_was(screen: Screen) -> None:
    evil = r'json [{"id": "a\u001b]0;owned\u0007\u009b2J\u202eb", "n": "x\u001b[?25l\ny"}]'
    for line in (evil, f"{evil} | list id, n", f"{evil} | format {{id}}", f"{evil} | jq .id", f"{evil} | dump"):
        screen.type(f"{line}\r")
        screen.settle()
    screen.until_prompt(">")
    assert screen._display.title == ""
    assert b"\x1b]0;owned" not in screen.raw
    assert b"\xc2\x9b" not in screen.raw
    assert "\u202e".encode() not in screen.raw
