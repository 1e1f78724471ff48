"""What is likely to follow, in grey behind the cursor: the rest of a line of the history, else of the word that fits best.

rest("search is(vol", ["search is(volume) | count"], candidates)       "ume) | count"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from resh.shell.complete import Candidate

_FEWEST = 2
"""Letters of a word before it is guessed."""


def rest(text: str, lines: Iterable[str], candidates: Sequence[Candidate]) -> str:
    """`lines` are the newest first. Nothing for text of several lines: what is grey would look like the next one."""
    if not text.strip() or "\n" in text:
        return ""
    for line in lines:
        if line.startswith(text) and len(line) > len(text):
            return line[len(text) :].split("\n", 1)[0]
    if candidates and -candidates[0].start >= _FEWEST:
        typed = text[candidates[0].start :]
        if candidates[0].text.startswith(typed):
            return candidates[0].text[len(typed) :]
    return ""
