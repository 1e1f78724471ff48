from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from resh.commands.arguments import bind
from resh.commands.base import Command
from resh.commands.help import describe, overview
from resh.commands.line import Stage
from resh.commands.table import NAMES, TABLE, Entry, find, load
from resh.errors import UnknownCommand, UsageError


def leaves(command: Command, label: str) -> Iterator[tuple[str, Command]]:
    if command.run:
        yield label, command
    for sub in command.subcommands:
        yield from leaves(sub, f"{label} {sub.name}")


ALL = [pair for entry in TABLE.values() for pair in leaves(load(entry), entry.name)]


@pytest.mark.parametrize("entry", TABLE.values(), ids=lambda entry: entry.name)
def test_the_table_says_what_the_declaration_says(entry: Entry) -> None:
    command = load(entry)
    assert (command.name, command.summary, command.position) == (entry.name, entry.summary, entry.position)


@pytest.mark.parametrize(("label", "command"), ALL, ids=[label for label, _ in ALL])
def test_every_command_can_be_learned(label: str, command: Command) -> None:
    assert command.summary
    assert command.run
    assert command.examples
    assert all(line and what for line, what in command.examples)
    assert all(argument.help for argument in command.arguments)
    assert all(option.help for option in command.options)
    assert label in "\n".join(describe(tuple(label.split())))


def test_only_the_last_argument_is_raw_or_many() -> None:
    for _, command in ALL:
        assert not any(argument.raw or argument.many for argument in command.arguments[:-1])


def test_the_overview_names_every_command_once() -> None:
    words = [line.split()[0] for line in overview() if line.startswith("  ")]
    assert sorted(words) == sorted(TABLE)
    families = [line for line in overview() if not line.startswith("  ")][:-1]
    assert len(families) == len(set(families))


def test_aliases_lead_to_commands() -> None:
    assert find("query") is TABLE["search"]
    assert len(NAMES) == len(TABLE) + sum(len(entry.aliases) for entry in TABLE.values())


def test_an_unknown_command_names_the_nearest() -> None:
    with pytest.raises(UnknownCommand) as caught:
        find("serch")
    assert "search" in caught.value.hint
    assert caught.value.exit_code == 127


def test_the_help_texts_are_those_that_were_read_and_agreed() -> None:
    """After a change of a help text, read the new file: `python -m tests.commands.test_table > tests/commands/help.txt`."""
    assert HELP_TEXTS.read_text() == help_texts()


HELP_TEXTS = Path(__file__).with_name("help.txt")


def help_texts() -> str:
    texts = ["\n".join(overview())]
    for label, _ in ALL:
        texts.append("\n".join(describe(tuple(label.split()))))
    return "\n\n".join(texts) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(help_texts())


@pytest.mark.parametrize(("label", "command"), ALL, ids=[label for label, _ in ALL])
def test_a_missing_argument_is_named(label: str, command: Command) -> None:
    if command.subcommands or not any(argument.required for argument in command.arguments):
        return
    stage = Stage(label, "", "", 0, 0, 0)
    with pytest.raises(UsageError, match=f"{command.arguments[0].name} is missing"):
        bind(command, stage, now=0)
