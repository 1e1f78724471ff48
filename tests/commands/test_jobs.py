"""`jobs`: added, refused, run, watched and tested."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.app import App
from resh.commands.base import Role
from tests.commands.conftest import Shell

ADD = "jobs add --id old --schedule '0 9 * * MON' --wait-for-event 'post_collect counts.created>0' --timeout 10m "


def row(shell: Shell, line: str) -> Any:
    lines = shell(line)
    assert shell.status == 0, shell.notes
    return json.loads(lines[0])


def test_a_job_is_kept_as_it_was_typed(shell: Shell) -> None:
    line = 'search is(volume) and ctime < "@YESTERDAY@" | count'
    kept = row(shell, f"owner=ada {ADD}'{line}'")
    assert kept == {
        "id": "old",
        "command": line,
        "schedule": "0 9 * * MON",
        "event": "post_collect counts.created>0",
        "timeout": "10 min",
        "active": True,
        "user": "ada",
        "role": "admin",
        "variables": {"owner": "ada"},
    }
    assert row(shell, "jobs show old") == kept


@pytest.mark.parametrize("name", ["jobs", "job"])
@pytest.mark.parametrize("typed", ["'echo @TODAY@ | count'", r"echo @TODAY@ \| count"])
def test_placeholders_wait_for_the_run_whatever_the_command_is_called(shell: Shell, name: str, typed: str) -> None:
    assert row(shell, f"{name} add {typed}")["command"] == "echo @TODAY@ | count"
    shell.app.tables.jobs.remove("job-1")
    row(shell, f"{name} add --id day 'echo @TODAY@'")
    assert shell("jobs run day") == [shell("echo @TODAY@")[0]]


@pytest.mark.parametrize(
    ("line", "status", "note"),
    [
        ("jobs add 'serch is(volume)'", 127, "there is no command 'serch' (did you mean search"),
        ("jobs add 'search is(volume'", 2, "search is(volume"),
        ("jobs add 'search is(volume) | heed 5'", 127, "heed"),
        ("jobs add 'search is(nothing_at_all)'", 2, "nothing_at_all"),
        ("jobs add 'count'", 2, "count can not start a line"),
        ("jobs add ''", 2, "the command line is empty"),
        ("jobs add --schedule '0 25 * * *' 'echo a'", 2, "'25' is no hour"),
        ("jobs add --schedule '@hurly' 'echo a'", 2, "did you mean @hourly"),
        ("jobs add --wait-for-event collect_done 'echo a'", 2, "no event is called 'collect_done'"),
        ("jobs add --wait-for-event post_colect 'echo a'", 2, "post_collect"),
        ("jobs add --wait-for-event 'login usr=ada' 'echo a'", 2, "login has no field 'usr' (did you mean user"),
        ("jobs add --timeout soon 'echo a'", 2, "'soon' is not part of a duration"),
        ("jobs add --timeout 0 'echo a'", 2, "no time that a job may take"),
        ("jobs add --id 'a b' 'echo a'", 2, "'a b' is no id for a job"),
        ("jobs add --when now 'echo a'", 2, "there is no option '--when'"),
        ("jobs add", 2, "command is missing"),
        ("jobs show nagg", 2, "there is no job 'nagg' (did you mean nag?)"),
        ("jobs update 'echo a'", 2, "--id is missing"),
        ("jobs stop nag", 1, "job nag neither runs nor waits"),
        ("jobs stop j0009", 1, "no run j0009 of a job is under way"),
        ("jobs log j0009", 1, "there is no run 'j0009' of a job"),
    ],
)
def test_what_is_refused_and_why(shell: Shell, line: str, status: int, note: str) -> None:
    before = dict(shell.app.tables.jobs.all())
    shell(line)
    assert (shell.status, before) == (status, shell.app.tables.jobs.all())
    assert note in "\n".join(shell.notes)


def test_a_line_that_the_author_may_not_type_is_refused(graph: App) -> None:
    operator = Shell(graph, role=Role.operator)
    operator("jobs add 'config set shell.events false'")
    assert operator.status == 126
    viewer = Shell(graph, role=Role.viewer)
    viewer("jobs add 'search is(volume) | count'")
    assert viewer.status == 126
    assert viewer("jobs list | count")[0] == "total matched: 1"


def test_a_job_does_what_its_author_may_do(graph: App) -> None:
    operator = Shell(graph, role=Role.operator)
    row(operator, "jobs add --id set 'echo a'")
    changed = graph.tables.jobs.all()["set"]
    assert (changed.role, changed.local) == ("operator", True)
    Shell(graph)("jobs update --id set 'config set shell.events false'")
    assert Shell(graph)("jobs show set | format {role}") == ["admin"]
    operator("jobs update --id set --schedule @daily")
    assert operator.status == 126


def test_an_update_changes_what_is_given(shell: Shell) -> None:
    row(shell, ADD + "'echo a'")
    changed = row(shell, "jobs update --id old --schedule 'every 15m' --wait-for-event none")
    assert (changed["command"], changed["schedule"], changed["event"], changed["timeout"]) == ("echo a", "every 15m", "", "10 min")
    assert row(shell, "jobs update --id old 'echo b'")["command"] == "echo b"
    assert row(shell, "jobs add --id old 'echo c'")["schedule"] == ""
    assert shell.notes == ["job old is replaced; it was: echo b"]


def test_switched_off_and_on_and_deleted(shell: Shell) -> None:
    assert row(shell, "jobs deactivate nag")["active"] is False
    assert row(shell, "jobs update --id nag 'echo b'")["active"] is False
    assert row(shell, "jobs activate nag")["active"] is True
    row(shell, "jobs add --id plain 'echo a'")
    shell("jobs activate plain")
    assert "neither a schedule nor an event" in shell.notes[0]
    shell("jobs delete nag")
    assert "nag" not in shell.app.tables.jobs.all()


def test_the_list_tells_when_and_how_it_went(shell: Shell) -> None:
    shell("jobs run nag")
    (listed,) = [json.loads(line) for line in shell("jobs list")]
    assert (listed["id"], listed["schedule"], listed["last"][:3]) == ("nag", "@weekly", "ok ")
    assert listed["next"].endswith("T00:00:00Z")


def test_a_run_prints_what_it_wrote_and_ends_with_its_status(shell: Shell) -> None:
    assert shell("jobs run nag") == ["total matched: 4", "total unmatched: 0"]
    assert shell.status == 0
    assert shell("jobs run nag | head 1") == ["total matched: 4"]


def test_a_failing_run_is_found_again(shell: Shell, graph: App) -> None:
    row(shell, "jobs add --id old 'search expand(old, kind=volume, age=1d) | count'")
    graph.tables.templates.remove("old")
    shell("jobs run old")
    assert shell.status == 1
    shell("jobs run nag")
    assert shell("jobs history | format {job} {status}") == ["nag ok", "old failed"]
    assert shell("jobs history --has-errors | format {job}") == ["old"]
    assert shell("jobs history nag --limit 0") == []
    logged = shell("jobs log old")
    assert any(line.startswith("! ") and "old" in line for line in logged)
    assert logged == shell("jobs log j0001")
    assert shell("jobs log nag") == ["total matched: 4", "total unmatched: 0"]


def test_what_would_happen_is_told_and_does_not(shell: Shell, graph: App) -> None:
    row(shell, "jobs add --id mark --wait-for-event cleanup_plan 'search is(volume) and volume_size > 50 | clean too big on @TODAY@'")
    told = [tuple(json.loads(line).values()) for line in shell("jobs test mark")]
    today = shell("echo @TODAY@")[0]
    assert told == [
        ("as", "ada, admin"),
        ("line", f"search is(volume) and volume_size > 50 | clean too big on {today}"),
        ("event", "cleanup_plan, last seen never"),
        ("search", "2 rows now"),
        ("then", f"clean too big on {today}, as operator"),
    ]
    assert shell("search /desired.clean = true | count")[0] == "total matched: 0"
    assert graph.tables.job_runs.last(1) == []


def test_a_test_tells_what_has_broken_since(shell: Shell, graph: App) -> None:
    row(shell, "jobs add --id old 'search expand(old, kind=volume, age=1d) | count'")
    graph.tables.templates.remove("old")
    told = shell("jobs test old")
    assert shell.status == 3
    assert any('"fails"' in line and "old" in line for line in told)


def test_at_a_prompt_a_run_only_starts(graph: App) -> None:
    terminal = Shell(graph, columns=100, interactive=True)
    assert terminal("jobs run nag") == ["job nag started"]
    graph.jobs.finish()
    assert terminal("jobs running") == []
    assert graph.tables.job_runs.last(1)[0].status == "ok"


def test_a_job_that_waits_for_its_event_is_shown(shell: Shell, graph: App) -> None:
    row(shell, ADD + "'echo a'")
    graph.tables.jobs.arm("old", graph.clock.now() + 60)
    (waiting,) = [json.loads(line) for line in shell("jobs running")]
    assert (waiting["job"], waiting["for"]) == ("old", "post_collect counts.created>0")
    assert shell("jobs stop old") == ["job old is asked to stop"]
    assert shell("jobs running") == []
