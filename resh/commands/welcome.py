"""`welcome`: what is here and how to begin; `totd`: something that is worth knowing, another one each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from resh import __version__
from resh.commands.base import SOURCE, Command, Context, Rows
from resh.commands.tips import TIPS
from resh.text import pad

_COLUMNS = 46
_FIRST = (
    ("workflows run collect --follow", "collect now, and watch"),
    ("search is(volume) and age > 90d", "find resources"),
    ("search is(instance) | count instance_status", "sum them up"),
    ("kinds volume", "what there is to ask about"),
    ("cleanup plan", "what would be deleted, and why"),
    ("help, help search, or Tab", "everything else"),
)


def run_welcome(context: Context, rows: Rows) -> Iterator[str]:
    accounts, resources = context.app.graph.accounts(), context.app.graph.count()
    yield f"resh {__version__}: the shell that knows, automates and cleans up your clouds."
    if accounts:
        many = "s" if len(accounts) > 1 else ""
        yield f"{resources:,} resources in {len(accounts)} account{many}: {_some([account.name for account in accounts])}"
    else:
        yield "Nothing has been collected yet. aws accounts shows what would be, doctor what is in the way."
    yield ""
    yield from (f"  {pad(line, _COLUMNS)}{what}" for line, what in _FIRST)
    yield ""
    yield from run_tip(context, rows)


def run_tip(context: Context, rows: Rows) -> Iterator[str]:
    day = datetime.fromtimestamp(context.app.clock.now(), UTC).toordinal()
    line, what = TIPS[day % len(TIPS)]
    yield f"Tip of the day: {what}"
    yield f"  {line}"


def _some(names: list[str]) -> str:
    return ", ".join(names) if len(names) < 5 else f"{', '.join(names[:3])} and {len(names) - 3} more"


WELCOME = Command(
    "welcome",
    run_welcome,
    "what is here, and how to begin",
    SOURCE,
    examples=(("welcome", "for whoever is new"),),
)
TOTD = Command(
    "totd",
    run_tip,
    "the tip of the day",
    SOURCE,
    examples=(("totd", "today's"),),
)
