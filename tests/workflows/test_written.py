"""Workflows in YAML: read, refused, written again."""

from __future__ import annotations

import pytest

from resh.errors import UsageError
from resh.workflows.builtin import BUILT_IN
from resh.workflows.definition import Step, Workflow
from resh.workflows.written import read, write

ACTIONS = ("collect", "cleanup_plan", "cleanup", "generate_metrics")
WHOLE = """\
description: What the night is for.
schedule: 0 3 * * *
event: post_collect counts.created>0
start: true
running: wait
steps:
- collect
- step: cleanup_plan
  timeout: 10m
  on_error: stop
- run: search is(volume) | count
  name: report
- emit: night_is_over
- wait: workflow_ended workflow=other
  timeout: 90s"""


def test_all_that_can_be_said() -> None:
    assert read("nightly", WHOLE, ACTIONS) == Workflow(
        "nightly",
        (
            Step("collect", "collect"),
            Step("cleanup_plan", "cleanup_plan", 600.0, "stop"),
            Step("report", "run", 3600.0, what="search is(volume) | count"),
            Step("night_is_over", "emit", 3600.0),
            Step("wait_5", "wait", 90.0, what="workflow_ended workflow=other"),
        ),
        "What the night is for.",
        schedule="0 3 * * *",
        event="post_collect counts.created>0",
        at_start=True,
        when_running="wait",
    )


@pytest.mark.parametrize("workflow", [*BUILT_IN.values(), read("nightly", WHOLE, ACTIONS)], ids=lambda workflow: workflow.name)
def test_what_is_written_reads_the_same(workflow: Workflow) -> None:
    assert read(workflow.name, write(workflow), ACTIONS) == workflow


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "a workflow has steps", "such as"),
        ("steps: []", "a workflow has steps, a list of them", "such as"),
        ("steps: [collect", "the workflow is no YAML", "such as"),
        ("stepps: [collect]", "a workflow has no 'stepps'", "did you mean steps?"),
        ("steps: [colect]", "step 1: there is no built-in step 'colect'", "did you mean collect?"),
        ("steps: [collect, collect]", "step 2: there is a step 'collect' already", "name"),
        ("steps: [collect, {run: ''}]", "step 2: run says nothing", "such as"),
        ("steps: [{run: count, emit: x}]", "step 1: a step is one of step, run, emit, wait, not run and emit", "such as"),
        ("steps: [{name: x}]", "not none of them", "such as"),
        ("steps: [5]", "step 1: '5' is no step", "collect"),
        ("steps: [{step: collect, timeout: soon}]", "step 1: 'soon' is not part of a duration", "30m"),
        ("steps: [{step: collect, timeout: 0}]", "step 1: timeout: '0' is no time", "30m"),
        ("steps: [{step: collect, on_error: halt}]", "step 1: on_error: 'halt' is not one of continue, stop", ""),
        ("steps: [{step: collect, tiemout: 3s}]", "step 1: a step has no 'tiemout'", "timeout"),
        ("steps: [{emit: login}]", "step 1: 'login' is the name of another event", "of its own"),
        ("steps: [{emit: post_it}]", "step 1: 'post_it' is the name of another event", "of its own"),
        ("steps: [{emit: Über}]", "step 1: 'Über' is no name for a step", "lower-case"),
        ("{schedule: 0 25 * * *, steps: [collect]}", "'25' is no hour", "five fields"),
        ("{running: twice, steps: [collect]}", "running: 'twice' is not one of skip, wait, replace, parallel", ""),
        ("{start: maybe, steps: [collect]}", "start: 'maybe' is neither true nor false", "start: true"),
    ],
)
def test_what_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read("nightly", text, ACTIONS)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("name", ["", "a b", "../x", "9", "a" * 65])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError, match="is no name for a workflow"):
        read(name, "steps: [collect]", ACTIONS)
