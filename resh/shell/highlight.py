"""Colours for lines of resh: a Pygments lexer, used by the prompt and by documentation (```resh).

It cuts lines as the evaluator does and reads searches with the parser's own tokens, so that what looks right is right: a command that
does not exist, a quote that is not closed and the place where a search stops making sense are marked as errors.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any, ClassVar

from pygments.lexer import Lexer
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace, _TokenType

from resh.commands.arguments import raw_start
from resh.commands.line import FOREIGN, cuts, without_comments
from resh.commands.redirect import arrow
from resh.commands.table import NAMES, load
from resh.placeholders import masked
from resh.search import mustache
from resh.search.tokens import may_go_on, tokens

Span = tuple[int, int, _TokenType]
"""Start, end, what it is; spans do not overlap and come in order."""

_WATCH = re.compile(r"\s*(?P<name>watch)\s+(?:--times(?:=|\s+)\d+\s+)?(?P<seconds>[\d.]+[a-zA-Z]*)(?=\s)")
_SEARCHES = frozenset(("search", "query", "match"))
_ASSIGNMENTS = re.compile(r"\s*((?:[A-Za-z_][\w.-]*=(?:\"[^\"]*\"|'[^']*'|[^\s\"'|;]*)\s+)*)")
_WORD = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|(?<!\w)'(?:\\.|[^'\\])*')|(?P<open>"|(?<!\w)')|(?P<option>(?<!\S)--?[A-Za-z][\w-]*)"""
    r"""|(?P<placeholder>@[A-Za-z_]+@)|(?P<field>\{[^{}]*\})|(?P<number>(?<![\w.:-])\d+(?:\.\d+)?(?![\w.:-]))|(?P<mark>[,()\[\]{}])"""
)
_WORDS: dict[str, _TokenType] = {
    "string": String,
    "open": Error,
    "option": Name.Decorator,
    "placeholder": Name.Constant,
    "field": String.Interpol,
    "number": Number,
    "mark": Punctuation,
}
_CATEGORIES: dict[str, _TokenType] = {
    "kind": Name.Class,
    "property": Name.Attribute,
    "column": Name.Attribute,
    "name": Name.Variable,
    "string": String,
    "number": Number,
    "constant": Keyword.Constant,
    "template": String.Interpol,
    "operator": Operator,
    "function": Name.Function,
    "keyword": Keyword,
    "navigation": Operator,
    "punctuation": Punctuation,
    "error": Error,
}
_DURATION = re.compile(r"-?\d+(?:\.\d+)?[A-Za-z]+")


class ReshLexer(Lexer):  # type: ignore[misc]  # pygments has no types
    name = "resh"
    aliases: ClassVar[list[str]] = ["resh"]
    filenames: ClassVar[list[str]] = ["*.resh"]
    url = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"stripnl": False, "ensurenl": False, **options})

    def known(self) -> Container[str]:
        """Names of commands. A front end that knows of more says so."""
        return NAMES

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        position = 0
        for start, end, token in spans(text, self.known()):
            if start > position:
                yield from _between(text, position, start)
            if end > start:
                yield start, token, text[start:end]
            position = max(position, end)
        if position < len(text):
            yield from _between(text, position, len(text))


def spans(text: str, known: Container[str] = NAMES) -> Iterator[Span]:
    """Everything of the text that is more than plain words."""
    clean = without_comments(text)
    comments = [(found.start(), found.end(), Comment.Single) for found in re.finditer(r"^[ \t]*#.*$", text, re.MULTILINE)]
    found = [span for cut in cuts(clean, strict=False) for span in _cut(clean, cut.start, cut.end, cut.separator, known)]
    return iter(sorted([*comments, *found], key=lambda span: span[0]))


def _cut(text: str, start: int, end: int, separator: str, known: Container[str]) -> Iterator[Span]:
    assigned = _ASSIGNMENTS.match(text, start, end)
    at = start
    if assigned and assigned[1]:
        at = assigned.end()
        for pair in re.finditer(r"([\w.-]+)(=)(\S*)", text[assigned.start(1) : at]):
            offset = assigned.start(1)
            yield offset + pair.start(1), offset + pair.end(1), Name.Variable
            yield offset + pair.start(2), offset + pair.end(2), Operator
            yield offset + pair.start(3), offset + pair.end(3), String
    if watch := _WATCH.match(text, at, end):
        yield watch.start("name"), watch.end("name"), Keyword
        yield watch.start("seconds"), watch.end("seconds"), Number
        at = watch.end()
    command = re.compile(r"\S+").search(text, at, end)
    if command and command[0].startswith(FOREIGN):
        yield command.start(), command.start() + 1, Keyword
        yield command.start() + 1, end, String.Backtick
    elif command:
        name = command[0]
        yield command.start(), command.end(), Keyword if name in known else Error if command.end() < end else Text
        read = _search if name in _SEARCHES else _sql if name == "sql" else _plain
        last = arrow(name, text[command.end() : end])
        behind = command.end() + last.start() if last else end
        yield from read(text, command.end(), behind)
        if last:
            yield behind, behind + len(last[1]), Operator
            yield command.end() + last.start(2), command.end() + last.end(2), String
    if separator and separator != "\n":
        yield end, end + 1, Punctuation


def _plain(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _WORD.finditer(text, start, end):
        yield found.start(), found.end(), _WORDS[str(found.lastgroup)]


def _search(text: str, start: int, end: int) -> Iterator[Span]:
    """Options, then tokens of the grammar. A last word that does not fit may become one that does: it has no colour yet."""
    body = start + raw_start(load(NAMES["search"]), text[start:end])
    yield from _plain(text, start, body)
    for begin, stop, category in tokens(mustache.masked(masked(text[body:end]))):
        begin, stop = body + begin, body + stop
        if category != "error":
            yield begin, stop, _meaning(category, text[begin:stop])
        elif not may_go_on(text[:end], begin):
            yield begin, stop, Error


def _sql(text: str, start: int, end: int) -> Iterator[Span]:
    """As Pygments reads it; quotes around the whole are not part of it."""
    from pygments.lexers.sql import SqlLexer

    body = text[start:end]
    inside = len(body) - len(body.lstrip()) + (body.lstrip()[:1] in ("'", '"'))
    for at, token, value in SqlLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(body[inside:]):
        if token is not Error and not value.isspace():
            yield start + inside + at, start + inside + at + len(value), token


def _meaning(category: str, text: str) -> _TokenType:
    if category == "operator" and text.isalpha():
        return Operator.Word
    if text.startswith("{{"):
        return String.Interpol
    if text.startswith("@"):
        return Name.Constant
    return Number if category == "string" and _DURATION.fullmatch(text) else _CATEGORIES[category]


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, _TokenType, str]]:
    for found in re.compile(r"\s+|\S+").finditer(text, start, end):
        yield found.start(), Whitespace if found[0].isspace() else Text, found[0]
