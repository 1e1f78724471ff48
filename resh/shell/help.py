"""Help for the place of the cursor: the command that is being typed there, in full; all commands where there is none yet.

help_at("search is(volume) | cou", known)      the lines of `help count`
"""

from __future__ import annotations

from resh.commands.help import describe, overview
from resh.commands.line import cuts, without_comments, words
from resh.commands.repertoire import Repertoire
from resh.shell.fuzzy import matches


def help_at(text: str, known: Repertoire) -> list[str]:
    """Never an error: a line that is being typed may be anything."""
    piece = list(cuts(without_comments(text), strict=False))[-1]
    typed = [word for word, _ in words(text[piece.start : piece.end])]
    typed = [word for word in typed if "=" not in word] if typed and "=" in typed[0] else typed
    found = matches(typed[0], sorted(known.names)) if typed and typed[0] else []
    if not found:
        return list(overview(known))
    subs = {sub.name for sub in known.load(known.find(found[0])).subcommands}
    return list(describe((found[0], *(word for word in typed[1:2] if word in subs)), known))
