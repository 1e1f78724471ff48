"""`write`: the lines of a pipeline into a file. The file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from resh.commands.base import FLOW, Argument, Command, Context, Option, Role, Rows
from resh.commands.ending import lines
from resh.errors import Denied, ReshError


def run(context: Context, rows: Rows, file: str, append: bool) -> Rows:
    if not context.local:
        raise Denied("write works only in a local session", "send the output to a file on your side")
    if context.role < Role.operator:
        raise Denied(f"write needs the role operator; yours is {context.role.name}", "ask an admin for another role")
    context.columns = None
    path = Path(file).expanduser()
    count = 0
    with appending(path) if append else replacing(path) as output:
        for line in lines(rows, context):
            context.cancel.check()
            output.write(line + "\n")
            count += 1
    if context.interactive:
        context.sink.note(f"{count} line{'' if count == 1 else 's'} written to {path}")
    yield from ()


@contextmanager
def appending(path: Path) -> Iterator[TextIO]:
    """The file, at its end. What was written stays when the block ends badly: that is what a log is for."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8", errors="backslashreplace") as output:
            yield output
    except OSError as error:
        raise ReshError(f"{path}: {error.strerror}", "write to a file, in a folder that is yours") from None


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A file that takes the place of `path` when the block ends well."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ReshError(f"{path}: {error.strerror}", "write into a folder that exists and is yours") from None
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise ReshError(f"{path}: {error.strerror}", "write to a file, in a folder that is yours") from None
        raise


def _mode(path: Path) -> int:
    """What the file had; a new one may be read by its owner alone, for it holds an inventory."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o600


WRITE = Command(
    "write",
    run,
    "write the lines to a file",
    FLOW,
    arguments=(Argument("file", help="path of the file, replaced if it exists", complete="file"),),
    options=(Option("append", help="write at the end of the file"),),
    help="Rows that no format took are written as JSON, one object a line. > file at the end of a line does the same, >> file is "
    "write --append. In a search, in SQL and in jq a > compares: end the search first, put the others in quotes; behind a command of your "
    "own only >> leads to a file. Works in local sessions only.",
    examples=(
        ("search is(volume) | list --csv id, volume_size | write volumes.csv", "a file for a spreadsheet"),
        ("search is(volume) | list --csv id, volume_size > volumes.csv", "the same"),
        ("search is(volume) | count >> volumes.log", "one more entry of a log"),
    ),
)
