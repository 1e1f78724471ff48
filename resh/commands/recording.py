"""`record`: what the terminal shows from now on, in a file that plays it again (asciicast v2, as asciinema has it)."""

from __future__ import annotations

from pathlib import Path

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.commands.desk import Desk
from resh.errors import Denied, ReshError, UsageError


def run(context: Context, rows: Rows, file: str | None, stop: bool) -> Rows:
    if stop == (file is not None):
        raise UsageError("record: name a file, or --stop", "record session.cast begins, record --stop ends")
    if file is None:
        context.sink.note(f"the record is in {_desk(context).end_record()}")
    else:
        _desk(context).record(Path(file).expanduser())
        context.sink.note(f"what this terminal shows goes to {file}, until record --stop")
    yield from ()


def _desk(context: Context) -> Desk:
    if not context.local:
        raise Denied("record works only in a local session", "record at your side: asciinema rec, or script")
    if context.desk is None:
        raise ReshError("there is no terminal to record here", "record in a shell")
    return context.desk


RECORD = Command(
    "record",
    run,
    "keep what the terminal shows, to play it again",
    SOURCE,
    arguments=(Argument("file", required=False, help="a file that is not there yet, such as session.cast", complete="file"),),
    options=(Option("stop", help="end the record"),),
    help="The file is an asciicast (version 2): asciinema play shows it, and web pages can. It ends with the shell, or record --stop. "
    "Everything that the screen shows is in it, secrets that you type included; what programs show that you start with | ! is not.",
    examples=(("record session.cast", "from now on"), ("record --stop", "until now")),
)
