"""Questions to the person at the terminal, while a command waits for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import Output

from resh.errors import TimedOut
from resh.frontends.interactive.pager import More

Answer = TypeVar("Answer")
_KEYS = {
    More.page: ("space", "f", "pagedown"),
    More.line: ("enter", "j", "down"),
    More.all: ("a", "G", "end"),
    More.nothing: ("q", "c-c", "c-d", "escape"),
}
_MORE = "-- more: Space a page · Enter a line · a all · q nothing --"


class Interrupted(Exception):
    """Ctrl-C at the prompt. KeyboardInterrupt would do for one terminal; on a server it would end the loop of all sessions."""


class Patience:
    """How many seconds may pass without an answer, at the prompt or to a question; None for any. `over` when it was too long once."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self.over = False

    async def __call__(self, answer: Awaitable[Answer]) -> Answer:
        """Raises TimedOut."""
        try:
            async with asyncio.timeout(self._seconds):
                return await answer
        except TimeoutError:
            self.over = True
            raise TimedOut("idle for too long: good bye") from None


async def agreed(input: Input, output: Output, question: str, word: str) -> bool:
    """Only yes is yes, or the word if there is one: not Enter, not Ctrl-C, not the end of the session."""
    asking: PromptSession[str] = PromptSession(input=input, output=output, interrupt_exception=Interrupted)
    try:
        answer = await asking.prompt_async(
            f"{question} " if word else f"{question} [y/N] ", handle_sigint=False, set_exception_handler=False
        )
    except (Interrupted, EOFError):
        return False
    return answer.strip() == word if word else answer.strip().lower() in ("y", "yes")


async def more(input: Input, output: Output) -> More:
    """What somebody wants to see at the end of a page; nothing when the session ends."""
    asking: Application[More] = Application(
        layout=Layout(Window(FormattedTextControl([("reverse", _MORE)]), height=1)),
        key_bindings=_keys(),
        input=input,
        output=output,
        erase_when_done=True,
        enable_page_navigation_bindings=False,
    )
    try:
        return await asking.run_async(handle_sigint=False, set_exception_handler=False)
    except EOFError:
        return More.nothing


def _keys() -> KeyBindings:
    keys = KeyBindings()
    for answer, names in _KEYS.items():
        for name in names:
            keys.add(name, eager=True)(_answering(answer))
    return keys


def _answering(answer: More) -> Callable[[KeyPressEvent], None]:
    def answering(event: KeyPressEvent) -> None:
        event.app.exit(result=answer)

    return answering
