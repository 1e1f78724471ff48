"""Keys of the prompt beyond those of Emacs or vi: help, the toolbar's parts, lines that go on, suggestions that are taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from resh.commands.line import is_open
from resh.frontends.interactive.toolbar import KEYS, Toolbar
from resh.shell.help import help_at
from resh.shell.session import Session


def bindings(session: Session, toolbar: Toolbar, above: Callable[[Application[str], str], Awaitable[None]]) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("f1")
    def _help(event: KeyPressEvent) -> None:
        """Help on the word under the cursor, above the line."""
        document = event.app.current_buffer.document
        text = "\n".join(help_at(session, document.text, document.cursor_position))
        event.app.create_background_task(_printed(above, event.app, text))

    for key, part in KEYS.items():
        keys.add(key)(_toggle(toolbar, part))

    @keys.add("escape", "enter")
    def _further(event: KeyPressEvent) -> None:
        """One more line, whatever the text looks like."""
        event.current_buffer.newline(copy_margin=False)

    @keys.add("c-z", filter=Condition(lambda: not session.local))
    def _stay(event: KeyPressEvent) -> None:
        """There is no shell behind that one could go back to, and nobody means the character."""

    @keys.add("end", filter=Condition(_is_suggested))
    def _take(event: KeyPressEvent) -> None:
        suggestion = event.current_buffer.suggestion
        if suggestion:
            event.current_buffer.insert_text(suggestion.text)

    return keys


def _toggle(toolbar: Toolbar, part: str) -> Callable[[KeyPressEvent], None]:
    def toggle(event: KeyPressEvent) -> None:
        toolbar.toggle(part)
        event.app.invalidate()

    return toggle


async def _printed(above: Callable[[Application[str], str], Awaitable[None]], app: Application[str], text: str) -> None:
    await above(app, text)


def goes_on() -> bool:
    """Whether Enter begins a new line: a quote or a bracket is open, or it ends in | or \\. An empty last line ends it all the same."""
    text = get_app().current_buffer.text
    return bool(text.strip()) and not text.endswith("\n") and is_open(text, brackets=True)


def _is_suggested() -> bool:
    buffer = get_app().current_buffer
    return bool(buffer.suggestion and buffer.suggestion.text and buffer.document.is_cursor_at_the_end)
