"""Every command, each of its options and each of their values completes, or is declared to be free text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from resh.commands.base import Argument, Command, Option
from resh.commands.table import TABLE, Entry, load
from resh.shell.complete import complete
from resh.shell.word_lists import WORDS
from tests.commands.conftest import Shell
from tests.commands.test_table import leaves

LEAVES = [(label, command, entry) for entry in TABLE.values() for label, command in leaves(load(entry), entry.name)]
EMPTY = frozenset(
    (
        "free",
        "alert",
        "aws",
        "background",
        "condition",
        "export",
        "file",
        "held",
        "id",
        "job run",
        "label",
        "label test",
        "own",
        "run",
        "scope",
        "sql",
        "tag",
        "target",
        "user",
        "view",
    )
)
"""Of these there is nothing in a new state folder, or they need what is slow to load."""


def sources() -> Iterator[tuple[str, str, str, str]]:
    """Where something stands that completes: the line up to there, what it is."""
    for label, command, entry in LEAVES:
        before = "search all | " if entry.position.value == "flow" else ""
        for option in command.options:
            if option.type is not bool and option.complete:
                yield label, f"--{option.name}", f"{before}{label} --{option.name} ", option.complete
        first = command.arguments[0] if command.arguments else None
        if first and first.complete:
            yield label, first.name, f"{before}{label} ", first.complete


SOURCES = [item for item in sources() if item[3] not in EMPTY]


@pytest.mark.parametrize(("label", "command", "entry"), LEAVES, ids=[label for label, _, _ in LEAVES])
def test_every_value_completes_or_is_free(label: str, command: Command, entry: Entry) -> None:
    valued: list[Argument | Option] = [*command.arguments, *(option for option in command.options if option.type is not bool)]
    for one in valued:
        assert one.complete or one.type is not str, f"{label}: say what completes {one.name}, or that it is free text"


@pytest.mark.parametrize(("label", "what", "line", "source"), SOURCES, ids=[f"{label} {what}" for label, what, _, _ in SOURCES])
def test_something_is_offered_there(shell: Shell, label: str, what: str, line: str, source: str) -> None:
    found = complete(shell.session, line)
    assert found, f"nothing of {source}"
    assert all(candidate.start <= 0 for candidate in found)
    shell.session.vocabulary.close()


@pytest.mark.parametrize(("label", "command", "entry"), LEAVES, ids=[label for label, _, _ in LEAVES])
def test_every_option_is_offered_with_its_help(shell: Shell, label: str, command: Command, entry: Entry) -> None:
    before = "search all | " if entry.position.value == "flow" else ""
    offered = {found.text: found.description for found in complete(shell.session, f"{before}{label} --")}
    assert all(offered.get(f"--{option.name}") == option.help for option in command.options)
    shell.session.vocabulary.close()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("config set shell.theme ", ["ansi", "dark", "light", "none"]),
        ("config set shell.events ", ["false", "true"]),
        ("config set notify.timeout ", ["30s", "5m"]),
        ("config set metrics.push.token ", []),
        ("config set nothing ", []),
        ("config set shell.theme=", ["ansi", "dark", "light", "none"]),
        ("config set shell.events=false, shell.theme=da", ["dark"]),
        ("config set shell.events=false shell.them", ["shell.theme"]),
        ("config set workflows.timezone Europe/Berl", ["Europe/Berlin"]),
        ("section=", ["/", "desired", "metadata", "reported", "usage"]),
        ("graph=ma", ["main"]),
        ("x=1 edge_type=de", ["default", "delete"]),
        ("nothing=", []),
        ("jobs add 'search is(aws_ec2_vol", ["aws_ec2_volume"]),
        ("jobs add --schedule ", ["'0 9 * * MON'", "@hourly"]),
        ("alias add x search is(aws_ec2_vol", ["aws_ec2_volume"]),
        ("watch 5 search is(aws_ec2_vol", ["aws_ec2_volume"]),
        ("watch 5 'search is(aws_ec2_vol", ["aws_ec2_volume"]),
        ("watch 5 search all | cou", ["count"]),
        ("watch ", ["30s"]),
        ("watch --", ["--times"]),
        ("edit sea", ["search"]),
        ("templates add x 'is(aws_ec2_vol", ["aws_ec2_volume"]),
        ("templates add x is({{kind}}) and volume_si", ["volume_size"]),
        ("cleanup rules show vol", ["volumes"]),
        ("workflows run collect --step col", ["collect"]),
        ("timing ", ["off", "on", "slow"]),
        ("history --since ", ["1d", "1w"]),
        ("alerts mute x ", ["1h"]),
        ("collect status --by ", ["account", "region"]),
        ("events last 5 --severity ", ["error", "warning"]),
        ("search id = $1 and volume_si", ["volume_size"]),
        ("search id in $_ and volume_si", ["volume_size"]),
        ("search is(volume) |", ["shell", "count"]),
        ("why vol-", ["vol-1", "vol-4"]),
    ],
)
def test_values_are_those_that_fit(shell: Shell, line: str, words: list[str]) -> None:
    shell("search is(volume)")
    offered = [found.text for found in complete(shell.session, line)]
    assert set(words) <= set(offered)
    assert words or not offered
    shell.session.vocabulary.close()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("search is(volume) > vol", True),
        ("search is(volume) >> vol", True),
        ("search is(volume) | list id > vol", True),
        ("search is(volume) | !sort vol", True),
        ("search is(volume) and volume_size > vol", False),
        ("echo a > ", True),
    ],
)
def test_files_are_offered_behind_an_arrow(
    shell: Shell, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, line: str, offered: bool
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "volumes.csv").touch()
    monkeypatch.chdir(folder)
    assert ("volumes.csv" in [found.text for found in complete(shell.session, line)]) == offered
    shell.session.local = False
    assert "volumes.csv" not in [found.text for found in complete(shell.session, line)]


def test_word_lists_name_what_there_is() -> None:
    from resh.commands import calls, collect
    from resh.commands.desk import TIMING
    from resh.commands.edit import PLACES
    from resh.events.event import SEVERITIES
    from resh.notify.base import SEVERITIES as NOTICES

    assert tuple(WORDS["severity"]) == SEVERITIES
    assert tuple(WORDS["notice"]) == NOTICES
    assert set(WORDS["timing"]) == set(TIMING)
    assert set(WORDS["place"]) == set(PLACES)
    assert tuple(WORDS["group of scopes"]) == collect._GROUPS
    assert (tuple(WORDS["group of calls"]), tuple(WORDS["measure of calls"])) == (calls._GROUPS, calls._SORTS)
