"""One input of a user, from text to exit status. Every front end and every job goes through here.

    evaluate(session, "search is(volume) | count", cancel)      # 0
    evaluate(session, "serch is(volume)", cancel)               # 127, and one line that names search

Statuses: 0 ok, 1 failed, 2 usage or syntax, 3 partial, 124 timed out, 126 denied, 127 unknown command, 130 interrupted.
"""

from __future__ import annotations

from contextlib import suppress

from resh.cancel import Cancel
from resh.commands import ending, pipeline
from resh.commands.base import Context
from resh.commands.line import Pipeline, split
from resh.commands.pipeline import Ready
from resh.errors import Cancelled, Partial, ReshError, SyntaxProblem
from resh.shell.session import Session

_LONGEST = 2000  # letters of a message: a mistake may quote a whole line, and lines may be megabytes long
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


def _failed(session: Session, error: BaseException, text: str, cancel: Cancel) -> int:
    """Say it, and return its exit status."""
    if isinstance(error, KeyboardInterrupt) or (cancel and not isinstance(error, ReshError)):
        cancel.set("interrupted")
        error = Cancelled(cancel.reason)
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
    """The error as lines. One with a place shows it under the line: above the message at a prompt, below it in a script."""
    from resh.text import one_line

    hint = f" ({error.hint})" if error.hint else ""
    said = one_line(f"{error.message[:_LONGEST]}{'…' * (len(error.message) > _LONGEST)}{hint}")
    if not isinstance(error, SyntaxProblem):
        return [said if interactive else f"resh: {error.code}: {said}"]
    if not interactive:
        return [f"resh: {error.code}: {_where(error)}: {said}", *_caret(error)]
    return [*_caret(error), said]


def _where(error: SyntaxProblem) -> str:
    before = error.text[: error.position]
    line, column = before.count("\n") + 1, error.position - before.rfind("\n")
    return f"at line {line}, column {column}" if "\n" in error.text else f"at column {column}"


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
