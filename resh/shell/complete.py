"""What may follow the text before the cursor: commands, sub-commands, options, values; each with a description.

    complete(session, "workflows run col")
    # [Candidate("collect", -3, "collect", "collect …"), Candidate("collect_and_cleanup", -3, …)]

One oracle for every front end. It runs at every key: no calls, no searches, and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from resh.commands.base import FLOW, SOURCE, Argument, Command, Option, Role
from resh.commands.line import cuts, without_comments, words
from resh.commands.table import NAMES, Entry, load
from resh.placeholders import PLACEHOLDERS
from resh.search.expect import expect
from resh.shell.fuzzy import matches
from resh.shell.session import Session

_ASSIGNED = re.compile(r"\s*(?:[A-Za-z_][\w.-]*=(?:\"[^\"]*\"|'[^']*'|\S+)\s+)*")
_LAST_WORD = re.compile(r"[^\s,:{}()\"']*$")
_EXPANDING = re.compile(r"\bexpand\(\s*([\w-]*)$")
_PLACEHOLDER = re.compile(r"@[A-Za-z_]*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`start` says how many characters before the cursor it replaces, as a negative number."""

    text: str
    start: int
    display: str
    description: str


def complete(session: Session, text: str) -> list[Candidate]:
    try:
        return list(_complete(session, text))
    except Exception:
        return []  # a line that is being typed may be anything


def _complete(session: Session, text: str) -> Iterator[Candidate]:
    pieces = list(cuts(without_comments(text), strict=False))
    first = len(pieces) == 1 or pieces[-2].separator != "|"
    piece = text[pieces[-1].start :]
    body = piece[_end_of_assignments(piece) if first else 0 :].lstrip()
    name, blank, rest = _halves(body)
    if not blank:
        yield from _commands(name, first)
    elif name in NAMES:
        before = text[: pieces[-1].start] if not first else ""
        yield from _arguments(session, load(NAMES[name]), rest, before)


def _end_of_assignments(piece: str) -> int:
    found = _ASSIGNED.match(piece)
    return found.end() if found else 0


def _halves(body: str) -> tuple[str, bool, str]:
    found = re.match(r"(\S*)(\s*)(.*)", body, re.DOTALL)
    assert found is not None
    return found[1], bool(found[2]), found[3]


def _commands(typed: str, first: bool) -> Iterator[Candidate]:
    """By position in the pipe; an alias only when it is being typed."""
    refused = FLOW if first else SOURCE
    fitting = {name: entry for name, entry in NAMES.items() if entry.position is not refused}
    names = sorted(name for name, entry in fitting.items() if name == entry.name or (typed and name.startswith(typed)))
    for name in matches(typed, names):
        yield Candidate(name, -len(typed), name, _summary(fitting[name], name))


def _summary(entry: Entry, name: str) -> str:
    return entry.summary if name == entry.name else f"{entry.name}: {entry.summary}"


def _arguments(session: Session, command: Command, rest: str, before: str) -> Iterator[Candidate]:
    while command.subcommands:
        word, blank, after = _halves(rest)
        found = {sub.name: sub for sub in command.subcommands if sub.role <= session.role}
        if not blank:
            yield from _from({name: sub.summary for name, sub in found.items()}, word)
            return
        if word not in found:
            return
        command, rest = found[word], after
    if command.role > max(session.role, Role.viewer):
        return
    yield from _values(session, command, rest, before)


def _values(session: Session, command: Command, rest: str, before: str) -> Iterator[Candidate]:
    typed = words(rest)
    current = "" if not typed or rest[-1:].isspace() else typed[-1][0]
    given = [word for word, _ in (typed if current == "" else typed[:-1])]
    if placeholder := _PLACEHOLDER.search(rest):
        yield from _from({f"@{name}@": "a placeholder" for name in PLACEHOLDERS}, placeholder[0])
        return
    raw = bool(command.arguments) and command.arguments[-1].raw
    if current.startswith("-") and not (raw and any(not word.startswith("-") for word in given)):
        yield from _from({f"--{option.name}": option.help for option in command.options if f"--{option.name}" not in given}, current)
        return
    if option := _awaiting(command, given):
        yield from _of(session, option.complete, current, rest, before)
        return
    argument = _argument(command, given)
    if argument:
        yield from _of(session, argument.complete, current, rest, before)
    if not current and not (raw and given):
        yield from _from({f"--{option.name}": option.help for option in command.options if f"--{option.name}" not in given}, "")


def _awaiting(command: Command, given: list[str]) -> Option | None:
    """The option whose value comes next."""
    valued = [option for option in command.options if option.type is not bool]
    options = {name: option for option in valued for name in (f"--{option.name}", f"-{option.short}")}
    return options.get(given[-1]) if given else None


def _argument(command: Command, given: list[str]) -> Argument | None:
    if not command.arguments:
        return None
    valued = {f"--{option.name}" for option in command.options if option.type is not bool}
    position = sum(1 for n, word in enumerate(given) if not word.startswith("--") and not (n and given[n - 1] in valued))
    last = command.arguments[-1]
    if position < len(command.arguments):
        return command.arguments[position]
    return last if last.raw or last.many else None


def _of(session: Session, source: str, current: str, rest: str, before: str) -> Iterator[Candidate]:
    """Candidates of one source of names for the word that is being typed."""
    vocabulary = session.vocabulary
    if source == "search" and (expanding := _EXPANDING.search(rest)):
        yield from _from(vocabulary.words("template"), expanding[1])
    elif source == "search":
        yield from (Candidate(e.text, e.start - len(rest), e.text, e.description) for e in expect(rest, vocabulary.kinds(), matches))
    elif source == "property":
        last = _LAST_WORD.search(rest)
        kind = re.findall(r"\bis\(\s*\"?([\w:.-]+)", before)
        yield from _from(vocabulary.properties(kind[-1]) if kind else vocabulary.words("property"), last[0] if last else "")
    elif source == "file":
        if session.local:
            yield from _from(vocabulary.files(current), current)
    else:
        yield from _from(vocabulary.words(source), current)


def _from(found: Mapping[str, str], typed: str) -> Iterator[Candidate]:
    for name in matches(typed, sorted(found)):
        yield Candidate(name, -len(typed), name, found[name])
