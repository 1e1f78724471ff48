"""`write`: the lines of a pipeline into a file. The file appears whole or not at all."""

from __future__ import annotations

from resh.commands.base import FLOW, Argument, Command, Context, Option, Rows
from resh.commands.ending import lines


def run(context: Context, rows: Rows, file: str, append: bool) -> Rows:
    context.columns = None
    count = 0
    with context.files.appending(file) if append else context.files.replacing(file) as output:
        for line in lines(rows, context):
            context.cancel.check()
            output.write(line + "\n")
            count += 1
    if context.interactive:
        where = file if context.local else f"{file} in your export folder: sftp gets it"
        context.sink.note(f"{count} line{'' if count == 1 else 's'} written to {where}")
    yield from ()


WRITE = Command(
    "write",
    run,
    "write the lines to a file",
    FLOW,
    arguments=(Argument("file", help="path of the file, replaced if it exists", complete="file"),),
    options=(Option("append", help="write at the end of the file"),),
    help="Rows that no format took are written as JSON, one object a line. > file at the end of a line does the same, >> file is "
    "write --append. In a search, in SQL and in jq a > compares: end the search first, put the others in quotes; behind a command of your "
    "own only >> leads to a file. Over SSH the file is in your export folder, which sftp reads; exports lists and deletes what is there.",
    examples=(
        ("search is(volume) | list --csv id, volume_size | write volumes.csv", "a file for a spreadsheet"),
        ("search is(volume) | list --csv id, volume_size > volumes.csv", "the same"),
        ("search is(volume) | count >> volumes.log", "one more entry of a log"),
    ),
)
