"""`workflows add` and what follows from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from resh.app import App
from resh.commands.base import Role
from tests.commands.conftest import Shell

REPORT = "'steps: [{run: search is(volume) and ctime < \"@NOW@\" | count, name: report}, {emit: reported}]'"


def row(shell: Shell, line: str) -> Any:
    lines = shell(line)
    assert shell.status == 0, shell.notes
    return json.loads(lines[0])


def test_a_workflow_is_kept_shown_and_run(shell: Shell) -> None:
    added = row(shell, f"workflows add nightly {REPORT}")
    assert (added["name"], added["steps"], added["by"], added["enabled"]) == ("nightly", "report, reported", "ada", True)
    assert shell("workflows show nightly | format {step}: {action}") == [
        'report: run: search is(volume) and ctime < "@NOW@" | count',
        "reported: emit",
    ]
    assert shell("workflows show nightly --text") == [REPORT.strip("'")]
    shell("workflows run nightly --wait")
    assert shell.status == 0
    run = shell.app.tables.runs.last(1)[0]
    assert shell(f"workflows log {run.id}")[-2:] == ["| total matched: 4", "| total unmatched: 0"]
    assert "reported" in shell.app.event_names
    row(shell, "jobs add --wait-for-event post_reported 'echo a'")


@pytest.mark.parametrize(
    ("line", "status", "note"),
    [
        ("workflows add tidy 'steps: [collect]'", 2, "there is a workflow tidy already"),
        ("workflows add collect 'steps: [collect]'", 2, "workflows copy collect my_collect"),
        ("workflows add x 'steps: [colect]'", 2, "did you mean collect?"),
        ("workflows add x 'steps: [{run: serch is(volume)}]'", 127, "step 1: there is no command 'serch' (did you mean search"),
        ("workflows add x 'steps: [{wait: post_colect}]'", 2, "no event is called 'post_colect'"),
        ("workflows add x '{event: post_colect, steps: [collect]}'", 2, "no event is called 'post_colect'"),
        ("workflows add x", 2, "text is missing"),
        ("workflows edit collect 'steps: [collect]'", 2, "workflows copy collect my_collect"),
        ("workflows edit tidi 'steps: [collect]'", 2, "did you mean tidy?"),
        ("workflows delete collect", 2, "collect is built in"),
        ("workflows copy collect tidy", 2, "there is a workflow tidy already"),
        ("workflows run tidy --step collect", 2, "tidy has no step 'collect'"),
        ("workflows schedule tidy 'every now'", 2, "is no schedule"),
        ("workflows schedule tidi", 2, "did you mean tidy?"),
        ("workflows history tidi", 2, "did you mean tidy?"),
        ("workflows history --started-after soon", 2, "neither a date nor a duration"),
    ],
)
def test_what_is_refused_and_why(shell: Shell, line: str, status: int, note: str) -> None:
    before = dict(shell.app.tables.workflows.all())
    shell(line)
    assert (shell.status, before) == (status, shell.app.tables.workflows.all())
    assert note in "\n".join(shell.notes)


def test_rights(graph: App) -> None:
    viewer, operator = Shell(graph, role=Role.viewer), Shell(graph, role=Role.operator)
    for line in ("workflows add x 'steps: [collect]'", "workflows disable tidy", "workflows schedule tidy @daily"):
        viewer(line)
        assert viewer.status == 126
    operator("workflows add x 'steps: [{run: config set shell.events false}]'")
    assert operator.status == 126
    assert viewer("workflows schedule | format {name}")[0]


def test_edited_copied_and_deleted(shell: Shell) -> None:
    assert row(shell, "workflows edit tidy 'steps: [cleanup]'")["steps"] == "cleanup"
    copied = row(shell, "workflows copy collect_and_cleanup mine")
    assert (copied["steps"], copied["schedule"]) == ("collect, cleanup_plan, cleanup, generate_metrics", "")
    row(shell, "workflows delete tidy")
    assert "tidy" not in shell.app.runner.definitions
    assert shell("workflows list | format {name}")[-1] == "mine"


def test_one_that_is_not_understood_is_told_and_can_be_replaced(shell: Shell, graph: App) -> None:
    from resh.state.workflows import Written

    graph.tables.workflows.put(Written("tidy", "steps: [of_another_version]"))
    assert "tidy" not in " ".join(shell("workflows list | format {name}"))
    assert "workflow tidy is not understood" in shell.notes[0]


def test_schedules_are_listed_changed_and_switched_off(shell: Shell) -> None:
    names = shell("workflows schedule | format {name}")
    assert set(names) == {"collect_and_cleanup", "job nag"}
    (one,) = [json.loads(line) for line in shell("workflows schedule tidy 'every 20m ~ 1m'")]
    assert (one["name"], one["schedule"]) == ("tidy", "every 20m ~ 1m")
    assert shell("workflows schedule metrics '*/10 * * * *' | format {schedule}") == ["*/10 * * * *"]
    assert shell.app.settings.text("workflows.metrics.schedule") == "*/10 * * * *"
    assert shell("workflows schedule metrics ''") == []
    row(shell, "workflows disable collect_and_cleanup")
    assert set(shell("workflows schedule | format {name}")) == {"job nag", "tidy"}
    row(shell, "workflows enable collect_and_cleanup")
    assert "collect_and_cleanup" in shell("workflows schedule | format {name}")


def test_history_has_steps_and_can_be_narrowed(shell: Shell) -> None:
    row(shell, "workflows add fine 'steps: [{emit: a_thing}]'")
    row(shell, "workflows add bad 'steps: [{run: \"search expand(old, kind=volume, age=1d)\"}]'")
    shell.app.tables.templates.remove("old")
    shell("workflows run fine")
    shell("workflows run bad")
    assert shell.status == 1
    runs = [json.loads(line) for line in shell("workflows history")]
    assert [(run["workflow"], run["status"]) for run in runs] == [("bad", "failed"), ("fine", "ok")]
    assert [step["name"] for step in runs[1]["steps"]] == ["a_thing"]
    assert shell("workflows history --has-errors | format {workflow}") == ["bad"]
    assert shell("workflows history --started-before 1d") == []
    assert len(shell("workflows history --started-after 1d")) == 2
