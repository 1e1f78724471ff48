"""`who` is here, and `wall`: a message above everybody's prompt."""

from __future__ import annotations

from resh.commands.base import SOURCE, Argument, Command, Context, Role, Rows
from resh.errors import UsageError
from resh.events.people import Message
from resh.text import one_line

LONGEST = 500


def run_who(context: Context, rows: Rows) -> Rows:
    yield from context.app.visits.all()


def run_wall(context: Context, rows: Rows, message: str) -> Rows:
    words = one_line(message)
    if len(words) > LONGEST:
        raise UsageError(f"a message has {LONGEST} letters at most; this one has {len(words):,}", "say where the rest can be read")
    context.app.bus.emit(Message(by=context.user, message=words))
    yield from ()


WHO = Command(
    "who",
    run_who,
    "who is here",
    SOURCE,
    help="Shells at terminals and connections over SSH, of every resh on this state folder.",
    examples=(("who", "everybody"), ("who | count user", "how often each")),
)
WALL = Command(
    "wall",
    run_wall,
    "say something to everybody, above their prompts",
    SOURCE,
    Role.operator,
    arguments=(Argument("message", help="what to say", raw=True, later=True, complete="free"),),
    help="It is an event, so it can be muted like others, and is kept in the log.",
    examples=(("wall the clean-up starts at noon", "everybody reads it"),),
)
