"""Every command that works on rows: the same from the graph as from a stream. Every command and option: help, an example, completion."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.commands.base import BOTH, FLOW, Argument, Command, Option, Position
from resh.commands.help import describe
from resh.commands.line import split
from resh.commands.pipeline import resolve
from resh.commands.table import TABLE, load
from resh.shell.complete import complete
from resh.web.dummy import DummyWeb
from tests.commands.conftest import Shell
from tests.commands.test_commands import BIG

STREAM = "chunk | flatten"
"""Changes nothing, but no command behind it becomes part of a search."""


def commands() -> Iterator[tuple[str, Command, Position]]:
    def walk(label: str, command: Command, position: Position) -> Iterator[tuple[str, Command, Position]]:
        if command.run:
            yield label, command, position
        for sub in command.subcommands:
            yield from walk(f"{label} {sub.name}", sub, sub.position)

    for entry in TABLE.values():
        yield from walk(entry.name, load(entry), entry.position)


ALL = list(commands())
FLOWS = {
    "search": "search volume_size > 5",
    "count": "count volume_type",
    "aggregate": "aggregate volume_type: sum(volume_size) as size, count(volume_size) as n",
    "aggregate_to_count": "aggregate volume_type: sum(1) as n | aggregate_to_count",
    "sort": "sort volume_size desc",
    "limit": "limit 1, 2",
    "head": "head 2",
    "tail": "tail -2",
    "predecessors": "predecessors delete",
    "successors": "successors --with-origin delete",
    "ancestors": "ancestors delete --with-origin",
    "descendants": "descendants delete",
    "uniq": "uniq",
    "flatten": "flatten",
    "chunk": "chunk 3",
    "list": "list id, volume_size, age, zones, tags.owner as who",
    "format": "format {id} {volume_size} {/ancestors.account.reported.name} {nothing}",
    "dump": "dump",
    "tree": "tree",
    "jq": "jq '{id, size: .volume_size}'",
    "detect-secrets": "detect-secrets",
    "write": "write out.txt",
    "refresh": "refresh --help",  # reads the cloud: its own tests
    "tag update": "tag update --dry-run owner grace",
    "tag delete": "tag delete --dry-run owner",
    "http": "http POST http://example.org/x",
    "https": "https example.org",
    "notify": "notify team",
    "slack": "slack target=team",
    "discord": "discord webhook=https://example.org/d",
    "pagerduty": "pagerduty --help",
    "alertmanager": "alertmanager --help",
    "jira": "jira --help",
    "clean": "clean nobody uses it",
    "unclean": "unclean",
    "protect": "protect",
    "unprotect": "unprotect",
    "set_desired": "set_desired owner=ada",
    "set_metadata": "set_metadata owner=ada",
    "why": "why",
    "aws": "aws --help",
}
"""What is tried of each; those that must not be said of a stream, or that need a cloud, are asked for their help."""

TAKEN_BACK = {"unclean": "clean", "unprotect": "protect", "clean": "unclean", "protect": "unprotect"}
MARKS = "id, /desired.clean_reason, /desired.owner, /metadata.protected, /metadata.owner"
NOT_ON_A_STREAM = frozenset(("search",))


@pytest.fixture
def shell(graph: App, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Shell:
    folder = tmp_path_factory.mktemp("walk")
    monkeypatch.chdir(folder)
    (folder / "hook").write_text("https://hooks.example.org/slack")
    graph.__dict__["web"] = DummyWeb()
    shell = Shell(graph)
    shell(f"notify add team slack webhook=file:{folder / 'hook'}")
    shell(BIG)
    return shell


def test_every_command_on_rows_is_tried() -> None:
    on_rows = {label for label, _, position in ALL if position in (FLOW, BOTH)}
    assert on_rows - FLOWS.keys() - {"aws accounts", "aws permissions", "copy", "shell"} == set()
    assert FLOWS.keys() <= on_rows


@pytest.mark.parametrize("label", [label for label in FLOWS if label not in NOT_ON_A_STREAM])
def test_it_is_the_same_on_a_query_and_on_a_stream(shell: Shell, label: str) -> None:
    source = "search is(volume) or is(aws_ec2_instance) sort id"
    found = []
    for before in ("", f" | {STREAM}"):
        if label in TAKEN_BACK:
            shell(f"{source} | {TAKEN_BACK[label]}")
        lines = shell(f"{source}{before} | {FLOWS[label]}")
        assert shell.status == 0, shell.notes
        found.append((lines, shell.notes, shell(f"{source} | list {MARKS}")))
    assert found[0] == found[1]
    assert found[0][0] or label == "write"


@pytest.mark.parametrize(("label", "command"), [(label, command) for label, command, _ in ALL], ids=[label for label, *_ in ALL])
def test_it_has_help_and_examples_that_use_it(shell: Shell, label: str, command: Command) -> None:
    text = "\n".join(describe(tuple(label.split())))
    parts: tuple[Argument | Option, ...] = (*command.arguments, *command.options)
    for one in parts:
        assert one.help
        assert one.help in text
    names = {label.split()[0], *TABLE[label.split()[0]].aliases}
    stages = [stage for line, _ in command.examples for pipeline in split(line) for stage in pipeline.stages]
    assert any(stage.name in names for stage in stages)


@pytest.mark.parametrize(("label", "command"), [(label, command) for label, command, _ in ALL], ids=[label for label, *_ in ALL])
def test_it_completes_and_so_do_its_options(shell: Shell, label: str, command: Command) -> None:
    entry = TABLE[label.split()[0]]
    start = "search is(volume) | " if entry.position is FLOW else ""
    *before, last = label.split()
    lead = start + "".join(f"{word} " for word in before)
    assert last in [found.text for found in complete(shell.session, lead + last[:-1])]
    for option in command.options:
        typed = f"{start}{label} --{option.name[:-1]}"
        assert f"--{option.name}" in [found.text for found in complete(shell.session, typed)], typed


def named() -> Iterator[tuple[str, Argument | Option]]:
    for label, command, _ in ALL:
        parts: tuple[Argument | Option, ...] = (*command.arguments, *command.options)
        for one in parts:
            if one.complete:
                yield label, one


GIVEN = frozenset(
    ("kind", "property", "column", "workflow", "setting", "metric", "template", "job", "command", "edge", "event", "severity")
)
"""What is there in every graph with a resource: the others need a run, a user, an alert."""


@pytest.mark.parametrize("source", sorted({one.complete for _, one in named()} & GIVEN))
def test_what_an_argument_names_is_known(shell: Shell, source: str) -> None:
    words = shell.session.vocabulary.words(source if source != "column" else "property")
    assert words
    assert all(isinstance(what, str) for what in words.values())


@pytest.mark.parametrize("alias", sorted(alias for entry in TABLE.values() for alias in entry.aliases))
def test_aliases_are_explained_like_their_command(shell: Shell, alias: str) -> None:
    entry = next(entry for entry in TABLE.values() if alias in entry.aliases)
    assert shell(f"help {alias}") == shell(f"help {entry.name}")
    assert alias in shell(f"help {entry.name}")[2]


def test_whatever_an_example_says_can_be_understood(shell: Shell) -> None:
    for label, command, _ in ALL:
        for line, _ in command.examples:
            for pipeline in split(line):
                context = shell.session.context(Cancel(), {})
                stages = [stage for stage in pipeline.stages if stage.name not in ("unowned", "big_volumes", "tell_owner")]
                if len(stages) == len(pipeline.stages):
                    assert resolve(stages, context, line), label
