"""What the shell knows, in the shapes that prompt_toolkit asks for: completion, history, highlighting, mistakes."""

from __future__ import annotations

from collections.abc import Container, Iterable
from contextlib import suppress

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import History
from prompt_toolkit.lexers import Lexer, PygmentsLexer

from resh.shell.complete import Candidate, complete
from resh.shell.highlight import ReshLexer
from resh.shell.history import FileHistory
from resh.shell.session import Session
from resh.shell.suggest import rest
from resh.shell.vocabulary import Vocabulary
from resh.text import one_line


class ShellCompleter(Completer):
    """Synchronous on purpose: an answer takes less than 5 ms, and a thread would flicker."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: Document | None = None
        self._known: tuple[str, list[Candidate]] = ("", [])

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        self._asked = document
        for candidate in self.candidates(document.text_before_cursor):
            yield Completion(candidate.text, candidate.start, one_line(candidate.display), one_line(candidate.description))

    def candidates(self, text: str) -> list[Candidate]:
        """The menu and the suggestion ask alike, one after the other."""
        known, found = self._known
        if known != text or not text:
            found = complete(self._session, text)
            self._known = (text, found)
        return found

    def refresh(self, buffer: Buffer) -> None:
        """More is known than when the menu was made: put it in, without closing the menu in between, unless somebody is choosing."""
        self._known = ("", [])
        state, document = buffer.complete_state, buffer.document
        if state is None and document == self._asked:
            buffer.start_completion()
        elif state and state.complete_index is None and state.original_document == document:
            state.completions[:] = self.get_completions(document, CompleteEvent())
            buffer.on_completions_changed.fire()


class ShellSuggest(AutoSuggest):
    def __init__(self, completer: ShellCompleter) -> None:
        self._completer = completer

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        if not document.is_cursor_at_the_end:
            return None
        text = document.text
        lines = reversed(buffer.history.get_strings())
        found = rest(text, lines, self._completer.candidates(text))
        return Suggestion(found) if found else None


class ShellHistory(History):
    def __init__(self, history: FileHistory) -> None:
        super().__init__()
        self._history = history

    def load_history_strings(self) -> Iterable[str]:
        return reversed(self._history.entries())

    def append_string(self, string: str) -> None:
        """Each line once: where it was typed last."""
        with suppress(ValueError):
            self._loaded_strings.remove(string)
        super().append_string(string)

    def store_string(self, string: str) -> None:
        self._history.append(string)


def lexer(vocabulary: Vocabulary) -> Lexer:
    class Known(ReshLexer):
        def known(self) -> Container[str]:
            return vocabulary.repertoire.names

    return PygmentsLexer(Known, sync_from_start=True)
