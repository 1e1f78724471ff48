"""The prompt as a person meets it: a real pty, keys, a screen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import run_resh
from tests.e2e.screen import Screen

PROMPT = r"^> *$"
FLOOD = """
import sys
from pathlib import Path
from resh.clock import SystemClock
from resh.events.bus import EventBus
from resh.events.event import ResourceCleaned
from resh.events.log import EventLog
bus = EventBus(SystemClock(), EventLog(Path(sys.argv[1]) / "events.jsonl"))
for number in range(1000):
    bus.emit(ResourceCleaned(text=f"number {number}"))
"""


@pytest.fixture
def screen(collected: dict[str, str]) -> Iterator[Screen]:
    with Screen(collected, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        yield screen


def test_it_says_what_it_knows_and_ends_with_exit(screen: Screen) -> None:
    assert "resources" in screen.text
    screen.type("exit\r")
    assert screen.exit_status() == 0


def test_a_search_gives_a_table(screen: Screen) -> None:
    screen.type("search is(aws_ec2_volume) and volume_status = available | list id, name, volume_size\r")
    text = screen.until("scratch-old")
    assert "volume_size" in text


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_ids_link_to_the_console_where_the_terminal_can_show_it(collected: dict[str, str], term: str) -> None:
    with Screen({**collected, "TERM": term}, "--set", "workflows.schedule=false") as screen:
        screen.until(r"^> *$")
        screen.type("search is(aws_ec2_volume) | head 1 | list id\r")
        screen.until(r"^vol-\w+$")
        assert (b"\x1b]8;;https://console.aws.amazon.com/ec2/home?region=" in screen.raw) == (term != "dumb")


def test_tab_completes_commands_kinds_and_properties(screen: Screen) -> None:
    screen.type("search is(aws_ec2_vol")
    screen.until(r"aws_ec2_volume\s")
    screen.type("\t) and volume_sta")
    screen.until(r"volume_status\s")
    screen.type("\t = available | count\r")
    screen.until(r"total matched: \d+")
    screen.type("workflows ru")
    screen.until(r"running\s")


def test_values_are_offered_with_counts(screen: Screen) -> None:
    screen.type("search is(aws_ec2_volume) and volume_status = ")
    screen.until(r"available +\d+ resources?")
    screen.type("\t\t")
    screen.until_prompt("> search is(aws_ec2_volume) and volume_status = available")
    screen.type("\x15search is(aws_ec2_volume) and tags.ow")
    screen.until(r"tags\.owner +\d+ resources?")


def test_a_mistake_is_told_while_it_is_typed(screen: Screen) -> None:
    screen.type("search is(aws_ec2_volumee) and name = x")
    screen.until("there is no kind 'aws_ec2_volumee' .did you mean aws_ec2_volume")
    screen.type("\x15search is(aws_ec2_volume)")
    screen.until("role admin")


def test_control_c_clears_the_line_and_cancels_a_command(screen: Screen) -> None:
    screen.type("half a line\x03")
    screen.settle()
    assert screen.prompt == ">"
    screen.type("sleep 60\r")
    screen.settle()
    screen.type("\x03")
    screen.until("cancelled")
    screen.type("echo still here\r")
    screen.until("^still here")


def test_the_end_of_input_ends_the_shell(screen: Screen) -> None:
    screen.type("\x04")
    assert screen.exit_status() == 0


def test_f1_explains_what_is_being_typed(screen: Screen) -> None:
    screen.type("search is(volume) | count\x1bOP")
    screen.until("total matched|rows by the values")
    screen.settle()
    screen.until_prompt("> search is(volume) | count")


def test_a_mistake_is_one_line(screen: Screen) -> None:
    screen.type("serach is(volume)\r")
    screen.until("search")
    assert "Traceback" not in screen.text


def test_history_is_suggested_and_kept(collected: dict[str, str]) -> None:
    for keys in (("echo something to remember",), ("echo some", "\x1b[C")):
        with Screen(collected, "--set", "workflows.schedule=false") as screen:
            screen.until(PROMPT)
            for key in (*keys, "\r"):
                screen.type(key)
                screen.settle()
            screen.until("^something to remember")
            screen.type("exit\r")
            assert screen.exit_status() == 0


def test_events_of_another_process_appear_above_what_is_being_typed(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("search is(vol")
        screen.settle()
        assert run_resh(environment, "-c", "workflows run metrics --wait").returncode == 0
        screen.until(r"post_generate_metrics")
        screen.settle()
        screen.until_prompt("> search is(vol")


def test_a_flood_from_another_process_leaves_alone_what_is_being_typed(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("search is(vol")
        screen.settle()
        flood = subprocess.Popen([sys.executable, "-c", FLOOD, environment["RESH_HOME"]])
        screen.until(r"resource_cleaned +number 0$")
        screen.type("ume")
        text = screen.until(r"[\d,]+ events: [\d,]+ resource_cleaned: events --after \d+$")
        assert "number 999" not in text
        assert flood.wait(60) == 0
        screen.type(") | count")
        screen.until_prompt("> search is(volume) | count")
        screen.type("\r")
        screen.until("total matched: 0")
        screen.type("events resource_cleaned | count\r")
        screen.until("total matched: 1000")


def test_what_is_muted_does_not_print(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("events mute 'pre_*,generate_metrics'\r")
        screen.until("no longer above your prompt")
        assert run_resh(environment, "-c", "workflows run metrics --wait").returncode == 0
        text = screen.until(r"post_generate_metrics")
        assert not re.search(r"^\S+  (pre_)?generate_metrics", text, re.MULTILINE)


def test_resize_leaves_one_prompt(screen: Screen) -> None:
    screen.type("search is(volume)")
    screen.settle()
    screen.resize(60, 20)
    screen.until_prompt("> search is(volume)")
    screen.type(" | count\r")
    screen.until(r"total matched: \d+")


def test_control_c_during_a_collect_ends_the_collect_and_not_the_shell(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("workflows run collect --follow\r")
        screen.until("pre_collect")
        screen.type("\x03")
        screen.until("It goes on otherwise")
        screen.type("y\r")
        screen.until("cancelled")
        screen.type("echo still here\r")
        screen.until("^still here")
        screen.type("search is(aws_ec2_volume) | count\r")
        screen.until("total matched: 0")


def test_a_workflow_is_followed_to_its_end(environment: dict[str, str]) -> None:
    with Screen(environment, "--set", "workflows.schedule=false") as screen:
        screen.until(PROMPT)
        screen.type("workflows run collect_and_cleanup --follow\r")
        screen.until(r"collect_and_cleanup .* (ok|partial) after")
        text = screen.settle()
        assert text.count("pre_collect") == 1
        assert len(re.findall(r"started by ada", text)) == 1
