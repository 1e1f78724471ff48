"""`copy`: what a pipeline tells, on the clipboard of the terminal in front of the user (OSC 52), also over SSH."""

from __future__ import annotations

from base64 import b64encode

from resh.commands.base import FLOW, Command, Context, Rows
from resh.commands.ending import lines
from resh.errors import ReshError

MOST = 74_000
"""Bytes of text: more, in base64, is above what common terminals take in one sequence."""


def run(context: Context, rows: Rows) -> Rows:
    if context.columns is None or not context.interactive:
        raise ReshError("there is no terminal with a clipboard here", "write it to a file: > FILE")
    context.columns, kept, size = None, list[str](), 0
    for line in lines(rows, context):
        context.cancel.check()
        kept.append(line)
        size += len(line.encode("utf-8", "replace")) + 1
        if size > MOST:
            raise ReshError(
                f"that is more than the {MOST:,} bytes that terminals take", "copy less, such as head 100, or write it to a file"
            )
    if not kept:
        raise ReshError("there is nothing to copy", "the clipboard is as it was")
    text = b64encode("\n".join(kept).encode("utf-8", "replace")).decode("ascii")
    context.sink.write(f"\x1b]52;c;{text}\x07")
    context.sink.note(f"{len(kept)} line{'' if len(kept) == 1 else 's'} copied, if the terminal allows it")
    yield from ()


COPY = Command(
    "copy",
    run,
    "put what the pipeline tells on the clipboard",
    FLOW,
    help="The terminal in front of you does it, if it lets programs (OSC 52: iTerm2, kitty, WezTerm, foot, Alacritty, Windows Terminal, "
    "xterm when told to; tmux with set-clipboard on). It never says whether it did.",
    examples=(("search is(volume) | list --csv id, volume_size | copy", "to paste into a spreadsheet"),),
)
