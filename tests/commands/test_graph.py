"""Commands behind a search: the same lines whether the graph or a stream does the work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resh.app import App
from resh.commands.base import Role
from resh.commands.table import TABLE, load
from resh.web.dummy import DummyWeb
from tests.commands.conftest import Shell
from tests.commands.test_table import leaves

VOLUMES = "search is(volume) sort volume_size"


@pytest.mark.parametrize(
    "flow",
    [
        "count",
        "count volume_type",
        "count zones",
        "count zones[*]",
        "count account",
        "head 2",
        "tail 2",
        "limit 1, 2",
        "sort volume_type, name desc",
        "sort age",
        "sort age desc | head 2",
        "list id, volume_size, tags.owner as owner, age, region, account, zones",
        "list --csv id, volume_size, age",
        "list",
        "aggregate volume_type: sum(volume_size) as size, count(volume_type) as n",
        "aggregate sum(volume_size * 2) as size, max(volume_size) as most",
        "aggregate kind: sum(volume_size * volume_size / volume_size) as size, sum(volume_size * name) as unknown",
        "head 3 | count volume_status",
        "tail 3 | sort name | list name",
        "format {id} {volume_size} {/ancestors.account.reported.name} {nothing}",
        "dump",
    ],
)
def test_a_fused_stage_gives_what_a_stream_gives(shell: Shell, flow: str) -> None:
    fused = shell(f"{VOLUMES} | {flow}")
    assert (shell.status, shell.notes) == (0, [])
    assert fused
    assert shell(f"{VOLUMES} | chunk | flatten | {flow}") == fused


MERGED = "search is(volume) {up: -delete-> is(instance), n: aggregate(sum(1) as n): -delete->} sort /id"


@pytest.mark.parametrize(
    "flow",
    [
        "list id, up.reported.name as up, /up.kind, n.n",
        "count up.reported.id",
        "sort n.n desc, volume_size | head 2 | format {id} {up.reported.name} {n.n}",
        "aggregate up.reported.name as up: sum(n.n) as n",
        "list exported_age",
        "dump",
    ],
)
def test_what_is_merged_is_the_same_on_a_stream(shell: Shell, flow: str) -> None:
    fused = shell(f"{MERGED} | {flow}")
    assert (shell.status, shell.notes) == (0, [])
    assert fused
    assert shell(f"{MERGED} | chunk | flatten | {flow}") == fused


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{MERGED} | search up.reported.id = i-1 | list id, n.n", ["id     n", "vol-1  1"]),
        ("search is(volume) | count", ["total matched: 4", "total unmatched: 0"]),
        ("search is(volume) | count volume_type", ["gp2: 1", "gp3: 2", "total matched: 3", "total unmatched: 1"]),
        ("search is(volume) | search volume_status = available | count", ["total matched: 2", "total unmatched: 0"]),
        ("search is(volume) sort volume_size | tail 2 | format {id}", ["vol-2", "vol-3"]),
        (
            "search is(volume) and volume_status = available | list id, volume_size, age",
            ["id     volume_size  age", "vol-2          100  2 d", "vol-3          500  3 d"],
        ),
        ("search is(volume) sort volume_size limit 1 | list --csv id, age", ['"id","age"', '"vol-4","4d"']),
        ("query id(nothing)", []),
        ("search aggregate(volume_type: sum(1) as n): is(volume) and volume_type = gp3", ['{"group":{"volume_type":"gp3"},"n":2}']),
    ],
)
def test_lines(shell: Shell, line: str, expected: list[str]) -> None:
    assert shell(line) == expected
    assert (shell.status, shell.notes) == (0, [])


def test_without_a_terminal_whole_documents_come_one_a_line(shell: Shell) -> None:
    rows = [json.loads(line) for line in shell("search is(volume)")]
    assert len(rows) == 4
    assert {"id", "kind", "reported", "desired", "metadata", "ancestors"} <= rows[0].keys()
    assert shell("search is(volume) | format --ndjson") == shell("search is(volume)")


def test_at_a_terminal_nodes_become_a_table_of_what_was_asked(terminal: Shell) -> None:
    lines = terminal("search is(volume) and volume_size > 50 sort tags.owner")
    assert lines[0].split() == ["kind", "id", "name", "volume_size", "owner", "age", "account", "region"]
    assert len(lines) == 3


def test_nothing_found_is_said_at_a_prompt(terminal: Shell) -> None:
    assert terminal("search is(volume) and name = x") == []
    assert terminal.notes == ["nothing found"]


@pytest.mark.parametrize(
    ("line", "status", "word"),
    [
        ("search is(volum) | count", 2, "volume"),
        ("search is(volume", 2, "column"),
        ("search", 2, "query is missing"),
        ("search age > tomorrow", 2, "tomorrow"),
        ("search is(volume) | aggregate x: summ(1)", 2, "column"),
        ("search is(volume) | sort , ", 2, "sort"),
        ("json [1] | search is(volume)", 2, "search works on the graph"),
        ("history nothing-like-it", 1, "nothing-like-it"),
        ("kinds volum", 2, "volume"),
        ("metrics show volumes_totl", 2, "volumes_total"),
        ("workflows log ffff", 1, "ffff"),
    ],
)
def test_mistakes(shell: Shell, line: str, status: int, word: str) -> None:
    assert shell(line) == []
    assert (shell.status, len(shell.notes)) == (status, 1)
    assert word in shell.notes[0]


def test_a_terminal_shows_the_place_of_a_mistake(terminal: Shell) -> None:
    terminal("echo a; search is(volume) %% | count")
    assert terminal.notes[0] == "echo a; search is(volume) %% | count"
    assert terminal.notes[1].index("^") == terminal.notes[0].index("%%")


def test_marks(shell: Shell) -> None:
    assert len(shell("search id = vol-2 or id = t3.micro | clean 'nobody uses it'")) == 1
    assert shell.status == 3
    assert "aws_ec2_instance_type" in shell.notes[0]
    assert shell("cleanup marked | format {id} {reason} {by}") == ["vol-2 nobody uses it ada"]
    assert "marked by ada: nobody uses it · not protected · nothing depends on it" in shell("why vol-2")[0]
    assert any("vol-2" in line for line in shell("cleanup plan"))
    shell('json ["vol-2"] | protect for ever')
    assert shell("search /metadata.protected = true | format {id}") == ["vol-2"]
    shell("search id = vol-2 | clean")
    assert shell.status == 1
    assert "for ever" in shell.notes[0]
    shell("search id = vol-2 | unprotect | unclean")
    assert shell("cleanup marked") == []


def test_marking_is_an_event(shell: Shell) -> None:
    shell("search id = vol-2 or id = vol-3 or id = t3.micro | clean nobody uses it | head 1")
    shell("search id = t3.micro | clean")
    (event,) = [event for event in shell.app.log.last() if event.type == "cleanup_marked"]
    assert event.text == "ada marked 2: nobody uses it"
    assert (event.payload()["by"], event.payload()["count"], event.payload()["rule"]) == ("ada", 2, "")


def test_viewers_may_not_mark(graph: App) -> None:
    viewer = Shell(graph, role=Role.viewer)
    viewer("search is(volume) | clean")
    assert viewer.status == 126


def test_why_names_what_has_to_go_first(shell: Shell) -> None:
    assert "needs to go first: name of i-1 (aws_ec2_instance)" in shell("why vol-1")[0]
    assert len(shell("search is(volume) | why")) == 4


def test_history_and_status(shell: Shell) -> None:
    assert shell("history | count change") == ["created: 6", "total matched: 6", "total unmatched: 0"] or shell.status == 0
    assert shell("collect status | count status")[0] == "ok: 3"
    assert shell("collect status --bad") == []


EXAMPLES = [line for entry in TABLE.values() for label, command in leaves(load(entry), entry.name) for line, _ in command.examples]
UNREPEATABLE = (
    "edit",  # needs a terminal
    "record",
    "search is(volume) | list --csv id, volume_size | copy",
    "background stop",  # needs one that runs
    "exports delete",  # needs a file
    "calls",  # needs a collect
    "cleanup plan | count; ",  # needs something that may go
    "cleanup show last",
    "cleanup recreate last",
    "cleanup release",  # needs something in quarantine
    "collect confirm",
    "collect run",
    "alerts add --name growth",  # needs values
    "alerts test",
    "config edit",  # opens an editor
    "metrics plot",  # needs values
    "metrics show volumes_total --by",
    "metrics show volumes_total --since 7d --",
    "timeseries get",
    "events follow",
    "search --at 1d",
    "diff 1d",
    "search is(volume) and volume_status = available | refresh",
    "jobs log",  # needs a run
    "jobs stop",
    "workflows run",
    "workflows stop",
    "workflows log",
    "aws accounts",  # needs credentials
    "doctor",
    "aws sts",
    "search is(volume) and tags.owner = ada | aws",
    "search is(instance) and tags.expiration != null | aws",
    "search id = vol-0f3a91c2 | tag",
    "search is(instance) and tags.expiration != null | tag",
    "aws permissions --missing",  # needs a scope that was denied
    "commands import",  # needs a file
)


@pytest.fixture
def world(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """With the target and the command that the examples speak of, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "webhook").write_text("https://hooks.example.org/slack")
    shell.app.__dict__["web"] = DummyWeb()
    shell(f"notify add team slack webhook=file:{tmp_path / 'webhook'}")
    shell("commands add --source --parameter kind:kind=volume unowned 'search is({{kind}}) and tags.owner = null | list id, name'")
    return shell


@pytest.mark.parametrize("line", [line for line in dict.fromkeys(EXAMPLES) if not line.startswith(UNREPEATABLE)])
def test_examples_work(world: Shell, line: str) -> None:
    shell = world
    shell(line)
    assert (shell.status, shell.notes) in ((0, []), (3, shell.notes))


def test_mixed_operators_are_explained_once(terminal: Shell) -> None:
    line = "search is(volume) or is(instance) and name = x"
    terminal(line)
    assert "left to right" in terminal.notes[0]
    terminal(line)
    assert terminal.notes == ["nothing found"]
