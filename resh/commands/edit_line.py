"""`edit`: a line in the user's own editor; what comes back waits at the next prompt."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Rows
from resh.commands.editor import edited
from resh.commands.line import unquote
from resh.errors import Cancelled, Denied, ReshError


def run(context: Context, rows: Rows, line: str | None) -> Rows:
    if not context.local:
        raise Denied("edit works only in a local session", "a line may have many: Alt-Enter begins a new one")
    if context.desk is None or not context.desk.owns_terminal:
        raise ReshError("there is no terminal for an editor here", "write the lines into a file and run resh -f FILE")
    before = unquote(line) if line else _last(context)
    context.sink.live([])  # the screen is the editor's now
    saved = edited(before, ".resh")
    if saved is None:
        raise Cancelled("nothing was changed")
    context.desk.offer(saved.rstrip("\n"))
    yield from ()


def _last(context: Context) -> str:
    """The line before this one."""
    typed = context.desk.typed() if context.desk else ()
    lines = [one.text for one in typed if one.text.split()[:1] != ["edit"]]
    return lines[-1] if lines else ""


EDIT = Command(
    "edit",
    run,
    "write a line in your editor",
    SOURCE,
    arguments=(Argument("line", required=False, help="a line to begin with, if not the last one", raw=True, later=True, complete="line"),),
    help="The editor is $VISUAL or $EDITOR. What you save stands at the next prompt, and runs when you press Enter. Ctrl-X Ctrl-E "
    "takes the line that you are typing there, and runs what you save. Only in local sessions.",
    examples=(("edit", "the last line"), ("edit search is(volume) | list id, name", "this one")),
)
