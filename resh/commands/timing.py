"""`timing`: whether it is told how long commands take."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Rows
from resh.commands.desk import TIMING
from resh.errors import ReshError, UsageError
from resh.text import did_you_mean


def run(context: Context, rows: Rows, when: str | None) -> Rows:
    if context.desk is None:
        raise ReshError("there is no session whose commands could be timed", "use timing in a shell")
    if when is not None and when not in TIMING:
        raise UsageError(
            f"timing: '{when}' is none of {', '.join(TIMING)}", did_you_mean(when, TIMING) or "timing on tells it of every line"
        )
    if when is not None:
        context.desk.timing = when
    yield f"timing is {context.desk.timing}"


TIMING_COMMAND = Command(
    "timing",
    run,
    "whether it is told how long commands take",
    SOURCE,
    arguments=(Argument("when", required=False, help="on, off, or slow: of lines that take a second or more", complete="timing"),),
    help="For this session; the setting shell.timing is for all. Below a result stand its rows, if any, and the time that it took.",
    examples=(("timing on", "of every line"), ("timing", "how it is now")),
)
