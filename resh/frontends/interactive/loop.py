"""Read a line, evaluate it in a thread, print what it gives; meanwhile show events above the prompt. One of these runs for each session.

    status = await interact(session, terminal)

All prompts of a process share one asyncio loop; nothing here blocks it.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style, style_from_pygments_cls

from resh.cancel import Cancel
from resh.errors import TimedOut
from resh.frontends.interactive.adapters import ShellCompleter, ShellHistory, lexer
from resh.frontends.interactive.banner import banner, not_configured
from resh.frontends.interactive.inline import InlineEvents
from resh.frontends.interactive.style import ReshStyle
from resh.frontends.interactive.toolbar import SETTLE_SECONDS, Toolbar
from resh.frontends.interactive.watch import Watch
from resh.shell.complete import prepare
from resh.shell.evaluate import evaluate
from resh.shell.help import help_at
from resh.shell.session import Session


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a session's prompt stands.

    `interruptible(cancel)` makes Ctrl-C set the flag while a command runs; `on_resize` is told what to call when the size changes, where
    prompt_toolkit cannot see that by itself; `on_tell` how to say something above the prompt.
    """

    input: Input
    output: Output
    interruptible: Callable[[Cancel], AbstractContextManager[None]]
    idle_seconds: float | None = None
    colour: bool = True
    on_resize: Callable[[Callable[[], None]], None] | None = None
    on_tell: Callable[[Callable[[str], Awaitable[None]]], None] | None = None


class Interrupted(Exception):
    """Ctrl-C at the prompt. KeyboardInterrupt would do for one terminal; on a server it would end the loop of all sessions."""


async def interact(session: Session, terminal: Terminal, *, first_line: str = "") -> int:
    """Until `exit`, Ctrl-D or an idle hour; returns the exit status of the session."""
    completer = ShellCompleter(session)
    prompt = _prompt(session, terminal, completer)
    loop = asyncio.get_running_loop()
    watch = Watch(session.vocabulary, changed=lambda: _redraw(loop, prompt))
    toolbar = Toolbar(session, lambda: _redraw(loop, prompt), lambda: watch(prompt.default_buffer.text))
    prompt.bottom_toolbar = toolbar
    session.ask = lambda question, word: asyncio.run_coroutine_threadsafe(_ask(terminal, question, word), loop).result()
    for source in (session.vocabulary.occurring, session.vocabulary.aws):
        source.changed = lambda: _complete_again(loop, prompt, completer)
    if terminal.on_resize:
        terminal.on_resize(lambda: _resize(prompt))
    if terminal.on_tell:
        here = copy_context()  # the server tells it from a context of its own, which knows no terminal
        terminal.on_tell(lambda text: loop.create_task(_above(prompt.app, session, text), context=here.copy()))
    events = InlineEvents(session, lambda text: _above(prompt.app, session, text))
    session.sink.write(f"{banner(session.app)}\n")
    preparing = loop.create_task(_prepare(prompt, session))
    try:
        if first_line:
            session.sink.write(f"> {first_line}\n")
            await run_line(session, terminal, first_line)
        while not session.ended:
            line = await _read_line(prompt, session, events, terminal)
            if line is None:
                break
            await run_line(session, terminal, line)
        return session.exit_status
    finally:
        preparing.cancel()
        events.close()
        toolbar.close()
        watch.close()
        session.vocabulary.close()


async def _prepare(prompt: PromptSession[str], session: Session) -> None:
    """Get ready in the background what the first keys need; say so when there is no cloud to collect."""
    await asyncio.sleep(SETTLE_SECONDS)
    await asyncio.to_thread(prepare, session)
    if session.local:  # what a process of one session has loaded by now stays: nobody should wait for it to be looked through again
        gc.freeze()
    if advice := await asyncio.to_thread(not_configured, session.app):
        await _above(prompt.app, session, advice)


async def run_line(session: Session, terminal: Terminal, line: str) -> int:
    cancel = Cancel()
    with terminal.interruptible(cancel):
        work = asyncio.get_running_loop().run_in_executor(None, evaluate, session, line, cancel)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            cancel.set("the session ended")
            await asyncio.wait([work], timeout=2)
            raise


async def _read_line(prompt: PromptSession[str], session: Session, events: InlineEvents, terminal: Terminal) -> str | None:
    """One line; "" after Ctrl-C; None at the end of the session."""
    if waiting := events.take():
        session.sink.write(f"{waiting}\n")
    events.prompting(True)
    try:
        async with asyncio.timeout(terminal.idle_seconds):
            return await prompt.prompt_async(handle_sigint=False, set_exception_handler=False)
    except Interrupted:
        return ""
    except EOFError:
        return None if session.may_end() else ""
    except TimeoutError:
        session.sink.note("idle for too long: good bye")
        session.exit_status = TimedOut.exit_code
        return None
    finally:
        events.prompting(False)


async def _ask(terminal: Terminal, question: str, word: str) -> bool:
    """Only yes is yes, or the word if there is one: not Enter, not Ctrl-C, not the end of the session."""
    asking: PromptSession[str] = PromptSession(input=terminal.input, output=terminal.output, interrupt_exception=Interrupted)
    try:
        answer = await asking.prompt_async(
            f"{question} " if word else f"{question} [y/N] ", handle_sigint=False, set_exception_handler=False
        )
    except (Interrupted, EOFError):
        return False
    return answer.strip() == word if word else answer.strip().lower() in ("y", "yes")


async def _above(app: Application[str], session: Session, text: str) -> None:
    if app.is_running:
        async with in_terminal():
            session.sink.write(f"{text}\n")
    else:
        session.sink.write(f"{text}\n")


def _resize(prompt: PromptSession[str]) -> None:
    """prompt_toolkit has no public name for "the size has changed"."""
    if prompt.app.is_running:
        prompt.app._on_resize()


def _redraw(loop: asyncio.AbstractEventLoop, prompt: PromptSession[str]) -> None:
    if not loop.is_closed() and prompt.app.is_running:
        loop.call_soon_threadsafe(prompt.app.invalidate)


def _complete_again(loop: asyncio.AbstractEventLoop, prompt: PromptSession[str], completer: ShellCompleter) -> None:
    """From the thread that has found more values."""
    if not loop.is_closed() and prompt.app.is_running:
        loop.call_soon_threadsafe(completer.refresh, prompt.default_buffer)


def _prompt(session: Session, terminal: Terminal, completer: ShellCompleter) -> PromptSession[str]:
    settings = session.app.settings
    return PromptSession(
        message=ANSI("> "),
        input=terminal.input,
        output=terminal.output,
        completer=completer,
        complete_while_typing=True,
        complete_style=CompleteStyle.COLUMN,
        history=ShellHistory(session.history),
        auto_suggest=AutoSuggestFromHistory(),
        lexer=lexer(session.vocabulary),
        style=_style(),
        color_depth=None if terminal.colour else ColorDepth.DEPTH_1_BIT,
        editing_mode=EditingMode.VI if settings.text("shell.editing") == "vi" else EditingMode.EMACS,
        reserve_space_for_menu=6,
        interrupt_exception=Interrupted,
        key_bindings=_keys(session),
        mouse_support=False,
    )


def _keys(session: Session) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("f1")
    def _help(event: KeyPressEvent) -> None:
        """Help on the command that is being typed, above the line."""
        lines = help_at(event.app.current_buffer.document.text_before_cursor, session.vocabulary.repertoire)
        event.app.create_background_task(_above(event.app, session, "\n".join(lines)))

    return keys


def _style() -> Style:
    toolbar = Style.from_dict(
        {"bottom-toolbar": "noreverse fg:ansibrightblack", "mistake": "fg:ansired", "completion-menu.meta": "fg:ansibrightblack"}
    )
    return Style([*style_from_pygments_cls(ReshStyle).style_rules, *toolbar.style_rules])
