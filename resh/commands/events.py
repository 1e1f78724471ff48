"""`events`: the last ones, or all from now on."""

from __future__ import annotations

from collections.abc import Iterator

from resh.commands.base import SOURCE, Argument, Command, Context, Option, Rows
from resh.render.events import event_line


def run_last(context: Context, rows: Rows, n: int, run: str | None) -> Iterator[str]:
    for event in context.app.log.last(n, run=run or ""):
        yield event_line(event, context.sink.colour)


def run_follow(context: Context, rows: Rows) -> Iterator[str]:
    log = context.app.log
    for event in log.follow(log.last_seq(), context.cancel):
        yield event_line(event, context.sink.colour)
    context.cancel.check()


EVENTS = Command(
    "events",
    None,
    "what happened, and what happens now",
    SOURCE,
    subcommands=(
        Command(
            "last",
            run_last,
            "the last events, oldest first",
            arguments=(Argument("n", int, required=False, default=20, help="how many"),),
            options=(Option("run", str, None, "only of this run", complete="run"),),
            examples=(("events last 5", "the last five events of every resh on this state folder"),),
        ),
        Command("follow", run_follow, "events as they come, until Ctrl-C", examples=(("events follow", "watch what happens"),)),
    ),
)
