"""`plugins`: the packages that add something to resh, and why one is left out."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from resh.commands.base import SOURCE, Command, Context, Rows
from resh.commands.table import NAMES

if TYPE_CHECKING:
    from resh.plugins import Additions


def run(context: Context, rows: Rows) -> Rows:
    context.app.providers  # noqa: B018  whether a provider can be made shows when it is
    for plugin in context.app.plugins.all:
        problem = plugin.problem or "; ".join(_unreached(plugin.additions, context.app.event_names))
        yield {
            "name": plugin.name,
            "package": plugin.package,
            "version": plugin.version,
            "adds": plugin.additions.described(),
            "problem": problem,
        }


def _unreached(additions: Additions, events: Container[str]) -> Iterator[str]:
    """What works, and is never asked for."""
    yield from (f"its command {name} is not reached: resh has one of that name" for name in additions.commands if name in NAMES)
    yield from (
        f"its handler of {step.event} is not called: no workflow has such an event" for step in additions.steps if step.event not in events
    )


PLUGINS = Command(
    "plugins",
    run,
    "packages that add something to resh",
    SOURCE,
    help="A package adds collectors, clean-up rules, commands, handlers of events and notifiers through its entry points resh.plugins. "
    "One that cannot be loaded is left out as a whole.",
    examples=(("plugins", "what is installed, and what is wrong with it"),),
)
