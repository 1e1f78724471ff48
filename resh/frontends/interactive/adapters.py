"""What the shell knows, in the shapes that prompt_toolkit asks for: completion, history, highlighting, mistakes."""

from __future__ import annotations

from collections.abc import Container, Iterable

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import History
from prompt_toolkit.lexers import Lexer, PygmentsLexer

from resh.shell.complete import complete
from resh.shell.highlight import ReshLexer
from resh.shell.history import FileHistory
from resh.shell.session import Session
from resh.shell.vocabulary import Vocabulary


class ShellCompleter(Completer):
    """Synchronous on purpose: an answer takes less than 5 ms, and a thread would flicker."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: Document | None = None

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        self._asked = document
        for candidate in complete(self._session, document.text_before_cursor):
            yield Completion(candidate.text, candidate.start, candidate.display, candidate.description)

    def refresh(self, buffer: Buffer) -> None:
        """More is known than when the menu was made: put it in, without closing the menu in between, unless somebody is choosing."""
        state, document = buffer.complete_state, buffer.document
        if state is None and document == self._asked:
            buffer.start_completion()
        elif state and state.complete_index is None and state.original_document == document:
            state.completions[:] = self.get_completions(document, CompleteEvent())
            buffer.on_completions_changed.fire()


class ShellHistory(History):
    def __init__(self, history: FileHistory) -> None:
        super().__init__()
        self._history = history

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self._history.entries())

    def store_string(self, string: str) -> None:
        self._history.append(string)


def lexer(vocabulary: Vocabulary) -> Lexer:
    class Known(ReshLexer):
        def known(self) -> Container[str]:
            return vocabulary.repertoire.names

    return PygmentsLexer(Known, sync_from_start=True)
