"""`write`: the lines of a pipeline into a file. The file appears whole or not at all."""

from __future__ import annotations

from resh.commands.base import FLOW, Argument, Command, Context, Rows
from resh.commands.ending import lines


def run(context: Context, rows: Rows, file: str) -> Rows:
    context.columns = None
    count = 0
    with context.files.replacing(file) as output:
        for line in lines(rows, context):
            context.cancel.check()
            output.write(line + "\n")
            count += 1
    if context.interactive:
        context.sink.note(f"{count} lines written to {file}{'' if context.local else ' in your export folder: sftp gets it'}")
    yield from ()


WRITE = Command(
    "write",
    run,
    "write the lines to a file",
    FLOW,
    arguments=(Argument("file", help="path of the file, replaced if it exists", complete="file"),),
    help="Rows that no format took are written as JSON, one object a line. Over SSH the file is in your export folder, which sftp reads; "
    "exports lists and deletes what is there.",
    examples=(("search is(volume) | list --csv id, volume_size | write volumes.csv", "a file for a spreadsheet"),),
)
