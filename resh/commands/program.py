"""`shell`, or `| !`: what a pipeline tells, given to a program of this machine."""

from __future__ import annotations

import subprocess
import threading
from typing import IO

from resh.commands.base import FLOW, Argument, Command, Context, Role, Rows
from resh.commands.ending import lines
from resh.errors import Denied, ReshError

_TURN = 0.1


def run_shell(context: Context, rows: Rows, command: str) -> Rows:
    """What it writes is not ours to make safe: whoever starts a program here could run it without resh, too."""
    _refuse_others(context)
    context.columns = None
    owned = context.desk is not None and context.desk.owns_terminal
    context.sink.live([])  # the screen is the program's now
    process = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, stdout=None if owned else subprocess.PIPE)
    reader = None if owned else threading.Thread(target=_passed_on, args=(context, process.stdout), daemon=True)
    with context.cancel.interrupting(process.terminate):
        if reader:
            reader.start()
        try:
            _feed(context, rows, process.stdin)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        process.wait()
    while reader and reader.is_alive():
        reader.join(_TURN)
        context.cancel.check()
    context.cancel.check()
    if process.returncode:
        raise ReshError(f"{command.split()[0]} ended with {process.returncode}")
    yield from ()


def _feed(context: Context, rows: Rows, stdin: IO[bytes] | None) -> None:
    """A program that has read enough ends the rows, as with any pipe."""
    assert stdin is not None
    try:
        with stdin:
            for line in lines(rows, context):
                context.cancel.check()
                stdin.write(f"{line}\n".encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        pass


def _passed_on(context: Context, stdout: IO[bytes] | None) -> None:
    assert stdout is not None
    with stdout:
        for line in stdout:
            context.sink.write(line.decode("utf-8", "replace"))


def _refuse_others(context: Context) -> None:
    if not context.local:
        raise Denied("programs run only for local sessions", "send the output on at your side: ssh HOST 'the line' | program")
    if context.role < Role.operator:
        raise Denied(f"shell needs the role operator; yours is {context.role.name}", "ask an admin for another role")


SHELL = Command(
    "shell",
    run_shell,
    "give what the pipeline tells to a program",
    FLOW,
    arguments=(Argument("command", help="a line for the shell of the system", raw=True, foreign=True, complete="free"),),
    help="Written as | !program the rest of the line belongs to the other shell, with its own |, > and quotes. The program gets what a "
    "script would write: whole, without colours, rows that no command formats as JSON lines. Only in local sessions.",
    examples=(("search is(volume) | list --csv id | !sort | head -3", "the first three by id"),),
)
