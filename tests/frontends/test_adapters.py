"""What the prompt shows when the shell comes to know more while a menu is open."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.document import Document

from resh.frontends.interactive import adapters
from resh.frontends.interactive.adapters import ShellCompleter, ShellHistory
from resh.frontends.interactive.watch import Watch
from resh.shell.complete import Candidate
from resh.shell.history import FileHistory
from tests.commands.conftest import Shell, app, graph, terminal

__all__ = ["app", "graph", "terminal"]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What can be completed, which grows."""
    words = ["first"]
    monkeypatch.setattr(adapters, "complete", lambda session, text: [Candidate(word, 0, word, "") for word in words])
    return words


def shown(buffer: Buffer) -> list[str]:
    return [completion.text for completion in buffer.complete_state.completions] if buffer.complete_state else []


def menu(completer: ShellCompleter) -> Buffer:
    """A buffer whose menu is open."""
    buffer = Buffer(completer=completer, document=Document("search "))
    found = list(completer.get_completions(buffer.document, None))  # type: ignore[arg-type]
    buffer.complete_state = CompletionState(buffer.document, found) if found else None
    return buffer


def test_what_is_found_later_comes_into_the_open_menu(terminal: Shell, known: list[str]) -> None:
    completer = ShellCompleter(terminal.session)
    buffer = menu(completer)
    state = buffer.complete_state
    known.append("second")
    completer.refresh(buffer)
    assert shown(buffer) == ["first", "second"]
    assert buffer.complete_state is state


def test_a_menu_that_somebody_chooses_from_stays(terminal: Shell, known: list[str]) -> None:
    completer = ShellCompleter(terminal.session)
    buffer = menu(completer)
    buffer.go_to_completion(0)
    known.append("second")
    completer.refresh(buffer)
    assert shown(buffer) == ["first"]


def test_a_menu_of_another_text_stays_closed(terminal: Shell, known: list[str]) -> None:
    completer = ShellCompleter(terminal.session)
    buffer = menu(completer)
    buffer.text = "echo"
    known.append("second")
    completer.refresh(buffer)
    assert shown(buffer) == []


def test_a_mistake_is_known_soon_and_goes_with_the_line(terminal: Shell) -> None:
    changed = threading.Event()
    watch = Watch(terminal.session.vocabulary, changed.set)
    assert watch("search is(volumee) and name = x") == ""
    assert changed.wait(20)
    assert "there is no kind 'volumee'" in watch("search is(volumee) and name = x")
    assert watch("  ") == ""
    watch.close()


def test_each_line_is_in_the_history_once(tmp_path: Path) -> None:
    history = ShellHistory(FileHistory(tmp_path, "ada"))
    for line in ("one", "two", "one", "password=x", "two"):
        history.append_string(line)
    assert history.get_strings() == ["one", "password=x", "two"]
    assert FileHistory(tmp_path, "ada").entries() == ["one", "two"]
