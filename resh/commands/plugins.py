"""`plugins`: the packages that add something to resh, and why one is left out."""

from __future__ import annotations

from resh.commands.base import SOURCE, Command, Context, Rows
from resh.commands.table import NAMES


def run(context: Context, rows: Rows) -> Rows:
    context.app.providers  # noqa: B018  whether a provider can be made shows when it is
    for plugin in context.app.plugins.all:
        hidden = [name for name in plugin.additions.commands if name in NAMES]
        problem = plugin.problem or (f"its command {hidden[0]} is not reached: resh has one of that name" if hidden else "")
        yield {
            "name": plugin.name,
            "package": plugin.package,
            "version": plugin.version,
            "adds": plugin.additions.described(),
            "problem": problem,
        }


PLUGINS = Command(
    "plugins",
    run,
    "packages that add something to resh",
    SOURCE,
    help="A package adds collectors, clean-up rules, commands, handlers of events and notifiers through its entry points resh.plugins. "
    "One that cannot be loaded is left out as a whole.",
    examples=(("plugins", "what is installed, and what is wrong with it"),),
)
