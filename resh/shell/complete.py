"""What may follow the text before the cursor: commands, sub-commands, options, values; each with a description.

    complete(session, "workflows run col")
    # [Candidate("collect", -3, "collect", "collect …"), Candidate("collect_and_cleanup", -3, …)]

One oracle for every front end. It runs at every key: no calls, no searches, and never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple

from resh.commands.base import FLOW, SOURCE, Argument, Command, Option, Role
from resh.commands.columns import PAGE
from resh.commands.help import is_open_to
from resh.commands.line import FOREIGN, cuts, without_comments, words
from resh.commands.redirect import arrow
from resh.commands.table import NAMES, TABLE, Entry, load
from resh.placeholders import PLACEHOLDERS, masked, value
from resh.search import mustache
from resh.search.expect import expect
from resh.search.properties import fitting, offered
from resh.search.standing import Standing
from resh.shell import sql
from resh.shell.before import found_before
from resh.shell.fuzzy import MOST, matches
from resh.shell.inner import inner_start
from resh.shell.session import Session
from resh.shell.variables import VARIABLES
from resh.text import sanitise

_QUERIES = {"search": "", "search text": "", "sort": "all sort ", "aggregate": "aggregate("}
"""Arguments that are part of a search, with what stands before them there."""
_SETTING_VALUE = "setting value"
_LAST_WORD = re.compile(r"[^\s,:{}()\"']*$")
_PLACEHOLDER = re.compile(r"@[A-Za-z_]*$")


class Candidate(NamedTuple):
    """`start` says how many characters before the cursor it replaces, as a negative number."""

    text: str
    start: int
    display: str
    description: str


def complete(session: Session, text: str) -> list[Candidate]:
    """Nothing that nobody could type, and that would drive the terminal: names come from clouds."""
    try:
        return [found for found in _complete(session, text) if sanitise(found.text) == found.text and "\n" not in found.text]
    except Exception:
        return []  # a line that is being typed may be anything


def prepare(session: Session) -> None:
    """Load what the first keys would otherwise have to wait for; call it in a thread."""
    for entry in TABLE.values():
        load(entry)
    session.vocabulary.repertoire.names  # noqa: B018
    for line in ("search is(resource) and ", "workflows run "):
        complete(session, line)


def _complete(session: Session, text: str) -> Iterator[Candidate]:
    pieces = list(cuts(without_comments(text), strict=False))
    first = len(pieces) == 1 or pieces[-2].separator != "|"
    piece = text[pieces[-1].start :]
    body = piece[inner_start(piece) if first else 0 :].lstrip()
    name, blank, rest = _halves(body)
    if name.startswith(FOREIGN):
        yield from _named(session, "file", _last_word(body[1:]))
    elif not blank and first and "=" in name:
        yield from _value_of_variable(session, name)
    elif not blank:
        yield from _commands(session, name, first)
        yield from _variables(name) if first and name else ()
    elif found := arrow(name, rest):
        yield from _named(session, "file", found[2])
    elif entry := (NAMES.get(name) or session.vocabulary.repertoire.names.get(name)):
        command = load(entry) if entry.module else session.vocabulary.repertoire.load(entry)
        yield from _arguments(session, command, rest, found_before(text, pieces[:-1]))


def _halves(body: str) -> tuple[str, bool, str]:
    found = re.match(r"(\S*)(\s*)(.*)", body, re.DOTALL)
    assert found is not None
    return found[1], bool(found[2]), found[3]


def _commands(session: Session, typed: str, first: bool) -> Iterator[Candidate]:
    """By position in the pipe; an alias only when it is being typed."""
    refused = FLOW if first else SOURCE
    fitting = {name: entry for name, entry in session.vocabulary.repertoire.names.items() if entry.position is not refused}
    names = sorted(name for name, entry in fitting.items() if name == entry.name or (typed and name.startswith(typed)))
    for name in matches(typed, names):
        if session.role is Role.admin or is_open_to(session.vocabulary.repertoire.load(fitting[name]), session.role):
            yield Candidate(name, -len(typed), name, _summary(fitting[name], name))


def _variables(typed: str) -> Iterator[Candidate]:
    for name, variable in VARIABLES.items():
        if name.startswith(typed):
            yield Candidate(f"{name}=", -len(typed), f"{name}=", variable.description)


def _value_of_variable(session: Session, assignment: str) -> Iterator[Candidate]:
    name, _, typed = assignment.partition("=")
    if variable := VARIABLES.get(name):
        yield from _named(session, variable.source, typed)


def _summary(entry: Entry, name: str) -> str:
    return entry.summary if name == entry.name else f"{entry.name}: {entry.summary}"


def _arguments(session: Session, command: Command, rest: str, before: Standing) -> Iterator[Candidate]:
    while command.subcommands:
        word, blank, after = _halves(rest)
        found = {sub.name: sub for sub in command.subcommands if sub.role <= session.role}
        if not blank:
            yield from _from({name: sub.summary for name, sub in found.items()}, word)
        if not blank or word not in found:
            if command.run is None:
                return
            break
        command, rest = found[word], after
    if command.role > max(session.role, Role.viewer):
        return
    yield from _values(session, command, rest, before)


def _values(session: Session, command: Command, rest: str, before: Standing) -> Iterator[Candidate]:
    if placeholder := _PLACEHOLDER.search(rest):
        now = session.app.clock.now()
        yield from _from({f"@{name}@": f"now {value(name, now)}" for name in PLACEHOLDERS}, placeholder[0])
    elif command.arguments and command.arguments[-1].raw:
        yield from _raw(session, command, rest, before)
    else:
        yield from _words(session, command, rest)


def _raw(session: Session, command: Command, rest: str, before: Standing) -> Iterator[Candidate]:
    """Options, then text in a language of its own."""
    options = {f"--{option.name}": option for option in command.options}
    given, body = [], rest.lstrip()
    while body.startswith("--") and (found := re.match(r"(--[\w-]+)(?:=\S*)?\s+", body)):
        given.append(found[1])
        body = body[found.end() :]
        option = options.get(found[1])
        if option and option.type is not bool and "=" not in found[0]:
            value, blank, body = _halves(body)
            if not blank:
                yield from _named(session, option.complete, value)
                return
    left = {name: option.help for name, option in options.items() if name not in given}
    if body.startswith("-") and (offered := list(_from(left, body))):
        yield from offered
        return
    for argument in command.arguments[:-1]:
        word, blank, behind = _halves(body)
        if not blank:
            yield from _named(session, argument.complete, word)
            if argument.required:
                return
        elif argument.required or argument.fits is None or argument.fits(word):
            body = behind
    yield from _of(session, command.arguments[-1].complete, body, before)
    if not body:
        yield from _from(left, "")


def _words(session: Session, command: Command, rest: str) -> Iterator[Candidate]:
    """Options and arguments in any order."""
    typed = words(rest)
    current = "" if not typed or rest[-1:].isspace() else typed[-1][0]
    given = [word for word, _ in (typed if current == "" else typed[:-1])]
    options = {f"--{option.name}": option.help for option in command.options if f"--{option.name}" not in given}
    if current.startswith("-"):
        yield from _from(options, current)
    elif option := _awaiting(command, given):
        yield from _from(session.vocabulary.labels(option.complete, given, current), current)
        yield from _named(session, option.complete, current)
    elif command.pairs and "=" in current:
        yield from _value_of(session, command, current)
    else:
        if command.pairs and current:
            yield from _from(_unset(command, given), current)
        argument = _argument(command, given)
        if argument and _SETTING_VALUE in [one.complete for one in command.arguments] and ("=" in current or "=" in "".join(given)):
            yield from _setting(session, current)
        elif argument and argument.complete == _SETTING_VALUE:
            yield from _from(session.vocabulary.setting_values(given[0] if given else ""), current)
        elif argument and argument.complete == "tag value":
            yield from _from(session.vocabulary.tag_values(given[0] if given else "", current), current)
        elif argument:
            yield from _named(session, argument.complete, current)
        if not current:
            yield from _from(options, "")


def _setting(session: Session, current: str) -> Iterator[Candidate]:
    """One of several `setting=value`."""
    name, equals, typed = current.partition("=")
    if equals:
        yield from _from(session.vocabulary.setting_values(name), typed)
    else:
        yield from _named(session, "setting", current)


def _unset(command: Command, given: list[str]) -> dict[str, str]:
    """Options as they begin where they are written name=value."""
    names = {word.partition("=")[0] for word in given}
    return {f"{option.name}=": option.help for option in command.options if option.type is not bool and option.name not in names}


def _value_of(session: Session, command: Command, current: str) -> Iterator[Candidate]:
    name, _, typed = current.partition("=")
    for option in command.options:
        if option.name == name:
            yield from _named(session, option.complete, typed)


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


def _of(session: Session, source: str, text: str, before: Standing) -> Iterator[Candidate]:
    """Candidates for the end of a raw text."""
    vocabulary = session.vocabulary
    if source in _QUERIES:
        quoted = source == "search text" and text[:1] in ("'", '"')
        query = _QUERIES[source] + masked(mustache.masked(text[1:] if quoted else text))
        for found in expect(query, vocabulary, matches, before):
            yield Candidate(found.text, found.start - len(query), found.text, found.description)
        return
    if source == "line":
        yield from _complete(session, text[1:] if text.startswith(("'", '"')) else text)
        return
    typed = _last_word(text)
    if source in ("property", "column"):
        made = [(PAGE, "its page in the cloud's console")] if source == "column" and not before.within else []
        for path, description in islice(chain(offered(before, typed, vocabulary, matches), fitting(typed, made)), MOST):
            yield Candidate(path, -len(typed), path, description)
    elif source == "aws":
        yield from _from(*vocabulary.aws.expected(text))
    elif source == "sql":
        yield from _from(*sql.expected(text, vocabulary))
    else:
        yield from _named(session, source, typed)


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0] if found else ""


def _named(session: Session, source: str, typed: str) -> Iterator[Candidate]:
    if source == "file":
        yield from _from(session.vocabulary.files(typed) if session.local else session.vocabulary.words("export"), typed)
    elif source == "id":
        yield from _ids(session, typed)
    elif source:
        yield from _from(session.vocabulary.words(source), typed)


def _ids(session: Session, typed: str) -> Iterator[Candidate]:
    """Those of the last result, then what begins so in the graph."""
    shown = dict.fromkeys((id for id in session.remembered.ids if id), "of the last result")
    yield from _from(shown, typed)
    known = {str(value): told for value, told in session.vocabulary.values(("resource",), "id", typed) if str(value) not in shown}
    yield from _from(known if typed else {}, typed)


def _from(found: Mapping[str, str], typed: str) -> Iterator[Candidate]:
    for name in matches(typed, sorted(found)):
        yield Candidate(name, -len(typed), name, found[name])
