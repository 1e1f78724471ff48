"""A line that ends in `&`: it goes on in a thread of its own, writes into a file, and tells its end as an event.

behind("search all | list &")           "search all | list"
start(session, "search all | list")     "& 1: exports/ada/background-1.txt"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from resh.commands.line import cuts, without_comments
from resh.errors import Denied, ReshError
from resh.events.people import BackgroundEnded
from resh.shell.session import Session
from resh.state.background import Job
from resh.state.files import MOST_FILES
from resh.text import one_line


def behind(text: str) -> str | None:
    """The line without its `&`; None when it has none, or one in quotes."""
    clean = without_comments(text).rstrip()
    if not clean.endswith("&") or not (clean[:-1].strip() and clean[-2].isspace()):
        return None
    last = list(cuts(clean, strict=False))[-1]
    quoted = clean[last.start :].count('"') % 2 or clean[last.start :].count("'") % 2
    return None if quoted else clean[:-1].rstrip()


class FileSink:
    """Output as a script would have it; notes between the results, for there is one file."""

    columns: int | None = None
    colour = False
    links = False

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text)

    def note(self, text: str) -> None:
        self.write(f"{text}\n")

    def live(self, lines: list[str]) -> None:
        self._file.flush()


def start(session: Session, text: str) -> str:
    """What to tell the user. The line has been checked as far as it can be before it runs."""
    app = session.app
    if not session.may_detach:
        raise Denied("& needs a resh that goes on: a shell, or a server", "leave the & away")
    began = app.clock.now()
    job = app.background.start(session.user, text, began, lambda job: _run(session, job, text))
    return f"& {job.number}: {one_line(text)}"


def _run(session: Session, job: Job, text: str) -> None:
    from resh.shell.evaluate import evaluate

    app, status, said = session.app, 1, ""
    try:
        with session.context(job.cancel, {}).exports.new(_names(job.number)) as (said, file):
            alone = Session(
                app, user=session.user, role=session.role, sink=FileSink(file), local=session.local, env=session.env, key=session.key
            )
            alone.heard = session.heard
            status = evaluate(alone, text, job.cancel)
    except (OSError, ReshError) as error:
        status, said = 1, f"{said or 'no output'}: {error}"
    seconds = round(app.clock.now() - job.since, 1)
    app.bus.emit(BackgroundEnded(number=job.number, by=session.user, status=status, seconds=seconds, file=said))


def _names(number: int) -> Iterator[str]:
    """Numbers begin anew with each process."""
    return (f"background-{number}{again}.txt" for again in ("", *(f"-{n}" for n in range(2, MOST_FILES + 2))))
