"""`workflows`: runs that the test directs."""

from __future__ import annotations

import threading

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.clock import FakeClock
from resh.commands.live import progress_lines
from resh.shell.evaluate import evaluate
from resh.text import width
from resh.workflows.definition import Action, Step, StepContext, StepResult, Workflow
from resh.workflows.runner import Runner
from tests.commands.conftest import Shell


def with_action(app: App, action: Action) -> App:
    """The app with one workflow, `work`, whose only step is this."""
    workflow = Workflow("work", (Step("toil", "toil"),), "Toil.")
    app.__dict__["runner"] = Runner({"work": workflow}, {"toil": action}, app.bus, app.tables.runs, app.clock, app.home)
    return app


def fine(context: StepContext) -> StepResult:
    context.progress(("toil", "aws", "demo", "eu-west-1"), 1, 2)
    return StepResult("3 things done")


def partial(context: StepContext) -> StepResult:
    return StepResult("1 thing done", problems=("aws/demo: denied",))


def broken(context: StepContext) -> StepResult:
    raise RuntimeError("no luck")


def endless(context: StepContext) -> StepResult:
    context.cancel.wait(30)
    context.cancel.check()
    return StepResult()


@pytest.mark.parametrize(("action", "status", "word"), [(fine, 0, "ok"), (partial, 3, "partial"), (broken, 1, "failed")])
def test_the_status_of_a_followed_run(app: App, action: Action, status: int, word: str) -> None:
    shell = Shell(with_action(app, action))
    lines = shell("workflows run work --follow")
    assert shell.status == status
    assert "started by ada" in lines[0]
    assert any(" pre_toil" in line for line in lines)
    assert any("3 things done" in line for line in lines) == (action is fine)
    assert f"work 0001 {word}" in lines[-1]
    assert shell.session.followed == set()


def test_wait_prints_only_the_end(app: App) -> None:
    shell = Shell(with_action(app, fine))
    lines = shell("workflows run work --wait")
    assert len(lines) == 1
    assert "work 0001 ok" in lines[0]


def test_a_script_always_waits(app: App) -> None:
    shell = Shell(with_action(app, partial))
    assert len(shell("workflows run work")) == 1
    assert shell.status == 3


def test_at_a_prompt_it_only_starts(app: App) -> None:
    started = threading.Event()

    def action(context: StepContext) -> StepResult:
        started.set()
        return endless(context)

    shell = Shell(with_action(app, action), columns=80, interactive=True)
    assert shell("workflows run work") == ["work 0001 started"]
    assert started.wait(5)
    assert "0001" in "\n".join(shell("workflows running"))
    shell("workflows run work")
    assert "already running" in shell.notes[0]
    assert shell("workflows stop 0001") == ["0001 is asked to stop"]
    handle = app.runner.handle("0001")
    assert handle is None or handle.wait(5) == "cancelled"


def test_cancelling_the_command_cancels_the_run(app: App) -> None:
    cancel = Cancel()

    def action(context: StepContext) -> StepResult:
        cancel.set("interrupted")
        return endless(context)

    shell = Shell(with_action(app, action))
    assert evaluate(shell.session, "workflows run work --follow", cancel) == 130
    assert app.tables.runs.last(1)[0].status == "cancelled"
    assert shell.session.followed == set()


@pytest.mark.parametrize(("answer", "goes_on"), [(False, True), (True, False)])
def test_ctrl_c_at_a_prompt_asks(app: App, answer: bool, goes_on: bool) -> None:
    cancel, go, questions = Cancel(), threading.Event(), [""][:0]

    def action(context: StepContext) -> StepResult:
        cancel.set("cancelled")
        with context.cancel.interrupting(go.set):
            go.wait(10)
        context.cancel.check()
        return StepResult()

    def ask(question: str, word: str) -> bool:
        questions.append(question)
        return answer

    shell = Shell(with_action(app, action), columns=80, interactive=True)
    shell.session.ask = ask
    assert evaluate(shell.session, "workflows run work --follow", cancel) == 130
    assert questions == ["stop work 0001? It goes on otherwise."]
    handle = app.runner.handle("0001")
    assert (handle is not None and handle.status == "running") is goes_on
    go.set()
    assert handle is None or handle.wait(10) == "ok"
    assert ("0001 goes on" in "\n".join(shell.notes)) is goes_on
    assert app.tables.runs.last(1)[0].status == ("ok" if goes_on else "cancelled")


def test_what_runs_is_drawn_as_a_tree(app: App) -> None:
    started, go = threading.Event(), threading.Event()

    def action(context: StepContext) -> StepResult:
        context.progress(("toil", "aws", "demo", "eu-west-1"), 1, 2)
        started.set()
        go.wait(10)
        return StepResult()

    shell = Shell(with_action(app, action), columns=80, interactive=True)
    shell("workflows run work")
    assert started.wait(10)
    first, step, account = shell("workflows running")
    assert first.startswith("work 0001 50 % · ")
    assert "by ada" in first
    assert step == "  toil running"
    assert "toil aws/demo" in account
    assert "eu-west-1 █████░░░░░" in account
    go.set()
    app.runner.close()


def test_a_part_of_a_run_is_stopped(app: App) -> None:
    started = threading.Event()

    def action(context: StepContext) -> StepResult:
        context.progress(("toil", "aws", "1", "eu"), 1, 2)
        context.progress(("toil", "aws", "2", "eu"), 1, 2)
        with context.scopes.working("aws/1", context.cancel):
            started.set()
            while not context.cancel.parts and not context.cancel:
                context.cancel.wait(0.01)
        return StepResult(f"{context.cancel.parts}")

    shell = Shell(with_action(app, action), interactive=True)
    shell("workflows run work")
    assert started.wait(10)
    assert shell("workflows stop 0001 --scope eu") == []
    assert "'eu' is in several accounts (one of aws/1/eu, aws/2/eu)" in "\n".join(shell.notes)
    assert shell("workflows stop 0001 --scope 1/eu") == ["aws/1/eu in 0001 is asked to stop"]
    handle = app.runner.handle("0001")
    assert handle is None or handle.wait(10) == "ok"
    assert app.tables.runs.last(1)[0].steps[0].summary == "{'eu': 'stopped by ada'}"


def test_the_time_of_each_step_has_a_bar(app: App, clock: FakeClock) -> None:
    def action(context: StepContext) -> StepResult:
        clock.advance(90)
        return StepResult(counts={"created": 3, "updated": 0, "deleted": 1})

    shell = Shell(with_action(app, action), columns=200)
    shell("workflows run work --wait")
    (line,) = [line for line in shell("workflows history") if "0001" in line]
    assert "+3 ~0 -1" in line
    assert "toil ██████████ 1 min 30 s" in line


def test_looking_back(app: App) -> None:
    shell = Shell(with_action(app, partial))
    shell("workflows run work")
    assert shell("workflows history | format {run} {workflow} {status} {problems}") == ["0001 work partial 1"]
    assert shell("workflows history work --limit 0") == []
    assert any("denied" in line for line in shell("workflows log 0001"))
    assert shell("workflows log 0001 --follow")[-1] == shell("workflows log 0001")[-1]
    assert shell("workflows list | format {name} {description}") == ["work Toil."]
    assert shell("workflows show work | format {step} {action}") == ["toil toil"]


def test_progress_shows_a_bar_for_each_region_as_far_as_it_fits() -> None:
    leaves = [(("collect", "aws", "demo", f"region-{n}"), n % 2, 1) for n in range(9)] + [(("cleanup",), 0, 1)]
    lines = progress_lines(leaves, 80)
    assert len(lines) == 1
    assert lines[0].startswith("collect aws/demo")
    assert "region-0 ░░░░░░░░░░" in lines[0]
    assert "+" in lines[0]
    assert all(width(line) < columns for columns in (30, 60, 80) for line in progress_lines(leaves, columns))
    assert progress_lines([(("collect", "aws", "demo", "r"), 1, 1)], 80) == []


@pytest.mark.parametrize(("line", "column"), [("workflows history | format {status}", 0), ("workflows log 0001", -1)])
def test_a_run_whose_process_was_killed_is_shown_as_interrupted(app: App, line: str, column: int) -> None:
    shell = Shell(with_action(app, fine))
    app.tables.runs.open("work", by="ada", at=app.clock.now(), step="toil")
    assert "interrupted" in shell(line)[column]
