"""The first line of a session: which resh and what it knows. And, later, how to configure a cloud when none is.

The second needs a cloud's own library, which takes longer to import than people like to wait for a prompt: it is made in a thread.
"""

from __future__ import annotations

from resh import __version__
from resh.app import App
from resh.errors import ReshError
from resh.frontends.interactive.toolbar import graph
from resh.text import one_line


def banner(app: App) -> str:
    return f"resh {__version__} · {graph(app)} · F1 or help lists the commands"


def not_configured(app: App) -> str:
    """One line on how to configure a cloud, when there is nothing in the graph and no way to collect; else nothing."""
    for provider in () if app.graph.accounts() else app.providers.values():
        try:
            provider.accounts()
        except ReshError as error:
            return one_line(f"{error.message}: {error.hint}")
    return ""
