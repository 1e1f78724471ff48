"""Lines from a pipe, a file or `-c`: no prompt, no colour, results on stdout, one line for each problem on stderr.

    session = script_session(app, sys.stdout, sys.stderr, user="ada")
    status = run_script(session, ["search is(volume) | count"])

A script stops at its first failure unless told to keep going. A partial result (3) is no failure: the script goes on and ends with it.
A reader that has gone (`| head -1`) ends it quietly with 0.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from resh.cancel import Cancel
from resh.commands.base import Role
from resh.commands.continuation import inputs
from resh.errors import Cancelled, Partial, ReshError, TimedOut, UsageError
from resh.shell.evaluate import evaluate
from resh.shell.session import Session
from resh.text import sanitise

if TYPE_CHECKING:
    from types import FrameType

    from resh.app import App

_FLUSH_SECONDS = 0.2


class StreamSink:
    """Output to two text streams. Slow output appears as it comes, fast output in blocks."""

    columns: int | None = None
    colour = False
    links = False

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err
        self._flushed = 0.0

    def write(self, text: str) -> None:
        with _writing():
            try:
                self._out.write(text)
            except UnicodeEncodeError:
                encoding = self._out.encoding or "ascii"
                self._out.write(text.encode(encoding, "backslashreplace").decode(encoding))
        if time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self._flush()

    def note(self, text: str) -> None:
        """After what was written before, so that a log of both streams reads in order. Where nobody can be told, nobody is."""
        with suppress(ReshError):
            self._flush()
        with suppress(OSError):
            self._err.write(sanitise(text) + "\n")
            self._err.flush()

    def live(self, lines: list[str]) -> None:
        """Draws nothing; at the end of a pipeline (no lines) what it wrote appears."""
        if not lines:
            self._flush()

    def _flush(self) -> None:
        with _writing():
            self._out.flush()
        self._flushed = time.monotonic()


@contextmanager
def _writing() -> Iterator[None]:
    """A full disk is told like other failures; a reader that has gone is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReshError(f"the output cannot be written: {error.strerror}", "give it more room, or another place") from None


def script_session(
    app: App,
    out: TextIO,
    err: TextIO,
    *,
    user: str,
    environ: Mapping[str, str] | None = None,
    debug: bool = False,
    agreed: bool = False,
    output: str = "",
) -> Session:
    """The session of a local script: its user owns the state folder, and so is admin."""
    sink = StreamSink(out, err)
    return Session(app, user=user, role=Role.admin, sink=sink, env=dict(environ or {}), debug=debug, agreed=agreed, output=output)


def run_script(
    session: Session,
    lines: Iterable[str],
    keep_going: bool = False,
    cancel: Cancel | None = None,
    seconds: float | None = None,
    whole: bool = False,
) -> int:
    """Evaluate each line; the exit status of the script, which may take so many seconds. `whole` ones do not go on in the next."""
    interrupt = _Interrupt(Cancel() if cancel is None else cancel)
    worst = 0
    try:
        with interrupt.installed(), interrupt.within(seconds):
            for text in lines if whole else inputs(lines):
                with interrupt.busy():
                    status = evaluate(session, text, interrupt.cancel)
                worst = _worse(worst, status)
                if session.ended or interrupt.cancel or (status not in (0, Partial.exit_code) and not keep_going):
                    break
    except BrokenPipeError:
        return 0
    except UsageError as error:  # what is read is no script
        session.sink.note(f"resh: {error.code}: {error.message} ({error.hint})")
        return error.exit_code
    except KeyboardInterrupt:
        if not interrupt.late:
            return Cancelled.exit_code
    if interrupt.late:
        return TimedOut.exit_code
    return Cancelled.exit_code if interrupt.cancel else worst


def _worse(one: int, other: int) -> int:
    """The status that tells more: a failure over a partial result over success; of two failures the last."""
    rank = {0: 0, Partial.exit_code: 1}
    return other if rank.get(other, 2) >= rank.get(one, 2) else one


class _Interrupt:
    """Ctrl-C, or SIGTERM, while a line runs sets its cancel flag, so that it can stop properly.

    A second one, or one between lines, ends at once.
    """

    def __init__(self, cancel: Cancel) -> None:
        self.cancel = cancel
        self.late = False
        self._busy = False
        self._catches = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self.cancel or not self._busy:
            raise KeyboardInterrupt
        self.cancel.set("interrupted")

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    @contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Afterwards the lines have had their time: the present one stops properly, and is the last."""
        if seconds is None:
            yield
            return

        def end() -> None:
            self.late = not self.cancel
            from resh.durations import format_duration

            self.cancel.set(f"it took longer than {format_duration(seconds)}", late=True)
            if self._catches and not self._busy:  # for the next line, perhaps for ever
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Only the main thread can take signals; a server cancels its scripts itself."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self) for number in (signal.SIGINT, signal.SIGTERM)}
        self._catches = True
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
