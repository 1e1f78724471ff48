"""Read a line, evaluate it in a thread, print what it gives; meanwhile show events above the prompt. One of these runs for each session.

    status = await interact(session, terminal)

All prompts of a process share one asyncio loop; nothing here blocks it.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.input import Input
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.shortcuts import CompleteStyle

from resh.cancel import Cancel
from resh.errors import TimedOut
from resh.frontends.interactive.adapters import ShellCompleter, ShellHistory, ShellSuggest, lexer
from resh.frontends.interactive.at_work import at_work
from resh.frontends.interactive.banner import banner, not_configured
from resh.frontends.interactive.inline import InlineEvents
from resh.frontends.interactive.keys import bindings, goes_on
from resh.frontends.interactive.pager import Pager, command
from resh.frontends.interactive.questions import Interrupted, Patience, agreed, more
from resh.frontends.interactive.style import style
from resh.frontends.interactive.toolbar import SETTLE_SECONDS, Line, Toolbar
from resh.frontends.interactive.watch import Watch
from resh.shell.complete import prepare
from resh.shell.counting import Counting
from resh.shell.desk import Recorder, TerminalPart
from resh.shell.evaluate import evaluate
from resh.shell.session import Session

Answer = TypeVar("Answer")
MENU_ROWS = 6
_BESIDE_MENU = 3  # rows of a screen: the line, what it goes on in, the toolbar


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
    recorder: Recorder | None = None
    longest: int | None = None
    """Characters of a line, where others wait while it is drawn."""


async def interact(session: Session, terminal: Terminal, *, first_line: str = "") -> int:
    """Until `exit`, Ctrl-D or an idle hour; returns the exit status of the session."""
    completer = ShellCompleter(session)
    loop = asyncio.get_running_loop()
    toolbar = Toolbar(session, lambda: _redraw(loop, prompt))
    prompt = _prompt(session, terminal, completer, toolbar)
    prompt.app.before_render += lambda app: _spare(prompt, app.output.get_size().rows)
    watch = Watch(session.vocabulary, changed=lambda: _redraw(loop, prompt))
    counting = Counting(session, changed=lambda: _redraw(loop, prompt))
    typed = prompt.default_buffer
    toolbar.line = Line(lambda: watch(typed.text), lambda: _chosen(typed), lambda: counting(typed.text))
    patience = Patience(terminal.idle_seconds)
    pager = _furnish(session, terminal, loop, patience)
    for source in (session.vocabulary.occurring, session.vocabulary.aws):
        source.changed = lambda: _complete_again(loop, prompt, completer)
    if terminal.on_resize:
        terminal.on_resize(lambda: _resize(prompt))
    if terminal.on_tell:
        here = copy_context()  # the server tells it from a context of its own, which knows no terminal
        terminal.on_tell(lambda text: loop.create_task(_above(prompt.app, session, text), context=here.copy()))
    events = InlineEvents(session, lambda text: _above(prompt.app, session, text))
    if terminal.longest:
        typed.on_text_changed += _bounded(terminal.longest)
    session.sink.write(f"{banner(session.app)}\n")
    preparing = loop.create_task(_prepare(prompt, session))
    try:
        if first_line:
            session.sink.write(f"> {first_line}\n")
            await run_line(session, terminal, first_line)
        while not session.ended and not patience.over:
            line = await _read_line(prompt, session, events, patience)
            if line is None:
                break
            await run_line(session, terminal, line)
        return session.exit_status
    finally:
        preparing.cancel()
        pager.end()
        events.close()
        toolbar.close()
        counting.close()
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


def _furnish(session: Session, terminal: Terminal, loop: asyncio.AbstractEventLoop, patience: Patience) -> Pager:
    """What commands may ask of a session that has a terminal. Returns what shows their results."""

    def size() -> tuple[int, int]:
        now = terminal.output.get_size()
        return now.columns or 80, now.rows or 24

    def answer(question: Coroutine[None, None, Answer]) -> Answer:
        session.sink.live([])
        with session.desk.waiting():
            return asyncio.run_coroutine_threadsafe(patience(question), loop).result()

    def program() -> Sequence[str]:
        return command(session.app.settings.text("shell.pager"), session.local)

    session.ask = lambda question, word: answer(agreed(terminal.input, terminal.output, question, word))
    session.desk.terminal = TerminalPart(size, session.offered.append, terminal.recorder)
    pager = Pager(session.sink, size, lambda: answer(more(terminal.input, terminal.output)), program, session.desk.waiting)
    if session.app.settings.text("shell.pager"):
        session.paged = pager.paged
    return pager


async def run_line(session: Session, terminal: Terminal, line: str) -> int:
    cancel, began = Cancel(), perf_counter()
    session.desk.waited = 0.0
    try:
        with at_work(session.sink):
            return await _run_line(session, terminal, line, cancel)
    finally:
        if took := session.desk.took(perf_counter() - began):
            session.sink.write(f"\x1b[2m{took}\x1b[0m\n" if session.sink.colour else f"{took}\n")


async def _run_line(session: Session, terminal: Terminal, line: str, cancel: Cancel) -> int:
    with terminal.interruptible(cancel):
        work = asyncio.get_running_loop().run_in_executor(None, evaluate, session, line, cancel)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            cancel.set("the session ended")
            await asyncio.wait([work], timeout=2)
            raise


async def _read_line(prompt: PromptSession[str], session: Session, events: InlineEvents, patience: Patience) -> str | None:
    """One line; "" after Ctrl-C; None at the end of the session."""
    if waiting := events.take():
        session.sink.write(f"{waiting}\n")
    events.prompting(True)
    try:
        default = session.offered.pop() if session.offered else ""
        return await patience(prompt.prompt_async(default=default, handle_sigint=False, set_exception_handler=False))
    except Interrupted:
        return ""
    except EOFError:
        return None if session.may_end() else ""
    except TimedOut as error:
        session.sink.note(error.message)
        session.exit_status = error.exit_code
        return None
    finally:
        events.prompting(False)


async def _above(app: Application[str], session: Session, text: str) -> None:
    if app.is_running:
        async with in_terminal():
            session.sink.write(f"{text}\n")
    else:
        session.sink.write(f"{text}\n")


def _spare(prompt: PromptSession[str], rows: int) -> None:
    """The menu needs room below the line; a screen that is too low for that shows the line."""
    prompt.reserve_space_for_menu = max(0, min(MENU_ROWS, rows - _BESIDE_MENU)) if rows else MENU_ROWS


def _resize(prompt: PromptSession[str]) -> None:
    """prompt_toolkit has no public name for "the size has changed"."""
    if prompt.app.is_running:
        prompt.app._on_resize()


def _bounded(longest: int) -> Callable[[Buffer], None]:
    """Further keys are not taken, as at any terminal."""

    def bound(buffer: Buffer) -> None:
        if len(buffer.text) > longest:
            buffer.document = Document(buffer.text[:longest], min(buffer.cursor_position, longest))

    return bound


def _redraw(loop: asyncio.AbstractEventLoop, prompt: PromptSession[str]) -> None:
    if not loop.is_closed() and prompt.app.is_running:
        loop.call_soon_threadsafe(prompt.app.invalidate)


def _complete_again(loop: asyncio.AbstractEventLoop, prompt: PromptSession[str], completer: ShellCompleter) -> None:
    """From the thread that has found more values."""
    if not loop.is_closed() and prompt.app.is_running:
        loop.call_soon_threadsafe(completer.refresh, prompt.default_buffer)


def _chosen(buffer: Buffer) -> str:
    """Help for what is chosen in the menu."""
    chosen = buffer.complete_state.current_completion if buffer.complete_state else None
    return f"{chosen.text}: {chosen.display_meta_text}" if chosen and chosen.display_meta_text else ""


def _prompt(session: Session, terminal: Terminal, completer: ShellCompleter, toolbar: Toolbar) -> PromptSession[str]:
    settings = session.app.settings
    return PromptSession(
        message=ANSI("> "),
        prompt_continuation="  ",
        input=terminal.input,
        output=terminal.output,
        completer=completer,
        complete_while_typing=True,
        complete_style=CompleteStyle.COLUMN,
        history=ShellHistory(session.history),
        auto_suggest=ShellSuggest(completer),
        lexer=lexer(session.vocabulary),
        include_default_pygments_style=False,
        style=style(settings.text("shell.theme") if terminal.colour else "none"),
        color_depth=None if terminal.colour else ColorDepth.DEPTH_1_BIT,
        editing_mode=EditingMode.VI if settings.text("shell.editing") == "vi" else EditingMode.EMACS,
        reserve_space_for_menu=MENU_ROWS,
        interrupt_exception=Interrupted,
        key_bindings=bindings(session, toolbar, lambda app, text: _above(app, session, text)),
        bottom_toolbar=toolbar,
        multiline=Condition(goes_on),
        enable_open_in_editor=session.local,
        enable_suspend=session.local,
        tempfile_suffix=".resh",
        mouse_support=False,
    )
