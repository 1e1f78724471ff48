"""What the shell knows, in the shapes that prompt_toolkit asks for: completion, history, highlighting."""

from __future__ import annotations

from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import History
from prompt_toolkit.lexers import Lexer, PygmentsLexer

from resh.shell.complete import complete
from resh.shell.highlight import ReshLexer
from resh.shell.history import FileHistory
from resh.shell.session import Session


class ShellCompleter(Completer):
    """Synchronous on purpose: an answer takes less than 5 ms, and a thread would flicker."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for candidate in complete(self._session, document.text_before_cursor):
            yield Completion(candidate.text, candidate.start, candidate.display, candidate.description)


class ShellHistory(History):
    def __init__(self, history: FileHistory) -> None:
        super().__init__()
        self._history = history

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self._history.entries())

    def store_string(self, string: str) -> None:
        self._history.append(string)


def lexer() -> Lexer:
    return PygmentsLexer(ReshLexer, sync_from_start=True)
