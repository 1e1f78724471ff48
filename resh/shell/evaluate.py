"""One input of a user, from text to exit status. Every front end and every job goes through here.

    evaluate(session, "search is(volume) | count", cancel)      # 0
    evaluate(session, "serch is(volume)", cancel)               # 127, and one line that names search

Statuses: 0 ok, 1 failed, 2 usage or syntax, 3 partial, 124 timed out, 126 denied, 127 unknown command, 130 interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter

from resh.cancel import Cancel
from resh.commands import ending, pipeline
from resh.commands.base import Context
from resh.commands.line import Pipeline, split
from resh.commands.pipeline import Ready
from resh.errors import Cancelled, Partial, ReshError, SyntaxProblem, TimedOut
from resh.shell.session import Session

_LONGEST = 2000  # letters of a message: a mistake may quote a whole line, and lines may be megabytes long
_NEAR = 30  # letters that are shown before a mistake where it is told in one line
_AROUND = 60  # letters of a long line that are shown on either side of a mistake


def evaluate(session: Session, text: str, cancel: Cancel | None = None) -> int:
    """Run every pipeline of the text; say in one line what went wrong. Raises nothing but BrokenPipeError: the reader is gone.

    An error ends the input. A partial result (3) does not; it becomes the status when nothing worse happens.
    """
    if not text.strip():
        return _evaluate(session, text, Cancel())
    status, ended = 1, session.heard(text)
    cancel = Cancel() if cancel is None else cancel
    session.remembered.begin()
    try:
        status = _detach(session, text, cancel) if text.rstrip().endswith("&") else _evaluate(session, text, cancel)
    finally:
        session.remembered.end()
        ended(status)
        if session.app.observed:
            session.app.observed.counted("status", str(status))
    return status


def evaluate_quietly(session: Session, text: str, cancel: Cancel) -> int:
    """A line that a command runs: nobody is told of it, and what it shows is remembered."""
    session.remembered.begin()
    try:
        return _evaluate(session, text, cancel)
    finally:
        session.remembered.end()


def _detach(session: Session, text: str, cancel: Cancel) -> int:
    """Start it and go on, once it is clear that it could run. An & in quotes, or at the end of a word, is text."""
    from resh.shell import background

    alone = background.behind(text)
    if alone is None:
        return _evaluate(session, text, cancel)
    try:
        alone = session.remembered.filled(alone)
        for found in split(alone):
            pipeline.resolve(found.stages, session.context(cancel, found.env), alone)
        session.sink.note(background.start(session, alone))
        session.exit_status = 0
    except ReshError as error:
        session.exit_status = _failed(session, error, text, cancel)
    return session.exit_status


def _evaluate(session: Session, text: str, cancel: Cancel) -> int:
    status = 0
    try:
        text = session.remembered.filled(text)
        pipelines = split(text)
        contexts = [session.context(cancel, found.env) for found in pipelines]
        steps = [pipeline.resolve(found.stages, context, text) for found, context in zip(pipelines, contexts, strict=True)]
        for found, context, ready in zip(pipelines, contexts, steps, strict=True):
            with _observed(session, ready):
                _run(session, context, found, ready, text)
            status = context.status or status
            if context.leave:
                session.ended = True
            if context.leave or status not in (0, Partial.exit_code):
                break
    except BrokenPipeError:
        raise
    except BaseException as error:
        status = _failed(session, error, text, cancel)
    session.exit_status = status
    return status


def _run(session: Session, context: Context, found: Pipeline, steps: list[Ready], text: str) -> None:
    with _limited(context):
        stream = pipeline.rows(steps, context, text)
        try:
            with session.paged() as write:
                ending.show(stream, context, write)
            context.cancel.check()
            ending.tell_staleness(context)
        finally:
            close = getattr(stream, "close", None)
            if close:
                close()
            session.sink.live([])


@contextmanager
def _limited(context: Context) -> Iterator[None]:
    """The variable search_timeout ends this line, and no other. Raises TimedOut."""
    limit = context.env.get("search_timeout")
    if not limit:
        yield
        return
    from threading import Timer

    from resh.durations import parse_duration

    seconds = float(limit) if limit.replace(".", "", 1).isdecimal() else parse_duration(limit)
    outer, context.cancel = context.cancel, Cancel()
    late = f"it took longer than {limit}"
    timer = Timer(max(0, seconds), context.cancel.set, (late,))
    timer.start()
    try:
        with outer.interrupting(lambda: context.cancel.set(outer.reason)):
            yield
    except Cancelled as error:
        if error.message == late:
            raise TimedOut(late, "give it more with search_timeout=, or ask for less") from None
        raise
    finally:
        timer.cancel()


@contextmanager
def _observed(session: Session, steps: list[Ready]) -> Iterator[None]:
    """How long it takes, where somebody is told."""
    started = perf_counter()
    try:
        yield
    finally:
        if session.app.observed:
            session.app.observed.took("command", perf_counter() - started, steps[0].stage.name)


def _failed(session: Session, error: BaseException, text: str, cancel: Cancel) -> int:
    """Say it, and return its exit status."""
    if isinstance(error, KeyboardInterrupt) or (cancel and not isinstance(error, ReshError)):
        cancel.set("interrupted")
        error = Cancelled(cancel.reason)
    if isinstance(error, Cancelled) and cancel.late:
        error = TimedOut(error.message, "give it more with --timeout, or ask for less")
    if isinstance(error, ReshError):
        for line in describe(error, session.interactive):
            session.sink.note(line)
        _trace(session)
        return error.exit_code
    if not isinstance(error, Exception):
        raise error
    session.sink.note(f"resh: internal: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    _log(error, text)
    _trace(session)
    return 1


def describe(error: ReshError, interactive: bool) -> list[str]:
    """The error as lines. One with a place shows it under the line at a prompt; in a script it is one line, with what is there."""
    from resh.text import one_line

    hint = f" ({error.hint})" if error.hint else ""
    message = f"{error.message[:_LONGEST]}{'…' * (len(error.message) > _LONGEST)}"
    if not isinstance(error, SyntaxProblem):
        return [one_line(f"{message}{hint}" if interactive else f"resh: {error.code}: {message}{hint}")]
    if interactive:
        return [*_caret(error), one_line(f"{message}{hint}")]
    return [one_line(f"resh: {error.code}: {_where(error)}: {message}, near '{_near(error)}'{hint}")]


def _where(error: SyntaxProblem) -> str:
    before = error.text[: error.position]
    line, column = before.count("\n") + 1, error.position - before.rfind("\n")
    return f"at line {line}, column {column}" if "\n" in error.text else f"at column {column}"


def _near(error: SyntaxProblem) -> str:
    """The word that a mistake is in, with what stands before it."""
    from resh.text import sanitise

    text, at = error.text, error.position
    cut = max(text.rfind("\n", 0, at) + 1, at - _NEAR)
    word = re.split(r"\s", text[at : at + _NEAR], maxsplit=1)[0]
    return f"{'…' * (cut > 0 and text[cut - 1] != chr(10))}{sanitise((text[cut:at] + word).strip())}"


def _caret(error: SyntaxProblem) -> list[str]:
    """The line with a mark under the place; of a long line what is around the place."""
    from resh.text import sanitise, width

    start = error.text.rfind("\n", 0, error.position) + 1
    line, at = error.text[start:].split("\n", 1)[0], error.position - start
    cut = at - _AROUND if at > _AROUND and len(line) > 2 * _AROUND else 0
    shown = f"{'…' * bool(cut)}{line[cut : cut + 2 * _AROUND]}{'…' * (len(line) > cut + 2 * _AROUND)}"
    before = sanitise(shown[: at - cut + bool(cut)]).replace("\t", " ")
    return [sanitise(shown).replace("\t", " "), " " * width(before) + "^"]


def _log(error: Exception, text: str) -> None:
    import logging

    from resh.shell.history import is_secret

    text = "(it may hold a secret)" if is_secret(text) else text
    logging.getLogger("resh").debug("this line failed: %s", text, exc_info=error)


def _trace(session: Session) -> None:
    if session.debug:
        import traceback

        with suppress(OSError):
            session.sink.note(traceback.format_exc())
