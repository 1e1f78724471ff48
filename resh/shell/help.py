"""Help for the place of the cursor: what the word there means, then the command that is being typed, in full.

help_at(session, "search is(volume) | cou", 23)      the lines of `help count`
help_at(session, "search is(volume) | count", 12)    volume: …; then the lines of `help search`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resh.commands.help import describe, overview
from resh.commands.line import cuts, without_comments, words
from resh.shell.complete import complete
from resh.shell.fuzzy import matches
from resh.shell.inner import inner_start
from resh.text import one_line

if TYPE_CHECKING:
    from resh.commands.repertoire import Repertoire
    from resh.shell.session import Session

_PART = re.compile(r"[\w./@-]")


def help_at(session: Session, text: str, position: int) -> list[str]:
    """Never an error: a line that is being typed may be anything."""
    end = position
    while end < len(text) and _PART.match(text[end]):
        end += 1
    known = session.vocabulary.repertoire
    return [*word_at(session, text[:end]), *command_at(text[:end], known)]


def word_at(session: Session, text: str) -> list[str]:
    """What completion says of the word at the end, unless it is a command: that is explained in full anyway."""
    start = len(text)
    while start and _PART.match(text[start - 1]):
        start -= 1
    word, piece = text[start:], list(cuts(without_comments(text), strict=False))[-1]
    if not word or not text[inner_start(text, piece.start, start) : start].strip():
        return []
    for typed in (word, word[:-1]):  # nothing completes a word of the language that is whole
        for found in complete(session, text[:start] + typed):
            if found.description and -found.start <= len(typed) and found.text.rstrip("(= ") == word[len(typed) + found.start :]:
                return [one_line(f"{word}: {found.description}"), ""]
    return []


def command_at(text: str, known: Repertoire) -> list[str]:
    """The command that is being typed at the end; all commands where there is none yet."""
    piece = list(cuts(without_comments(text), strict=False))[-1]
    typed = [word for word, _ in words(text[inner_start(text, piece.start, piece.end) : piece.end])]
    found = matches(typed[0], sorted(known.names)) if typed and typed[0] else []
    if not found:
        return list(overview(known))
    subs = {sub.name for sub in known.load(known.find(found[0])).subcommands}
    return list(describe((found[0], *(word for word in typed[1:2] if word in subs)), known))
