"""`> file` and `>> file` behind a pipeline: other ways to write `| write file` and `| write --append file`.

    redirected(stages of "search is(volume) | list id > volumes.txt")       [search, list, write with "volumes.txt"]

A > means larger in a search, in SQL and in jq. There it leads to a file only where it cannot mean that: behind a search that is whole
and would not be one with it, and behind a text that stands in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from resh.commands.arguments import raw_start
from resh.commands.base import Command
from resh.commands.line import Stage, opens_quote, unescape, unquote
from resh.commands.table import NAMES, load
from resh.errors import SyntaxProblem
from resh.placeholders import masked

_ARROW = r"(?:^|(?<=\s))(>>?)[ \t]*(\"[^\"]+\"|'[^']+'|[^\s\"'<>|;=()\[\]{}]*)\s*$"


def redirected(stages: Sequence[Stage]) -> Sequence[Stage]:
    """With a `> file` at the end as a stage; the same stages where there is none."""
    last = stages[-1]
    found = arrow(last.name, last.source)
    if found is None:
        return stages
    before, at = last.source[: found.start()].rstrip(), last.arguments_at + found.start()
    cut = last.changed(source=before, text=unescape(before), end=last.arguments_at + len(before))
    source = f"--append {found[2]}" if found[1] == ">>" else found[2]
    return [*stages[:-1], cut, Stage("write", source, source, at, last.arguments_at + found.start(2), last.end)]


def arrow(name: str, source: str) -> re.Match[str] | None:
    """The `> file` at the end of a command's arguments: its groups are the arrow and the file, as typed so far."""
    found = re.search(_ARROW, source) if ">" in source else None
    free = found is not None and _stands_free(source, found.start()) and not _belongs(name, source, found)
    return found if free else None


def _stands_free(source: str, position: int) -> bool:
    """Outside of quotes and brackets."""
    quote, depth, at = "", 0, 0
    while at < position:
        letter = source[at]
        if letter == "\\":
            at += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'" and opens_quote(source, at):
            quote = letter
        else:
            depth += (letter in "([{") - (letter in ")]}")
        at += 1
    return at == position and not quote and depth <= 0


def _belongs(name: str, source: str, arrow: re.Match[str]) -> bool:
    """Whether it is part of what the command reads. What people type behind a command of their own may become part of a search."""
    if name not in NAMES:
        return arrow[1] == ">"
    command, start = _leaf(name, source)
    raw = command.arguments[-1] if command.arguments and command.arguments[-1].raw else None
    if raw is None:
        return False
    start += raw_start(command, source[start:])
    before = source[start : arrow.start()].strip()
    if raw.complete == "search":
        return arrow[1] == ">" and (not _is_search(before) or _is_search(f"{before} > {arrow[2] or 'x'}"))
    return (raw.angles or raw.later or raw.foreign) and unquote(before) == before


def _leaf(name: str, source: str) -> tuple[Command, int]:
    """The command or sub-command, and where its arguments begin."""
    command, start = load(NAMES[name]), 0
    while command.subcommands:
        word = source[start:].partition(" ")[0]
        sub = next((sub for sub in command.subcommands if sub.name == word), None)
        if sub is None:
            break
        command, start = sub, start + len(word) + 1
    return command, start


def _is_search(text: str) -> bool:
    from resh.search.parser import parse

    try:
        parse(re.sub(r"\{\{.*?\}\}", lambda tag: "x" * len(tag[0]), masked(text)))
    except SyntaxProblem:
        return False
    return bool(text.strip())
