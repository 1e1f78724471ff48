from __future__ import annotations

import threading

import pytest

from resh.app import App
from resh.cancel import Cancel
from resh.errors import Denied, Partial, ReshError, SyntaxProblem, TimedOut, UnknownCommand, UsageError
from resh.shell.evaluate import describe, evaluate
from tests.commands.conftest import Shell


@pytest.mark.parametrize(
    ("error", "status"),
    [(ReshError("x"), 1), (UsageError("x"), 2), (Partial("x"), 3), (TimedOut("x"), 124), (Denied("x"), 126), (UnknownCommand("x"), 127)],
)
def test_each_error_has_its_status(app: App, monkeypatch: pytest.MonkeyPatch, error: ReshError, status: int) -> None:
    shell = Shell(app)
    monkeypatch.setattr("resh.commands.pipeline.rows", _raising(error))
    shell("echo a")
    assert (shell.status, shell.session.exit_status) == (status, status)
    assert shell.notes == [f"resh: {error.code}: x"]


@pytest.mark.parametrize(("error", "status"), [(ValueError("odd\nthing"), 1), (KeyboardInterrupt(), 130), (RecursionError(), 1)])
def test_nothing_is_raised(app: App, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int) -> None:
    shell = Shell(app)
    monkeypatch.setattr("resh.commands.pipeline.rows", _raising(error))
    shell("echo a")
    assert shell.status == status
    assert len(shell.notes) == 1
    assert "\n" not in shell.notes[0]


def test_a_gone_reader_is_the_front_ends_business(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resh.commands.pipeline.rows", _raising(BrokenPipeError()))
    with pytest.raises(BrokenPipeError):
        Shell(app)("echo a")


def _raising(error: BaseException) -> object:
    def rows(*_: object) -> object:
        raise error

    return rows


def test_a_set_flag_stops_the_line(app: App) -> None:
    shell, cancel = Shell(app), Cancel()
    cancel.set("stopped by ada")
    assert evaluate(shell.session, "json [1, 2]", cancel) == 130
    assert shell.sink.out == ""
    assert "stopped by ada" in shell.notes[0]


def test_the_caret_stands_under_the_mistake_by_display_width() -> None:
    error = SyntaxProblem("wrong", "a\necho 日本 %%", 10)
    assert describe(error, interactive=True) == ["echo 日本 %%", "          ^", "wrong"]


def test_a_script_shows_the_place_of_a_mistake_too() -> None:
    error = SyntaxProblem("wrong", "a\necho 日本 %%", 10, hint="right")
    assert describe(error, interactive=False) == ["resh: syntax: at line 2, column 9: wrong, near 'echo 日本 %%' (right)"]


def test_of_a_long_line_what_is_around_the_mistake_is_shown() -> None:
    line, caret, _ = describe(SyntaxProblem("wrong", "a" * 500_000 + "%" + "b" * 500_000, 500_000), interactive=True)
    assert len(line) < 130
    assert line[len(caret) - 1] == "%"
    assert line.startswith("…a")
    assert line.endswith("b…")


def test_a_terminal_is_clean_after_each_pipeline(app: App) -> None:
    shell = Shell(app, columns=80)
    shell("echo a")
    assert shell.sink.drawn == []


def test_a_mistake_of_a_megabyte_is_told_shortly() -> None:
    (line,) = describe(ReshError("x" * 1_000_000, "try y"), interactive=False)
    assert len(line) < 3000
    assert line.endswith("… (try y)")


@pytest.mark.parametrize("line", ["sleep 60", "json 1 | jq 'last(repeat(1))'"])
def test_a_line_may_say_how_long_it_takes_at_most(app: App, line: str) -> None:
    shell, cancel = Shell(app), Cancel()
    assert evaluate(shell.session, f"search_timeout=0.1 {line}", cancel) == 124
    assert shell.notes == ["resh: timed_out: it took longer than 0.1 (give it more with search_timeout=, or ask for less)"]
    assert not cancel
    assert evaluate(shell.session, "search_timeout=1m echo a", cancel) == 0
    assert evaluate(shell.session, "search_timeout=soon echo a", cancel) == 2


def test_a_line_with_a_limit_can_be_cancelled(app: App) -> None:
    shell, cancel = Shell(app), Cancel()
    timer = threading.Timer(0.1, cancel.set, ("enough",))
    timer.start()
    assert evaluate(shell.session, "search_timeout=1h sleep 60", cancel) == 130
    timer.join()
