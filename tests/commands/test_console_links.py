"""Resources and the console of their cloud: `/console`, and links where a person looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from resh.app import App
from tests.commands.conftest import Shell, collect, node

ADDRESS = "https://console.aws.amazon.com/ec2/home?region=eu-west-1#VolumeDetails:volumeId="
ONE = f"{ADDRESS}vol-1"
LINK = re.compile(r"\x1b]8;;([^\x1b]*)\x1b\\([^\x1b]*)\x1b]8;;\x1b\\")
LIST = "search is(volume) sort id | list id, name, volume_size"


def drawn(url: str, text: str) -> str:
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


@pytest.fixture
def linking(graph: App) -> Shell:
    """At a terminal that shows links."""
    shell = Shell(graph, columns=100, interactive=True)
    shell.sink.links = True
    return shell


@pytest.mark.parametrize("line", ["search id = vol-1", "search id = vol-1 | list id, name", "search id = vol-1 | uniq | list id, name"])
def test_ids_and_names_are_links_at_a_terminal(linking: Shell, line: str) -> None:
    assert LINK.findall("\n".join(linking(line))) == [(ONE, "vol-1"), (ONE, "name of vol-1")]


def test_a_table_looks_the_same_with_links(linking: Shell, terminal: Shell) -> None:
    for columns in (100, 30, 12):
        linking.sink.columns = terminal.sink.columns = columns
        with_links, without = linking(LIST), terminal(LIST)
        assert [re.sub(r"\x1b]8;;[^\x1b]*\x1b\\", "", line) for line in with_links] == without
        assert all("\x1b" in line for line in with_links[1:])


def test_the_document_that_dump_shows_links_its_id(linking: Shell) -> None:
    lines = linking("search id = vol-1 | dump")
    assert f"  id: {drawn(ONE, 'vol-1')}" in lines
    assert sum("\x1b" in line for line in lines) == 1


@pytest.mark.parametrize(
    "line", ["search id = vol-1 | list --csv id", "search id = vol-1 | list --markdown id", "search id = vol-1 | format {id}"]
)
def test_formats_have_no_links(linking: Shell, line: str) -> None:
    assert "\x1b" not in "".join(linking(line))


def test_what_goes_on_goes_on_without_links(linking: Shell, tmp_path: Path) -> None:
    assert linking("search id = vol-1 | list id | tail 1 | format --ndjson") == ['"vol-1"']
    linking(f"search id = vol-1 | list id, name | write {tmp_path / 'file'}")
    assert (tmp_path / "file").read_text() == "id     name\nvol-1  name of vol-1\n"
    linking(f"search id = vol-1 | dump | write {tmp_path / 'file'}")
    assert "\x1b" not in (tmp_path / "file").read_text()


def test_a_setting_switches_them_off(linking: Shell) -> None:
    linking("config set shell.links false")
    assert "\x1b" not in "".join(linking(LIST) + linking("search id = vol-1 | dump"))


def test_no_links_in_scripts_and_terminals_without(shell: Shell, terminal: Shell) -> None:
    assert "\x1b" not in "".join(shell(LIST) + terminal(LIST))
    shell.sink.links = True
    assert "\x1b" not in "".join(shell(LIST)), "a sink that is no terminal has no columns"


def test_hostile_names_and_ids_stay_inside(linking: Shell, graph: App) -> None:
    evil = "vol\x1b]8;;http://evil\x1b\\-x\x07\x9c"
    collect(graph, [node("aws_ec2_volume", evil, graph.clock.now())])
    (line,) = linking("search is(volume) | list id")[1:]
    url, text = LINK.fullmatch(line).groups()  # type: ignore[union-attr]
    assert url == f"{ADDRESS}vol%1B%5D8%3B%3Bhttp%3A%2F%2Fevil%1B%5C-x%07%C2%9C"
    assert text == "vol�]8;;http://evil�\\-x��"
    dumped = "\n".join(linking("search is(volume) | dump"))
    assert re.sub(LINK, "", dumped).count("\x1b") == 0


def test_the_address_is_a_value_that_prints(shell: Shell) -> None:
    assert shell("search id = vol-1 | format {id} {/console}") == [f"vol-1 {ONE}"]
    assert shell("search id = vol-1 | list --csv id, /console as page") == ['"id","page"', f'"vol-1","{ONE}"']
    assert shell("search id = vol-1 | uniq | list /console")[1:] == [ONE]
    assert shell("search id = t3.micro | format {/console}") == ["null"]
    assert shell("search id = vol-1 | format {console}") == ["null"], "without a slash it is a property that the cloud reported"
